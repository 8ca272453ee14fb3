"""Following the states of all clubs through a history, match by match and season by season."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import Ints
from matchday_plugins.models.goals.results import Results
from matchday_plugins.models.newcomers import NewcomerPrior
from matchday_plugins.models.states.abilities import (
    Belief,
    Motion,
    after_match,
    aged,
    club_belief,
    drifted,
    league_belief,
    together,
)


class Known(NamedTuple):
    """What was believed of a club after its last match: when that was, and in which season (a number)."""

    belief: Belief
    time: int
    season: int


class Filter:
    """What is known of every club and of the league, as matches are taken in.

    Time is days, and a summer is ``summer_days`` more of them than it has. A club that did not play in the season
    before stands at the strength that ``newcomers`` expects, with the spread of newcomers, until its first match,
    whatever was known of it; in the first season of all, every club stands at the average. ``season`` names the season
    that is forecast: of its newcomers the division below is known.
    """

    def __init__(self, motion: Motion, newcomers: NewcomerPrior, *, summer_days: int = 0, season: str = "") -> None:
        self.results = Results()
        self.newcomers = newcomers
        self._motion, self._summer_days, self._season = motion, summer_days, season
        self._begin()

    def _begin(self) -> None:
        self._clubs: dict[int, Known] = {}
        self._league, self._time = league_belief(), 0

    def follow(self, matches: pd.DataFrame) -> None:
        """Take in the matches that are new; of a history that is no continuation, all."""
        results, seen = self.results, len(self.results)
        if not results.follow(matches):
            self._begin()
            seen = 0
        columns = (results.days, results.season, results.home, results.away, results.home_goals, results.away_goals)
        for match in zip(*(column[seen:].tolist() for column in columns), strict=True):
            self._take_in(*match)

    def _take_in(self, day: int, season: int, home: int, away: int, home_goals: int, away_goals: int) -> None:
        time = self._at(day, season)
        beliefs = self._league_at(time), self._club_at(home, time, season), self._club_at(away, time, season)
        self._league, host, guest = after_match(*beliefs, goals=(home_goals, away_goals))
        self._clubs[home], self._clubs[away], self._time = Known(host, time, season), Known(guest, time, season), time

    def rates(self, day: int, home: Ints, away: Ints) -> tuple[Array, Array]:
        """Answer mean (n, 2) and covariance (n, 2, 2) of the log rates of n pairings, on a day of the season."""
        season = self._now()
        time = self._at(day, season)
        league = self._league_at(time)
        pairs = [
            together(league, self._club_at(h, time, season), self._club_at(a, time, season))
            for h, a in zip(home.tolist(), away.tolist(), strict=True)
        ]
        means, covariances = [pair.mean for pair in pairs], [pair.covariance for pair in pairs]
        return np.array(means).reshape(-1, 2), np.array(covariances).reshape(-1, 2, 2)

    def standing(self, day: int) -> tuple[Belief, dict[str, Belief]]:
        """Answer what is believed, on a day of the season, of the league, and of clubs of this season and the last."""
        season = self._now()
        time = self._at(day, season)
        lately = {
            club: self._club_at(number, time, season)
            for club, number in self.results.codes.items()
            if number in self._clubs and self._clubs[number].season >= season - 1
        }
        return self._league_at(time), lately

    def _now(self) -> int:
        """The number of the season that is forecast; the last one's where none was named."""
        seasons = self.results.seasons
        return seasons.get(self._season, len(seasons)) if self._season else max(len(seasons) - 1, 0)

    def _at(self, day: int, season: int) -> int:
        return day + self._summer_days * season

    def _league_at(self, time: int) -> Belief:
        return drifted(self._league, time - self._time) if self._clubs else self._league

    def _club_at(self, club: int, time: int, season: int) -> Belief:
        known = self._clubs.get(club)
        if known is not None and known.season >= season - 1:
            return aged(known.belief, time - known.time, self._motion)
        strength, sd = (0.0, self._motion.strength_sd) if season == 0 else self._newcomer(club, season)
        return club_belief(strength, strength_sd=sd, style_sd=self._motion.style_sd)

    def _newcomer(self, club: int, season: int) -> tuple[float, float]:
        """Answer the strength expected of a newcomer, and its spread."""
        if season != self._now():
            return self.newcomers.mean, self.newcomers.sd
        return self.newcomers.strength(list(self.results.codes)[club]), self.newcomers.sd
