"""Another future: a season that is the same up to a matchday, and sources that know of no other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from matchday.errors import SourceError
from matchday.season import Season, season_year
from matchday.source import Source
from matchday.testing.scrambling import scrambled

#: How far a price that is still to come moves, as the standard deviation of log(odds - 1).
MOVE = 0.25


def another_future(season: Season, after: int, *, prices: str) -> Season:
    """Answer a season of which nothing else changes than what nobody can know as matchday ``after`` is decided.

    That is what ``scrambled`` changes, with no match of the day ending as it did; and, where ``prices`` names a policy
    of opening prices, the day's closing ones.
    """
    other = scrambled(season, after, seed=after)
    today = (season.matches["date"] == season.played["date"].unique()[after - 1]).to_numpy()
    matches = _other_outcomes(other.matches, season.matches, today)
    moved = other.quotes
    if season.policy(prices).moment == "opening":
        moved = _moved(other.quotes, today, other.closing, np.random.default_rng(after))
    return dataclasses.replace(other, matches=matches, quotes=moved)


def _other_outcomes(matches: pd.DataFrame, honest: pd.DataFrame, today: np.typing.NDArray[np.bool_]) -> pd.DataFrame:
    """Turn a win of the day that is still one into a loss, a draw into a win; and move statistics that are the same."""
    matches = matches.copy()
    for name in set(matches.select_dtypes("number").columns) - {"home_goals", "away_goals"}:
        matches[name] += 1.0 * (today & (matches[name] == honest[name]).to_numpy())
    home, away = (matches[name].to_numpy() for name in ("home_goals", "away_goals"))
    before = np.sign(honest["home_goals"].to_numpy() - honest["away_goals"].to_numpy())
    same = today & (np.sign(home - away) == before)
    other = {"home_goals": np.where(same, away + (home == away), home), "away_goals": np.where(same, home, away)}
    return matches.assign(**other)


def _moved(
    quotes: pd.DataFrame, today: np.typing.NDArray[np.bool_], closing: frozenset[str], rng: np.random.Generator
) -> pd.DataFrame:
    """Move the closing prices of the day."""
    columns = np.flatnonzero(quotes.columns.get_level_values(0).isin(closing))
    rows, other = np.flatnonzero(today), quotes.copy()
    odds = quotes.iloc[rows, columns].to_numpy()
    other.iloc[rows, columns] = 1.0 + (odds - 1.0) * np.exp(rng.normal(0.0, MOVE, odds.shape))
    return other


def hide_behind(source: Source, other: Season, *, after: int) -> None:
    """Let every source class of this process answer what it would if ``other`` were what happened, for good.

    ``source`` itself answers ``other``, without ever loading what it stands for. Other sources, as a component might
    make or import one for itself, have their seasons changed from the same date on, and know of no later season.
    """
    date = other.played["date"].unique()[after - 1]

    def hide(kind: type[Source], **_: Any) -> None:
        if "season" in vars(kind):
            kind.season = _instead(kind.season, source, other, date)  # type: ignore[method-assign]

    for kind in {type(source), *_loaded(Source)}:  # type: ignore[type-abstract]
        hide(kind)
    Source.__pydantic_init_subclass__ = classmethod(hide)  # type: ignore[arg-type, assignment]


def _loaded(kind: type[Source]) -> Iterator[type[Source]]:
    """Find the source classes that have been imported."""
    for each in kind.__subclasses__():
        yield each
        yield from _loaded(each)


def _instead(load: Callable[..., Season], hidden: Source, other: Season, date: pd.Timestamp) -> Callable[..., Season]:
    """Make the method that stands for a source's ``season``."""

    def season(self: Source, name: str, *, partial: bool = False) -> Season:
        if name == other.name and self == hidden:
            return other
        if season_year(name) > season_year(other.name):
            raise SourceError(
                f"Season {name!r} has not begun on {date:%Y-%m-%d}; rule: no later one than {other.name}."
            )
        return _changed_from(load(self, name, partial=partial), date)

    return season


def _changed_from(season: Season, date: pd.Timestamp) -> Season:
    days: Any = season.played["date"].unique()
    late = int((days < date).sum())
    if late == len(days):
        return season
    other, today = scrambled(season, late + 1), (season.matches["date"] == days[late]).to_numpy()
    return dataclasses.replace(other, matches=_other_outcomes(other.matches, season.matches, today))
