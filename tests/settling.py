"""Matchdays made of numbers: slates with given odds, models that say what they are told to, results as wanted."""

import datetime

import numpy as np
import pandas as pd
from pydantic import PrivateAttr

from doubles import Everything, Level
from matchday import Agent, Component, Forecast, History, Matchday, Slate, hookimpl
from matchday.markets import SELECTIONS

RESULT = ["home", "draw", "away"]

#: Final scores by who won (home, draw, away) and whether there were over 2.5 goals (yes, no).
SCORES = np.array([[[3, 1], [1, 0]], [[2, 2], [0, 0]], [[1, 3], [0, 1]]])


def day_of(prices, number=1) -> Matchday:
    """A matchday whose odds are 5 % below fair for these probabilities (n, 3) or (n, 5); NaN: not offered."""
    columns = list(SELECTIONS[: np.shape(prices)[1]])
    index = pd.Index([f"day {number} match {i}" for i in range(len(prices))], dtype="str")
    fixtures = pd.DataFrame({"home": "a", "away": "b", "kickoff": pd.NaT}, index=index)
    odds = pd.DataFrame(0.95 / np.asarray(prices, dtype=float), index=index, columns=columns)
    date = datetime.date(2020, 8, 1) + datetime.timedelta(days=number)
    return Matchday(number, date, Slate(fixtures, odds), History(pd.DataFrame()))


def results_of(day, won, over=None) -> pd.DataFrame:
    """Results in which these selections won (n,), and these matches had over 2.5 goals (n,)."""
    won = np.asarray(won)
    goals = SCORES[won, 1 if over is None else 1 - np.asarray(over, dtype=int)]
    return pd.DataFrame({"home_goals": goals[:, 0], "away_goals": goals[:, 1]}, index=day.slate.index)


def forecast_of(day, table, source="", **more) -> Forecast:
    columns = list(SELECTIONS[: np.shape(table)[1]])
    return Forecast(
        pd.DataFrame(np.asarray(table, dtype=float), index=day.slate.index, columns=columns), source, **more
    )


class Says(Component):
    """A model that says what it is told to say next."""

    _next: object = PrivateAttr(default=None)

    @hookimpl
    def forecast(self, day):
        told = self._next
        return told if isinstance(told, Forecast) else forecast_of(day, told)


class Theatre:
    """An agent of models that say what they are told, and of components that listen."""

    def __init__(self, *listeners, models=("model",)):
        self.models = {name: Says() for name in models}
        self.listeners = listeners
        self.agent = Agent("theatre", [*self.models.items(), *listeners, Everything(), Level()])
        self.number = 0

    def morning(self, prices, **tables) -> tuple[Matchday, Forecast]:
        """Open a matchday: tables or forecasts by model; answers it, with its diagnoses, and the blend."""
        self.number += 1
        for name, table in tables.items():
            self.models[name]._next = table
        self.day = self.agent.diagnosed(day_of(prices, self.number))
        return self.day, self.agent.opinion(self.day)[1]

    def evening(self, won, over=None) -> None:
        self.agent.matchday_settled(self.day, results_of(self.day, won, over), None)

    def play(self, prices, won, over=None, **tables) -> pd.DataFrame:
        """Open and settle a matchday; answers what was said."""
        _, blend = self.morning(prices, **tables)
        self.evening(won, over)
        return blend.probabilities


def draw_winners(p, rng) -> np.ndarray:
    """Draw winners (n,) by probabilities (n, k)."""
    return (rng.random((len(p), 1)) > p.cumsum(axis=1)).sum(axis=1).clip(max=p.shape[1] - 1)


def beliefs(rng, n, *, noise=0.4, concentration=(6.0, 4.0, 4.0)) -> tuple[np.ndarray, np.ndarray]:
    """Draw probabilities (n, k), and others around them."""
    q = rng.dirichlet(concentration, size=n)
    f = q * np.exp(noise * rng.standard_normal(q.shape))
    return q, f / f.sum(axis=1, keepdims=True)
