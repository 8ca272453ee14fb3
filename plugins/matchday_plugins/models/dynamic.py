"""A dynamic model of team ability: attack and defence that drift from match to match, and more over the summer.

Koopman, S. J. & Lit, R. (2015). A dynamic bivariate Poisson model for analysing and forecasting match results in the
English Premier League. Journal of the Royal Statistical Society A 178(1), 167-186. The filter's sources stand in
``states.abilities``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Component, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import SELECTIONS, Array
from matchday_plugins.models.goals.grid import score_grid
from matchday_plugins.models.goals.low_scores import LOW_SCORES
from matchday_plugins.models.goals.prior import club_covariance
from matchday_plugins.models.goals.results import Results
from matchday_plugins.models.goals.uncertainty import probability_slopes, standard_errors
from matchday_plugins.models.newcomers import DEFAULT_MEAN, DEFAULT_WEIGHT, NewcomerPrior, Newcomers
from matchday_plugins.models.states.abilities import Motion, outlook
from matchday_plugins.models.states.filter import Calendar, Standing


@dataclass(frozen=True, slots=True, eq=False)
class FittedStates:
    """What a dynamic model knows on a morning.

    ``abilities`` has a row for each club of this season and the last: ``attack``, ``defence`` (large is weak), in log
    goals beside the average club's, and ``attack_sd``, ``defence_sd``. λ_home = exp(level + home + attack_home +
    defence_away), λ_away = exp(level + attack_away + defence_home). ``newcomers`` is what was expected of clubs that
    come up, and ``matches`` how many have been taken in.
    """

    abilities: pd.DataFrame
    level: float
    home: float
    home_sd: float
    matches: int
    newcomers: NewcomerPrior


class Dynamic(Component):
    """Forecast scores by Poisson goals of abilities that move: AR(1) states, filtered match by match.

    A club's strength and style are each drawn back to the league's average, half of the way in ``half_life_days``, and
    pushed about so that they would spread by ``strength_sd`` and ``style_sd`` in the long run; the summer counts as
    ``summer_days`` more than it has. The level of goals and the home advantage wander slowly. Clubs that did not play
    in the season before start where newcomers are expected. A matchday costs as much as it has matches and the league
    has clubs: nothing is fitted anew. Low scores depend on one another as in ``DixonColes``, with ``rho`` given.

    What is approximated: each day's posterior is Gaussian, at its mode, and forgets how clubs go together. Forecasts
    take the modes for the abilities, and ``standard_error`` says how far off they may be, by the delta method on the
    filter's covariances: it knows of drift, and takes the parameters for true. ``explanation`` has the expected goals
    and their standard deviations; ``fitted`` the abilities.

    >>> Dynamic(half_life_days=4000).name
    'dynamic'
    """

    half_life_days: float = Field(
        8000.0, ge=1, description="days in which half of a club's lead on the average is lost"
    )
    summer_days: int = Field(60, ge=0, le=3650, description="days that a summer counts as beyond those it has")
    strength_sd: float = Field(0.35, ge=0.01, le=10, description="long-run spread of clubs' strength, in log goals")
    style_sd: float = Field(0.06, ge=0.01, le=10, description="long-run spread of clubs' openness, in log goals")
    newcomer_strength: float = Field(
        DEFAULT_MEAN, ge=-3, le=3, description="strength expected of newcomers before any was seen, in log goals"
    )
    newcomer_weight: float = Field(
        DEFAULT_WEIGHT, ge=0, description="how many newcomers that expectation is worth; inf: nothing is learned"
    )
    rho: float = Field(-0.08, ge=-0.2, le=0.2, description="dependence of low scores; 0: none")
    max_goals: int = Field(15, ge=5, le=40, description="largest number of goals of one side in the score grid")

    _season: str = PrivateAttr(default="")
    _newcomers: NewcomerPrior = PrivateAttr(default_factory=NewcomerPrior)
    _results: Results = PrivateAttr(default_factory=Results)
    _standing: Standing = PrivateAttr(default_factory=Standing)
    _morning: Standing | None = PrivateAttr(default=None)

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season, and follow the history to its end."""
        history = season.history
        newcomers = Newcomers.of(history, mean=self.newcomer_strength, weight=self.newcomer_weight)
        self._season, self._newcomers = season.name, newcomers.prior()
        self._results, self._standing, self._morning = Results(), Standing(), None
        self._follow(history.matches)

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Take in what has been played since, and answer the day's score distributions."""
        self._follow(day.history.matches)
        fixtures, index = day.slate.fixtures, day.slate.index
        home, away = self._results.number(fixtures["home"]), self._results.number(fixtures["away"])
        self._morning = self._on(int(np.datetime64(day.date, "D").astype(int)))
        mean, spread = outlook(self._morning.states, home, away)
        lam, mu = np.exp(mean).T
        kind: dict[str, Any] = {"dependence": LOW_SCORES, "degree": self.rho}
        scores = score_grid(lam, mu, **kind, max_goals=self.max_goals)
        covariance = np.zeros((len(index), 3, 3))  # of ρ nothing is unknown
        covariance[:, :2, :2] = spread
        errors = standard_errors(probability_slopes(scores, lam, mu, **kind), covariance)
        return Forecast.from_scores(
            index,
            scores,
            source=self.name,
            standard_error=pd.DataFrame(errors, index=index, columns=list(SELECTIONS)),
            explanation=_explanation(lam, mu, spread, index),
        )

    @property
    def fitted(self) -> FittedStates | None:
        """Abilities and home advantage as of the latest forecast, with their standard deviations. None before it."""
        if self._morning is None:
            return None
        states, played = self._morning.states, self._morning.played
        sd = np.sqrt(states.spread[:, (0, 1), (0, 1)])
        columns = {"attack": states.mean[:, 0], "defence": states.mean[:, 1]}
        columns |= {"attack_sd": sd[:, 0], "defence_sd": sd[:, 1]}
        clubs = pd.Index(list(self._results.codes)[: len(played)], name="club", dtype="str")
        frame = pd.DataFrame(columns, index=clubs)[played >= self._morning.season - 1].sort_index()
        contrast = np.array([1.0, -1.0])
        home_sd = float(np.sqrt(contrast @ states.base_spread @ contrast))
        home, level = float(contrast @ states.base), float(states.base[1])
        return FittedStates(frame, level, home, home_sd, len(self._results), self._newcomers)

    @property
    def _calendar(self) -> Calendar:
        long_run, newcomer = club_covariance(np.array([self.strength_sd, self._newcomers.sd]), style_sd=self.style_sd)
        return Calendar(Motion(long_run, self.half_life_days), self.summer_days, newcomer)

    def _follow(self, matches: pd.DataFrame) -> None:
        """Take in new matches; of a history that is no continuation, all."""
        seen = len(self._results)
        if not self._results.follow(matches):
            self._standing, seen = Standing(), 0
        self._standing = self._calendar.followed(self._standing, self._results, seen=seen, opening=self._opening)

    def _on(self, today: int) -> Standing:
        """Answer what is known on a day of the season, before its matches."""
        seasons, codes = self._results.seasons, self._results.codes
        season = seasons.get(self._season, len(seasons)) if self._season else self._standing.season
        return self._calendar.reached(
            self._standing, day=today, season=season, name=self._season, clubs=len(codes), opening=self._opening
        )

    def _opening(self, season: str) -> Array:
        """Answer the strength expected of every club as a newcomer; the division below is known for this season's."""
        new, codes = self._newcomers, self._results.codes
        if season != self._season:
            return np.full(len(codes), new.mean)
        return np.array([new.strength(club) for club in codes])


def _explanation(lam: Array, mu: Array, spread: Array, index: pd.Index[str]) -> pd.DataFrame:
    """Answer expected goals with their standard deviations, to first order."""
    sd = np.sqrt(spread[:, (0, 1), (0, 1)])
    columns = {"home_goals": lam, "away_goals": mu, "home_goals_sd": lam * sd[:, 0], "away_goals_sd": mu * sd[:, 1]}
    return pd.DataFrame(columns, index=index)
