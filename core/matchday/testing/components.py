"""Plain components, to surround the one that is tested."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday.bets import BetSlip, Edges
from matchday.component import Component
from matchday.events import SeasonOpened
from matchday.forecast import Forecast
from matchday.hooks import hookimpl
from matchday.slate import Diagnosis, Matchday

RESULT = ["home", "draw", "away"]

_GOALS = np.arange(11)
_FACTORIALS = np.array([math.factorial(goals) for goals in _GOALS], dtype=np.float64)


class Coin(Component):
    """A model that draws its probabilities at random, from the run's own generator."""

    _rng: np.random.Generator | None = PrivateAttr(default=None)

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Begin the run's random numbers anew."""
        self._rng = season.generator(self.name)

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Draw from a Dirichlet distribution."""
        assert self._rng is not None
        p = self._rng.dirichlet([4, 3, 3], size=len(day.slate))
        return Forecast(pd.DataFrame(p, index=day.slate.index, columns=RESULT))


class Scores(Coin):
    """A model that draws expected goals at random, and answers scoreline distributions and standard errors too.

    It has no opinion on a match that fewer prices are quoted on than on others of the day.
    """

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Draw the mean goals of both sides, Poisson and independent, up to ten each."""
        assert self._rng is not None
        means = self._rng.uniform(0.6, 2.2, size=(2, len(day.slate), 1))
        home, away = means**_GOALS * np.exp(-means) / _FACTORIALS
        scores = home[:, :, None] * away[:, None, :]
        scores /= scores.sum(axis=(1, 2), keepdims=True)
        prices = day.slate.odds.notna().sum(axis=1).to_numpy()
        scores[prices < prices.max()] = np.nan
        said = Forecast.from_scores(day.slate.index, scores, source=self.name)
        errors = pd.DataFrame(0.03, index=said.probabilities.index, columns=said.probabilities.columns)
        return dataclasses.replace(said, standard_error=errors)


class Fixed(Component):
    """A model that always says the same."""

    home: float = 0.5

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Say it."""
        rest = (1 - self.home) / 2
        row = [[self.home, rest, rest]] * len(day.slate)
        return Forecast(pd.DataFrame(row, index=day.slate.index, columns=RESULT))


class Mean(Component):
    """A blend: the mean of what the models say."""

    @hookimpl
    def blend(self, forecasts: list[Forecast]) -> Forecast:
        """Average."""
        total = sum((each.probabilities for each in forecasts[1:]), forecasts[0].probabilities)
        return Forecast(total / len(forecasts), source=self.name)


class Positive(Component):
    """An edge rule: every selection with a positive edge."""

    @hookimpl
    def find_edges(self, day: Matchday, forecast: Forecast) -> Edges:
        """Propose them."""
        edge = forecast.probabilities * day.slate.odds[forecast.probabilities.columns] - 1.0
        return Edges.where(edge > 0, slate=day.slate, forecast=forecast)


class Everything(Component):
    """An edge rule that proposes every selection on offer."""

    @hookimpl
    def find_edges(self, day: Matchday, forecast: Forecast) -> Edges:
        """Propose them all."""
        return Edges.where(day.slate.odds.notna(), slate=day.slate, forecast=forecast)


class Level(Component):
    """A staking: the same share on every candidate."""

    share: float = Field(0.02, description="share of the bankroll on each bet")

    @hookimpl
    def size_stakes(self, edges: Edges) -> BetSlip:
        """Stake it."""
        return edges.slip(self.share, reason=f"{self.name}: {self.share:g}")


class Alarm(Component):
    """A watch that raises an alarm every so many matchdays."""

    every: int = Field(3, ge=1, description="matchdays from one alarm to the next")

    @hookimpl
    def diagnose(self, day: Matchday) -> list[Diagnosis]:
        """Raise it."""
        alarm = day.number % self.every == 0
        return [Diagnosis(self.name, "doubt", float(alarm), alarm=alarm, message="it is time")]
