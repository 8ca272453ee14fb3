"""Seasons whose future is another one, to see whether anybody had looked at it."""

import dataclasses

import numpy as np
import pandas as pd

from matchday import Season
from matchday.history import RESULT_COLUMNS

CALENDAR = set(RESULT_COLUMNS) - {"home_goals", "away_goals"}


def scrambled(season: Season, after: int, *, seed: int = 1) -> Season:
    """The season with other results from matchday ``after`` on, and other prices from the day after it on.

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


def _scramble_results(matches: pd.DataFrame, late: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    other = _shuffle(matches, late, [name for name in matches.columns if name not in CALENDAR], rng)
    for name in ("home_goals", "away_goals"):
        other[name] = np.where(late, rng.poisson(1.4, len(other)), other[name])
    return other


def _scramble_players(players: pd.DataFrame, date: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    if players.empty:
        return players
    return _shuffle(players, (players["date"] >= date).to_numpy(), [c for c in players.columns if c != "date"], rng)


def _shuffle(frame: pd.DataFrame, late: np.ndarray, columns: list, rng: np.random.Generator) -> pd.DataFrame:
    """Give the late rows each other's values, all columns together."""
    rows = np.flatnonzero(late)
    order = np.arange(len(frame))
    order[rows] = rng.permutation(rows)
    other = frame.copy()
    other[columns] = (
        frame[columns].iloc[order].to_numpy() if len(columns) == 1 else frame[columns].iloc[order].set_axis(frame.index)
    )
    return other
