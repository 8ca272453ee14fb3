"""Walk a table of ratings through a history: day by day, summer by summer, remembering gaps and results.

Each summer the clubs that were not there enter at what ``newcomers`` expects of them, from seasons before alone. Log
goals become rating units by a scale that is learned as the walk goes on, from how far ratings R at the end of each
season lay from their average, for a strength s over that season:

    scale = (r·scale₀ + Σ (s − s̄)(R − R̄)) / (r + Σ (s − s̄)²)          r = half a season's spread of strengths
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import pandas as pd

from matchday import History
from matchday.events import SeasonOpened
from matchday_plugins.models.newcomers import NewcomerPrior, Newcomers, season_strengths
from matchday_plugins.models.ratings.link import AWAY, DRAW, HOME
from matchday_plugins.models.ratings.table import Played, RatingTable

#: r: what the default scale is worth beside the strengths of a season, in log goals squared.
DEFAULT_SPREAD = 1.0


class RatingWalk:
    """A table, taken through a history once and then on from there.

    ``gaps``, ``won`` (0 home, 1 draw, 2 away) and ``days`` (since 1970) tell of every match so far, the gap being that
    of its morning. ``newcomers`` is what is expected of this season's; None in a first season, when all are alike.
    """

    def __init__(self, table: RatingTable, *, opened: SeasonOpened | None = None) -> None:
        self.table = table
        self.newcomers: NewcomerPrior | None = None
        self._opened = None if opened is None else (opened.name, frozenset(opened.clubs))
        self._season, self._last = "", ""
        self._scale = _Scale(table.scale)
        self.gaps, self.days = np.empty(0), np.empty(0, dtype=np.int64)
        self.won = np.empty(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.gaps)

    def continues_in(self, matches: pd.DataFrame) -> bool:
        """Whether the rows of ``History.matches`` begin with those of this walk."""
        seen = len(self)
        return seen <= len(matches) and (seen == 0 or matches.index[seen - 1] == self._last)

    def take(self, history: History) -> None:
        """Take in the matches that are new, of a history in which this walk continues."""
        matches = history.matches
        fresh = matches.iloc[len(self) :]
        if not len(fresh):
            return
        summers = None if fresh["season"].iloc[-1] == self._season else _Summers(history)
        for season, part in _by_season(fresh):
            if season != self._season and summers is not None:
                self._enter(season, {*part["home"], *part["away"]}, summers)
            self._play(part)
        self._last = str(matches.index[-1])

    def open(self, history: History) -> None:
        """Go through the summer before the season that opens."""
        self.take(history)
        if self._opened is not None and self._opened[0] != self._season:
            self._enter(self._opened[0], set(), _Summers(history))

    def welcome(self, clubs: Iterable[str]) -> None:
        """Admit those of the clubs that nobody knew would play: as newcomers, if there was a season before."""
        if self.newcomers is None:
            return
        for club in clubs:
            if club not in self.table.ratings:
                self.table.admit(club, self.newcomers.strength(club), sd=self.newcomers.sd)

    def _enter(self, season: str, clubs: set[str], summers: _Summers) -> None:
        """Let the season end and the next one begin, with all of its clubs."""
        before, self._season = self._season, season
        if self._opened is not None and self._opened[0] == season:
            clubs = clubs | self._opened[1]
        if not before:
            return
        self._scale.learn(self.table.ratings, summers.strengths[before]["strength"])
        self.table.scale = self._scale.value
        self.newcomers = prior = summers.newcomers.prior(season)
        staying = clubs & self.table.ratings.keys()
        self.table.summer(staying)
        arriving = {club: prior.strength(club) for club in sorted(clubs - staying)}
        settled = -sum(arriving.values()) / max(len(staying), 1)  # strengths add up to 0 over all clubs
        for club, strength in arriving.items():
            self.table.admit(club, strength - settled, sd=prior.sd)

    def _play(self, part: pd.DataFrame) -> None:
        """Rate a season's matches, date by date."""
        days = part["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
        goals = [part[f"{side}_goals"].to_numpy().astype(np.int64) for side in ("home", "away")]
        columns = part["home"].tolist(), part["away"].tolist(), goals[0].tolist(), goals[1].tolist()
        played = map(Played, *columns)
        gaps: list[float] = []
        for day, dated in groupby(zip(days.tolist(), played, strict=True), key=lambda pair: pair[0]):
            today = [match for _, match in dated]
            self.welcome(club for match in today for club in (match.home, match.away))
            self.table.move_to(day)
            gaps += [self.table.gap(match.home, match.away) for match in today]
            self.table.update(today)
        won = np.select([goals[0] > goals[1], goals[0] == goals[1]], [HOME, DRAW], AWAY)
        self.gaps = np.concatenate([self.gaps, gaps])
        self.days = np.concatenate([self.days, days])
        self.won = np.concatenate([self.won, won])


class _Summers:
    """What a history tells of the ends of its seasons and of who comes up; made only when a summer comes."""

    def __init__(self, history: History) -> None:
        self.newcomers = Newcomers.of(history)
        self.strengths = season_strengths(history.matches)


@dataclass(slots=True)
class _Scale:
    """The regression of ratings on strengths, through their averages."""

    default: float
    product: float = 0.0
    square: float = 0.0

    def learn(self, ratings: Mapping[str, float], strength: pd.Series[float]) -> None:
        y = np.array([ratings[club] for club in strength.index])
        x = strength.to_numpy() - strength.mean()
        self.product += float(x @ (y - y.mean()))
        self.square += float(x @ x)

    @property
    def value(self) -> float:
        return (DEFAULT_SPREAD * self.default + self.product) / (DEFAULT_SPREAD + self.square)


def _by_season(matches: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Cut matches into runs of one season."""
    names = matches["season"].to_numpy()
    cuts = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1).tolist(), len(names)]
    for start, end in pairwise(cuts):
        yield str(names[start]), matches.iloc[start:end]
