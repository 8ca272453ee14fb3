"""A dynamic model of team ability: attack and defence that drift from match to match, and more over the summer.

Koopman, S. J. & Lit, R. (2015). A dynamic bivariate Poisson model for analysing and forecasting match results in the
English Premier League. Journal of the Royal Statistical Society A 178(1), 167-186. The filter's sources stand in
``states.abilities``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Component, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import SELECTIONS, Array
from matchday_plugins.models.goals.grid import score_grid
from matchday_plugins.models.goals.low_scores import LOW_SCORES
from matchday_plugins.models.goals.uncertainty import probability_slopes, standard_errors
from matchday_plugins.models.newcomers import DEFAULT_MEAN, DEFAULT_WEIGHT, NewcomerPrior, Newcomers
from matchday_plugins.models.states.abilities import Motion
from matchday_plugins.models.states.filter import Filter

#: The columns of a forecast.
COLUMNS = pd.Index(SELECTIONS)


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

    What is approximated: after each match what is known is Gaussian, at the mode, and forgets how clubs go together.
    Forecasts take the modes for the abilities, and ``standard_error`` says how far off they may be, by the delta method
    on the filter's covariances: it knows of drift, and takes the parameters for true. ``explanation`` has the expected
    goals and their standard deviations; ``fitted`` the abilities.

    >>> Dynamic(half_life_days=4000).name
    'dynamic'
    """

    traits: ClassVar[frozenset[str]] = frozenset({"dynamic-ability", "learns-in-season", "promoted"})

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

    _filter: Filter | None = PrivateAttr(default=None)
    _today: int | None = PrivateAttr(default=None)

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season, and follow the history to its end."""
        newcomers = Newcomers.of(season.history, mean=self.newcomer_strength, weight=self.newcomer_weight)
        self._filter, self._today = self._begun(newcomers.prior(), season=season.name), None
        self._filter.follow(season.history.matches)

    def _begun(self, newcomers: NewcomerPrior, *, season: str = "") -> Filter:
        motion = Motion(self.strength_sd, self.style_sd, self.half_life_days)
        return Filter(motion, newcomers, summer_days=self.summer_days, season=season)

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Take in what has been played since, and answer the day's score distributions."""
        if self._filter is None:
            self._filter = self._begun(NewcomerPrior(mean=self.newcomer_strength))
        self._filter.follow(day.history.matches)
        fixtures, number = day.slate.fixtures, self._filter.results.number
        self._today = int(np.datetime64(day.date, "D").astype(int))
        mean, covariance = self._filter.rates(self._today, number(fixtures["home"]), number(fixtures["away"]))
        return self._forecast(day.slate.index, mean, covariance)

    def _forecast(self, index: pd.Index[str], mean: Array, covariance: Array) -> Forecast:
        """Make the forecast of matches whose log rates have such means (n, 2) and covariances (n, 2, 2)."""
        lam, mu = np.exp(mean).T
        kind: dict[str, Any] = {"dependence": LOW_SCORES, "degree": self.rho}
        scores = score_grid(lam, mu, **kind, max_goals=self.max_goals)
        with_rho = np.zeros((len(index), 3, 3))  # of ρ nothing is unknown
        with_rho[:, :2, :2] = covariance
        errors = standard_errors(probability_slopes(scores, lam, mu, **kind), with_rho)
        return Forecast.from_scores(
            index,
            scores,
            source=self.name,
            standard_error=pd.DataFrame(errors, index=index, columns=COLUMNS),
            explanation=_explanation(lam, mu, covariance, index),
        )

    @property
    def fitted(self) -> FittedStates | None:
        """Abilities and home advantage as of the latest forecast, with their standard deviations. None before it."""
        if self._filter is None or self._today is None:
            return None
        league, clubs = self._filter.standing(self._today)
        rows = [(each.x, each.y, each.xx**0.5, each.yy**0.5) for each in clubs.values()]
        columns = ["attack", "defence", "attack_sd", "defence_sd"]
        frame = pd.DataFrame(rows, index=pd.Index(clubs, name="club", dtype="str"), columns=columns).sort_index()
        home_sd = (league.xx - 2.0 * league.xy + league.yy) ** 0.5
        matches, newcomers = len(self._filter.results), self._filter.newcomers
        return FittedStates(frame, league.y, league.x - league.y, home_sd, matches, newcomers)


def _explanation(lam: Array, mu: Array, covariance: Array, index: pd.Index[str]) -> pd.DataFrame:
    """Answer expected goals with their standard deviations, to first order."""
    numbers = np.stack([lam, mu, *np.sqrt(covariance[:, (0, 1), (0, 1)]).T * [lam, mu]], axis=1)
    return pd.DataFrame(numbers, index=index, columns=["home_goals", "away_goals", "home_goals_sd", "away_goals_sd"])
