"""What the goal models share: parameters, training window, daily fit and forecast.

See ``poisson``, ``dixon_coles``, ``bivariate_poisson``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Component, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import SELECTIONS, Array
from matchday_plugins.models.goals.dependence import INDEPENDENT, Dependence, Ints
from matchday_plugins.models.goals.fit import FittedGoals, GoalFit, comparable, fit_goals, readable
from matchday_plugins.models.goals.grid import score_grid
from matchday_plugins.models.goals.likelihood import CLUBS, DEGREE, HOME, LEVEL, GoalTable, abilities
from matchday_plugins.models.goals.prior import Prior, club_covariance, goal_prior
from matchday_plugins.models.goals.results import Results
from matchday_plugins.models.goals.uncertainty import probability_slopes, rate_covariance, standard_errors
from matchday_plugins.models.newcomers import DEFAULT_MEAN, DEFAULT_WEIGHT, NewcomerPrior, Newcomers

#: The columns of a forecast.
COLUMNS = pd.Index(SELECTIONS)

#: The columns of its explanation: the goals expected of either side.
EXPLAINED = pd.Index(["home_goals", "away_goals"])

NO_BELIEFS = np.empty(0), np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class _Learned:
    """The fit of one morning: ``known`` matches were there, and ``present`` numbers the clubs it rates."""

    today: int
    known: int
    table: GoalTable
    present: Ints
    fit: GoalFit


class GoalModel(Component):
    """A model of goals by clubs' attack and defence, refitted each matchday to the matches of a window.

    Needs nothing of a history but seasons, dates, clubs and scores. Every probability has a standard error, by the
    delta method (``goals.uncertainty`` says what it leaves out), and ``explanation`` has the expected goals. With the
    prior, clubs never seen are forecast at its mean: the average, or, for clubs that did not play in the season before
    (whatever they did earlier), what ``newcomers`` has learned of such clubs. Without it the likelihood decides alone:
    a match is forecast only where earlier matches tie the two clubs' attacks and defences to one another, and is NaN,
    no opinion, otherwise.

    It follows one season at a time: two plays side by side need two of it.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"learns-in-season", "promoted", "time-weighted"})

    half_life_days: float | None = Field(390.0, gt=0, description="a match this old counts half; None: all alike")
    window_days: int | None = Field(2192, gt=0, description="older matches are not used; None: all are")
    prior: bool = Field(True, description="draw clubs towards the average of all, newcomers towards theirs")
    strength_sd: float = Field(0.4, ge=0.01, le=10, description="prior spread of clubs' strength, in log goals")
    style_sd: float = Field(0.1, ge=0.01, le=10, description="prior spread of clubs' openness, in log goals")
    newcomer_strength: float = Field(
        DEFAULT_MEAN, ge=-3, le=3, description="strength expected of newcomers before any was seen, in log goals"
    )
    newcomer_weight: float = Field(
        DEFAULT_WEIGHT, ge=0, description="how many newcomers that expectation is worth; inf: nothing is learned"
    )
    max_goals: int = Field(15, ge=5, le=40, description="largest number of goals of one side in the score grid")

    #: How the goals of the two sides depend on one another.
    dependence: ClassVar[Dependence] = INDEPENDENT

    _results: Results = PrivateAttr(default_factory=Results)
    _settled: frozenset[str] = PrivateAttr(default=frozenset())
    _newcomers: NewcomerPrior = PrivateAttr(default_factory=NewcomerPrior)
    _beliefs: tuple[Array, Array] = PrivateAttr(default=NO_BELIEFS)
    _learned: _Learned | None = PrivateAttr(default=None)

    @property
    def lacks(self) -> frozenset[str]:
        """Without a prior nothing is expected of newcomers; without a half-life all matches count alike."""
        lacking = {"promoted": not self.prior, "time-weighted": self.half_life_days is None}
        return frozenset(trait for trait, lacks in lacking.items() if lacks)

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season, and learn what is to be expected of newcomers."""
        self._results, self._learned = Results(), None
        self._results.follow(season.history.matches)
        newcomers = Newcomers.of(season.history, mean=self.newcomer_strength, weight=self.newcomer_weight)
        self._settled, self._newcomers, self._beliefs = newcomers.settled, newcomers.prior(), NO_BELIEFS

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Fit the past, if that has not been done this morning, and answer the day's score distributions."""
        if not self._results.follow(day.history.matches):
            self._learned, self._beliefs = None, NO_BELIEFS
        learned, fixtures = self._learn(day), day.slate.fixtures
        home, away = self._results.number(fixtures["home"]), self._results.number(fixtures["away"])
        lam, mu = self._rates(learned, home, away)
        kind: dict[str, Any] = {"dependence": self.dependence, "degree": float(learned.fit.theta[DEGREE])}
        scores = score_grid(lam, mu, **kind, max_goals=self.max_goals)
        errors = standard_errors(probability_slopes(scores, lam, mu, **kind), self._covariance(learned, home, away))
        shared, index = self.dependence.shared(kind["degree"]), day.slate.index
        return Forecast.from_scores(
            index,
            scores,
            source=self.name,
            standard_error=pd.DataFrame(errors, index=index, columns=COLUMNS),
            explanation=pd.DataFrame(np.stack([lam, mu], axis=1) + shared, index=index, columns=EXPLAINED),
        )

    @property
    def fitted(self) -> FittedGoals | None:
        """The latest fit: abilities by club, home advantage, dependence, convergence. None before the first."""
        learned = self._learned
        if learned is None:
            return None
        names = list(self._results.codes)
        newcomers = self._newcomers if self.prior else None
        clubs = [names[i] for i in learned.present]
        return readable(learned.fit, clubs=clubs, matches=learned.table.matches, newcomers=newcomers)

    def _learn(self, day: Matchday) -> _Learned:
        """Fit the window's matches as of this morning, beginning at the last fit."""
        today, known, last = int(np.datetime64(day.date, "D").astype(int)), len(self._results), self._learned
        if last is not None and (last.today, last.known) == (today, known):
            return last
        table, present = self._results.table(
            today, half_life_days=self.half_life_days, window_days=self.window_days, dependence=self.dependence
        )
        start = None if last is None else self._start(last, present)
        fit = fit_goals(table, prior=self._prior_of(present), start=start)
        if not fit.converged:
            self.act(
                "used an unfinished fit",
                cause=f"no convergence in {fit.steps} steps on {table.matches} matches",
            )
        self._learned = _Learned(today, known, table, present, fit)
        return self._learned

    def _prior_of(self, present: Ints) -> Prior | None:
        if not self.prior:
            return None
        strength, sd = (values[present] for values in self._expected())
        return goal_prior(strength, strength_sd=sd, style_sd=self.style_sd, dependence=self.dependence)

    def _expected(self) -> tuple[Array, Array]:
        """Answer the prior mean and spread of every club's strength, by its number; worked out when clubs are new."""
        codes, settled, new = self._results.codes, self._settled, self._newcomers
        if len(self._beliefs[0]) != len(codes):
            average = (0.0, self.strength_sd)
            rows = [average if club in settled or not settled else (new.strength(club), new.sd) for club in codes]
            strength, sd = np.array(rows).T
            self._beliefs = strength, sd
        return self._beliefs

    def _abilities(self, learned: _Learned) -> tuple[Array, Array]:
        """Answer every club's attack and defence, by its number: fitted, else the prior's mean, else NaN."""
        fill = self._expected()[0] if self.prior else np.full(len(self._results.codes), np.nan)
        attack, defence = fill.copy(), -fill
        attack[learned.present], defence[learned.present] = abilities(learned.fit.theta)
        return attack, defence

    def _start(self, last: _Learned, present: Ints) -> Array:
        """Carry the last fit over to the clubs that are in the window now."""
        attack, defence = self._abilities(last)
        return np.concatenate([last.fit.theta[:CLUBS], np.nan_to_num(attack[present]), np.nan_to_num(defence[present])])

    def _rates(self, learned: _Learned, home: Ints, away: Ints) -> tuple[Array, Array]:
        """Answer the expected goals (n,) of the home and the away clubs; NaN: no opinion."""
        attack, defence = self._abilities(learned)
        level, advantage = learned.fit.theta[LEVEL], learned.fit.theta[HOME]
        lam = np.exp(level + advantage + attack[home] + defence[away])
        mu = np.exp(level + attack[away] + defence[home])
        if self.prior:
            return lam, mu
        sure = _determined(learned, home, away, clubs=len(attack))
        return np.where(sure, lam, np.nan), np.where(sure, mu, np.nan)

    def _covariance(self, learned: _Learned, home: Ints, away: Ints) -> Array:
        """Answer the covariances (n, 3, 3) of log λ, log μ and the degree of dependence."""
        place = np.full(len(self._results.codes), -1)
        place[learned.present] = np.arange(len(learned.present))
        if not self.prior:
            return rate_covariance(learned.fit.curvature, place[home], place[away])
        alone = club_covariance(self._expected()[1], style_sd=self.style_sd)
        alone[place >= 0] = 0.0
        return rate_covariance(learned.fit.curvature, place[home], place[away], unseen=alone[home] + alone[away])


def _determined(learned: _Learned, home: Ints, away: Ints, *, clubs: int) -> npt.NDArray[np.bool_]:
    """Say of which pairings the matches alone determine both rates."""
    tied = np.zeros((clubs, clubs), dtype=bool)
    tied[np.ix_(learned.present, learned.present)] = comparable(learned.table)
    return tied[home, away] & tied[away, home]
