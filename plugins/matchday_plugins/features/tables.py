"""Frames of a history as arrays: matches date by date, and what players did on earlier dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.markets import SELECTIONS, Array
from matchday_plugins.features.group import Fixtures, Ints, Outcome, PlayerRows

#: Answers the numbers of clubs, and gives new ones to those never seen.
Numbering = Callable[[list[str]], Ints]

#: What players are known by; a source may have less.
PLAYER_COUNTS = ("minutes", "starts", "goals", "assists", "expected_goals", "expected_assists", "red_cards")


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """Matches that are over, in order of play: who played whom, for what price, and what became of it."""

    seasons: list[str]
    days: Ints
    home: list[str]
    away: list[str]
    clubs: Ints
    odds: Array
    outcome: Outcome

    @classmethod
    def of(cls, matches: pd.DataFrame, odds: pd.DataFrame, number: Numbering) -> Played:
        """Read ``History.matches`` and ``History.odds``; a statistic that has no column is not known."""
        home, away = matches["home"].tolist(), matches["away"].tolist()
        return cls(
            seasons=matches["season"].tolist(),
            days=days_of(matches["date"].to_numpy()),
            home=home,
            away=away,
            clubs=number_sides(home, away, number),
            odds=priced(odds),
            outcome=Outcome(*(_pair(matches, name) for name in ("goals", "shots", "shots_on_target"))),
        )

    def dates(self) -> Iterator[slice]:
        """Answer the rows of each date."""
        starts = np.flatnonzero(np.diff(self.days, prepend=-1)).tolist()
        for first, end in zip(starts, [*starts[1:], len(self.days)], strict=True):
            yield slice(first, end)

    def fixtures(self, rows: slice, promoted: Array) -> Fixtures:
        """Answer the matches of a date as they were known before it."""
        day = int(self.days[rows.start])
        return Fixtures(day, self.clubs[rows], self.home[rows], self.away[rows], promoted, self.odds[rows])

    def result(self, rows: slice) -> Outcome:
        """Answer what became of them."""
        outcome = self.outcome
        return Outcome(outcome.goals[rows], outcome.shots[rows], outcome.on_target[rows])


class PlayerLog:
    """What players did, handed out once, date by date."""

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: list[PlayerRows] = []

    def extend(self, players: pd.DataFrame, number: Numbering) -> None:
        """Take in the rows of ``History.players`` that are new."""
        fresh = players.iloc[self._taken :]
        self._taken = len(players)
        if not len(fresh):
            return
        days, club = days_of(fresh["date"].to_numpy()), number(fresh["team"].tolist())
        names, counts = fresh["player"].tolist(), fresh.reindex(columns=list(PLAYER_COUNTS)).to_numpy(dtype=np.float64)
        by_name = dict(zip(PLAYER_COUNTS, counts.T, strict=True))
        involvement = _involvement(by_name)
        starts = np.flatnonzero(np.diff(days, prepend=-1)).tolist()
        for first, end in zip(starts, [*starts[1:], len(days)], strict=True):
            rows = slice(first, end)
            told = (by_name["minutes"][rows], by_name["starts"][rows], involvement[rows], by_name["red_cards"][rows])
            self._waiting.append(PlayerRows(int(days[first]), names[rows], club[rows], *told))

    def before(self, day: int) -> Iterator[PlayerRows]:
        """Hand out the rows of dates before a day."""
        while self._waiting and self._waiting[0].day < day:
            yield self._waiting.pop(0)


def days_of(moments: npt.NDArray[np.datetime64]) -> Ints:
    """Answer dates as days since 1970."""
    return moments.astype("datetime64[D]").astype(np.int64)


def number_sides(home: list[str], away: list[str], number: Numbering) -> Ints:
    """Answer the clubs' numbers (n, 2)."""
    return np.stack([number(home), number(away)], axis=1)


def priced(odds: pd.DataFrame) -> Array:
    """Answer decimal odds (n, selections), NaN where there is no such column."""
    return odds.reindex(columns=list(SELECTIONS)).to_numpy(dtype=np.float64)


def _pair(matches: pd.DataFrame, name: str) -> Array:
    columns = [f"home_{name}", f"away_{name}"]
    return matches.reindex(columns=columns).to_numpy(dtype=np.float64)


def _involvement(counts: dict[str, Array]) -> Array:
    """Answer expected goals and assists; goals and assists where those are not known."""
    expected = counts["expected_goals"] + np.nan_to_num(counts["expected_assists"])
    scored = counts["goals"] + np.nan_to_num(counts["assists"])
    return np.where(np.isnan(expected), scored, expected)
