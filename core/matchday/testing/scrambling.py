"""Seasons whose future is another one, to see whether anybody had looked at it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.history import RESULT_COLUMNS
from matchday.season import Season

_CALENDAR = set(RESULT_COLUMNS) - {"home_goals", "away_goals"}


def scrambled(season: Season, after: int, *, seed: int = 1) -> Season:
    """Answer the season with other results from matchday ``after`` on, and other prices from the day after it on.

    Results, statistics and player rows of the matchday itself change too; its prices stay, for they are known.
    """
    rng = np.random.default_rng(seed)
    date = season.played["date"].unique()[after - 1]
    dates = season.matches["date"]
    return dataclasses.replace(
        season,
        matches=_scramble_results(season.matches, (dates >= date).to_numpy(), rng),
        quotes=_shuffle(season.quotes, (dates > date).to_numpy(), list(season.quotes.columns), rng),
        players=_scramble_players(season.players, date, rng),
        truth=None,
    )


def _scramble_results(matches: pd.DataFrame, late: npt.NDArray[np.bool_], rng: np.random.Generator) -> pd.DataFrame:
    other = _shuffle(matches, late, [name for name in matches.columns if name not in _CALENDAR], rng)
    for name in ("home_goals", "away_goals"):
        other[name] = np.where(late, rng.poisson(1.4, len(other)), other[name])
    return other


def _scramble_players(players: pd.DataFrame, date: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    if players.empty:
        return players
    return _shuffle(players, (players["date"] >= date).to_numpy(), [c for c in players.columns if c != "date"], rng)


def _shuffle(
    frame: pd.DataFrame, late: npt.NDArray[np.bool_], columns: list[Any], rng: np.random.Generator
) -> pd.DataFrame:
    """Give each late row the values of one of them, all columns together; their sums change too.

    A lone late row takes the values of an earlier one.
    """
    rows, order = np.flatnonzero(late), np.arange(len(frame))
    pool = rows if len(rows) > 1 else order[~late]
    order[rows] = rng.choice(pool, len(rows)) if len(rows) and len(pool) else rows
    other = frame.copy()
    other[columns] = (
        frame[columns].iloc[order].to_numpy() if len(columns) == 1 else frame[columns].iloc[order].set_axis(frame.index)
    )
    return other
