"""The results of a history as arrays of numbers, extended day by day instead of built anew."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchday_plugins.models.goals.dependence import INDEPENDENT, Dependence, Ints
from matchday_plugins.models.goals.likelihood import GoalTable

#: A match of less weight than this counts for nothing; it would only forbid scores that the solver has to pass by.
NEGLIGIBLE = 1e-6


class Results:
    """Who scored how often against whom and when, in order of play.

    ``codes`` numbers the clubs in the order they appear; ``home``, ``away`` hold those numbers, ``days`` dates as days
    since 1970. ``seasons`` names the seasons in order, and ``season`` numbers each match's.
    """

    def __init__(self) -> None:
        self._last = ""
        self._clear()

    def __len__(self) -> int:
        return len(self.days)

    def follow(self, matches: pd.DataFrame) -> bool:
        """Take in the rows of ``History.matches`` that are new; where it is no continuation, begin again: False."""
        seen = len(self)
        continued = seen <= len(matches) and (seen == 0 or matches.index[seen - 1] == self._last)
        if not continued:
            self._clear()
            seen = 0
        if seen < len(matches):
            self._extend(matches.iloc[seen:])
            self._last = str(matches.index[-1])
        return continued

    def _clear(self) -> None:
        self.codes: dict[str, int] = {}
        self.seasons: dict[str, int] = {}
        self.days, self.season, self.home, self.away, self.home_goals, self.away_goals = (
            np.empty(0, dtype=np.int64) for _ in range(6)
        )
        self._last = ""

    def _extend(self, fresh: pd.DataFrame) -> None:
        days = fresh["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
        self.days = np.concatenate([self.days, days])
        self.season = np.concatenate([self.season, _numbers(self.seasons, fresh["season"])])
        self.home = np.concatenate([self.home, self.number(fresh["home"])])
        self.away = np.concatenate([self.away, self.number(fresh["away"])])
        self.home_goals = np.concatenate([self.home_goals, fresh["home_goals"].to_numpy().astype(np.int64)])
        self.away_goals = np.concatenate([self.away_goals, fresh["away_goals"].to_numpy().astype(np.int64)])

    def number(self, clubs: pd.Series[str]) -> Ints:
        """Answer the clubs' numbers, giving new ones to those never seen."""
        return _numbers(self.codes, clubs)

    def _first(self, today: int, window_days: int | None) -> int:
        return 0 if window_days is None else int(np.searchsorted(self.days, today - window_days))

    def table(
        self,
        today: int,
        *,
        half_life_days: float | None,
        window_days: int | None,
        dependence: Dependence = INDEPENDENT,
    ) -> tuple[GoalTable, Ints]:
        """Add up the matches of the window, weighted 2^(−age / half-life); and answer which clubs are in it."""
        first = self._first(today, window_days)
        home, away, age = self.home[first:], self.away[first:], today - self.days[first:]
        weight = np.ones(len(age)) if half_life_days is None else np.exp2(-age / half_life_days)
        weight[weight < NEGLIGIBLE] = 0.0
        present = np.flatnonzero(np.bincount(np.concatenate([home, away]), minlength=len(self.codes)))
        place = np.zeros(len(self.codes), dtype=np.int64)
        place[present] = np.arange(len(present))
        goals = self.home_goals[first:], self.away_goals[first:]
        clubs = place[home], place[away]
        return GoalTable.of(*clubs, *goals, weight=weight, clubs=len(present), dependence=dependence), present


def _numbers(codes: dict[str, int], names: pd.Series[str]) -> Ints:
    return np.array([codes.setdefault(name, len(codes)) for name in names.tolist()], dtype=np.int64)
