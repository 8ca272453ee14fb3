"""Build features day by day: each date's rows from the state before it, then the state from its results."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchday import History, Matchday, MatchdayError
from matchday.markets import Array
from matchday_plugins.features.group import FeatureGroup, Fixtures, Ints, Opening
from matchday_plugins.features.groups import GROUPS, features_of, known_groups
from matchday_plugins.features.perclub import PerClub
from matchday_plugins.features.tables import Played, PlayerLog, days_of, number_sides, priced
from matchday_plugins.models.newcomers import NewcomerPrior, Newcomers


@dataclass(frozen=True, slots=True, eq=False)
class FeatureRows:
    """Matches that were played: ``values`` (n, d), ``goals`` (n, 2), home and away, and ``days`` since 1970 (n,)."""

    values: Array
    goals: Array
    days: Ints


class FeatureBuilder:
    """Answer features of every match of a history, and of a day's matches, from what was known before each.

    ``groups`` names what is computed, in the order of the columns (``features.groups``). A history is followed day by
    day: a date's rows are computed before its results are taken in, so that no row can depend on its own date or a
    later one; market features read the prices of their own match, which are known when it is bet on. Who takes part in
    a season is known before it begins: ``announce`` says so of the one ahead, those of the past tell it themselves.

    >>> FeatureBuilder(["rest"]).columns
    ['home_rest_days', 'away_rest_days', 'home_congestion', 'away_congestion', 'rest_gap']
    """

    _groups: list[FeatureGroup]
    _codes: dict[str, int]
    _season: str
    _members: set[str]
    _prior: NewcomerPrior
    _newcomers: Newcomers | None
    _promoted: PerClub
    _log: PlayerLog
    _seen: int
    _last: str
    _values: list[Array]
    _goals: list[Array]
    _days: list[Ints]

    def __init__(self, groups: Iterable[str]) -> None:
        self._names = known_groups(groups)
        self.columns = [feature.name for feature in features_of(self._names)]
        self._announced: dict[str, frozenset[str]] = {}
        self._ahead = ""
        self._clear()

    def __len__(self) -> int:
        """How many matches it has taken in."""
        return self._seen

    def announce(self, season: str, clubs: Collection[str]) -> None:
        """Say which season is ahead, and who takes part in it."""
        self._announced[season], self._ahead = frozenset(clubs), season

    @property
    def newcomers(self) -> NewcomerPrior:
        """What was expected of those that came up when the current season began."""
        return self._prior

    @property
    def played(self) -> FeatureRows:
        """The rows of all matches taken in, in order of play."""
        if len(self._values) > 1:
            for parts in (self._values, self._goals, self._days):
                parts[:] = [np.concatenate(parts)]
        if not self._values:
            return FeatureRows(np.empty((0, len(self.columns))), np.empty((0, 2)), np.empty(0, dtype=np.int64))
        return FeatureRows(self._values[0], self._goals[0], self._days[0])

    def follow(self, history: History) -> bool:
        """Take in what is new in a history; where it does not continue the last one, begin again: False."""
        matches, seen = history.matches, self._seen
        continued = seen <= len(matches) and (seen == 0 or str(matches.index[seen - 1]) == self._last)
        if not continued:
            self._clear()
            seen = 0
        if any(group.wants_players for group in self._groups):
            self._log.extend(history.players, self._number)
        if seen < len(matches):
            fresh, self._newcomers = matches.iloc[seen:], None
            self._play(Played.of(fresh, history.odds.iloc[seen:], self._number), history)
            self._seen, self._last = len(matches), str(matches.index[-1])
        return continued

    def rows(self, day: Matchday) -> pd.DataFrame:
        """Answer the features of a day's matches, index ``match_id``, after following its history.

        Raises ``MatchdayError`` where no season was announced: a history does not tell that another one has begun.
        """
        if not self._ahead:
            raise MatchdayError(
                f"Features of {day.date}: no season is announced; call announce(season.name, season.clubs) as it opens."
            )
        self.follow(day.history)
        fixtures, today = day.slate.fixtures, int(days_of(np.array([day.date], dtype="datetime64[D]"))[0])
        home, away = fixtures["home"].tolist(), fixtures["away"].tolist()
        self._reach(self._ahead, today, frozenset(), day.history)
        clubs = number_sides(home, away, self._number)
        told = Fixtures(today, clubs, home, away, self._promoted[clubs][..., 0], priced(day.slate.odds))
        return pd.DataFrame(self._before(told), index=day.slate.index, columns=self.columns)

    def _clear(self) -> None:
        self._groups, self._codes = [GROUPS[name]() for name in self._names], {}
        self._season, self._members = "", set()
        self._prior, self._newcomers, self._promoted = NewcomerPrior(), None, PerClub(np.nan)
        self._log, self._seen, self._last = PlayerLog(), 0, ""
        self._values, self._goals, self._days = [], [], []

    def _number(self, clubs: list[str]) -> Ints:
        return np.array([self._codes.setdefault(club, len(self._codes)) for club in clubs], dtype=np.int64)

    def _play(self, played: Played, history: History) -> None:
        """Go through matches date by date."""
        members = _members(played)
        for rows in played.dates():
            season, day = played.seasons[rows.start], int(played.days[rows.start])
            self._reach(season, day, members[season], history)
            fixtures = played.fixtures(rows, self._promoted[played.clubs[rows]][..., 0])
            outcome = played.result(rows)
            self._values.append(self._before(fixtures))
            for group in self._groups:
                group.after(fixtures, outcome)
            self._members.update(fixtures.home, fixtures.away)
        self._goals.append(played.outcome.goals)
        self._days.append(played.days)

    def _before(self, fixtures: Fixtures) -> Array:
        return np.concatenate([group.before(fixtures) for group in self._groups], axis=1)

    def _reach(self, season: str, day: int, clubs: frozenset[str], history: History) -> None:
        """Tell the groups what comes before a day: that a season begins, and what players did."""
        if season != self._season:
            self._begin(season, day, self._announced.get(season, clubs), history)
        for rows in self._log.before(day):
            for group in self._groups:
                group.see(rows)

    def _begin(self, season: str, day: int, clubs: frozenset[str], history: History) -> None:
        settled, first = frozenset(self._members), not self._members
        self._season, self._members = season, set()
        self._promoted = PerClub(np.nan if first else 1.0)
        if first:
            opening = Opening(season, day, frozenset(), {}, np.empty(0, dtype=np.int64))
        else:
            self._newcomers = self._newcomers or Newcomers.of(history)
            self._prior = self._newcomers.prior(season)
            staying, arriving = settled & clubs, sorted(clubs - settled)
            self._promoted[self._number(sorted(settled))] = np.zeros((len(settled), 1))
            strengths = self._prior.beside_those_who_stay(arriving, len(staying))
            opening = Opening(season, day, staying, strengths, self._number(arriving))
        for group in self._groups:
            group.begin(opening)


def _members(played: Played) -> dict[str, frozenset[str]]:
    """Name the clubs of each season."""
    members: dict[str, set[str]] = {}
    for season, home, away in zip(played.seasons, played.home, played.away, strict=True):
        members.setdefault(season, set()).update((home, away))
    return {season: frozenset(clubs) for season, clubs in members.items()}
