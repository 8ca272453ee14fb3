"""Walk a table of ratings through a history: day by day, summer by summer, remembering gaps and results.

Each summer the clubs that were not there enter at what ``newcomers`` expects of them, from seasons before alone. Log
goals become rating units by a scale that is learned as the walk goes on, from how far ratings R at the end of each
season lay from their average, for a strength s over that season:

    scale = (r·scale₀ + Σ (s − s̄)(R − R̄)) / (r + Σ (s − s̄)²)          r = half a season's spread of strengths
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from matchday import History
from matchday_plugins.models.newcomers import NewcomerPrior, Newcomers
from matchday_plugins.models.ratings.link import AWAY, DRAW, HOME
from matchday_plugins.models.ratings.table import Played, RatingTable

#: r: what the default scale is worth beside the strengths of a season, in log goals squared.
DEFAULT_SPREAD = 1.0


class RatingWalk:
    """A table, taken through a history once and then on from there.

    ``gaps``, ``won`` (0 home, 1 draw, 2 away) and ``days`` (since 1970) tell of every match so far, the gap being that
    of its morning; this season's are those from ``opening`` on. ``newcomers`` is what is expected of this season's;
    None in a first season, when all are alike. ``season`` and its ``clubs`` are known before any match of it; without
    them a season begins with its first matches.
    """

    def __init__(self, table: RatingTable, *, season: str = "", clubs: Collection[str] = ()) -> None:
        self.table = table
        self.newcomers: NewcomerPrior | None = None
        self._opened, self._clubs = season, frozenset(clubs)
        self.opening, self._expected = 0, dict[str, float]()
        self._season, self._last = "", ""
        self._scale = _Scale(table.scale)
        self.gaps, self.days = np.empty(0), np.empty(0, dtype=np.int64)
        self.won = np.empty(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.gaps)

    def open(self, history: History) -> None:
        """Go through the history, and through the summer before the season that opens."""
        summers = _Summers(history)
        self._take(history.matches, summers)
        if self._opened not in ("", self._season):
            self._enter(self._opened, set(), summers)

    def follow(self, history: History) -> bool:
        """Take in the matches that are new; False where the history is no continuation, and nothing is taken in."""
        matches, seen = history.matches, len(self)
        continued = seen <= len(matches) and (seen == 0 or matches.index[seen - 1] == self._last)
        if continued and seen < len(matches):
            self._take(matches, _Summers(history))
        return continued

    def _take(self, matches: pd.DataFrame, summers: _Summers) -> None:
        for season, dated in groupby(_dated(matches, len(self)), key=lambda match: match.season):
            part = list(dated)
            if season != self._season:
                self._enter(season, {club for match in part for club in match.played[:2]}, summers)
            self._play(part)
        self._last = str(matches.index[-1]) if len(matches) else ""

    def welcome(self, clubs: Iterable[str]) -> None:
        """Admit those of the clubs that nobody knew would play: as newcomers, if there was a season before."""
        if self.newcomers is None:
            return
        present = self.table.ratings
        for club in sorted(set(clubs) - present.keys()):
            expected = self._expected.get(club, self.newcomers.strength(club))
            self.table.admit(club, expected, sd=self.newcomers.sd)

    def _enter(self, season: str, clubs: set[str], summers: _Summers) -> None:
        """Let the season end and the next one begin, with all of its clubs."""
        before, self._season, self.opening = self._season, season, len(self)
        if season == self._opened:
            clubs = clubs | self._clubs
        if not before:
            return
        self._scale.learn(self.table.ratings, summers.newcomers.strengths[before]["strength"])
        self.table.scale = self._scale.value
        self.newcomers = prior = summers.newcomers.prior(season)
        staying = clubs & self.table.ratings.keys()
        self.table.summer(staying)
        self._expected = prior.beside_those_who_stay(sorted(clubs - staying), len(staying))
        self.welcome(self._expected)

    def _play(self, part: list[_Dated]) -> None:
        """Rate matches of a season, date by date."""
        self.welcome([club for match in part for club in match.played[:2]])
        gaps: list[float] = []
        for day, dated in groupby(part, key=lambda match: match.day):
            today = [match.played for match in dated]
            self.table.move_to(day)
            gaps += [self.table.gap(match.home, match.away) for match in today]
            self.table.update(today)
        self.gaps = np.concatenate([self.gaps, gaps])
        self.days = np.concatenate([self.days, [match.day for match in part]])
        self.won = np.concatenate([self.won, [_won(match.played) for match in part]])


class _Dated(NamedTuple):
    """A match with its season and its day, in days since 1970."""

    season: str
    day: int
    played: Played


def _dated(matches: pd.DataFrame, first: int) -> Iterator[_Dated]:
    """Read the matches from row ``first`` on."""
    days = matches["date"].to_numpy()[first:].astype("datetime64[D]").astype(np.int64).tolist()
    goals = [matches[f"{side}_goals"].to_numpy()[first:].astype(np.int64).tolist() for side in ("home", "away")]
    season, home, away = (matches[name].array[first:].tolist() for name in ("season", "home", "away"))
    return map(_Dated, season, days, map(Played, home, away, *goals))


def _won(match: Played) -> int:
    if match.home_goals == match.away_goals:
        return DRAW
    return HOME if match.home_goals > match.away_goals else AWAY


class _Summers:
    """What a history tells of newcomers and of the seasons before; worked out when a summer comes."""

    def __init__(self, history: History) -> None:
        self._history = history

    @cached_property
    def newcomers(self) -> Newcomers:
        return Newcomers.of(self._history)


@dataclass(slots=True)
class _Scale:
    """The regression of ratings on strengths, through their averages."""

    default: float
    product: float = 0.0
    square: float = 0.0

    def learn(self, ratings: Mapping[str, float], strength: pd.Series[float]) -> None:
        """Take in the clubs of a season that is over."""
        known = strength[[club in ratings for club in strength.index]]
        y = np.array([ratings[club] for club in known.index])
        x = known.to_numpy() - known.mean()
        self.product += float(x @ (y - y.mean()))
        self.square += float(x @ x)

    @property
    def value(self) -> float:
        return (DEFAULT_SPREAD * self.default + self.product) / (DEFAULT_SPREAD + self.square)
