"""A calibrator: a club that played a few days ago is a little less likely to win."""

from collections.abc import Generator

import pandas as pd
from pydantic import Field

from matchday import Component, Forecast, Matchday, hookimpl

RESULT = ["home", "draw", "away"]


class TiredLegs(Component):
    """Multiply the odds of a win by ``factor`` where the club has rested fewer than ``days`` days."""

    days: int = Field(4, ge=1, description="rest that is enough")
    factor: float = Field(0.9, gt=0, le=1, description="1 changes nothing")

    @hookimpl(wrapper=True)
    def blend(self, day: Matchday) -> Generator[None, Forecast, Forecast]:
        """Answer the blended forecast of results, with tired clubs shaded."""
        forecast = yield
        p = forecast.probabilities[RESULT].copy()
        for side in ("home", "away"):
            p[side] *= self._tired(day, side).map({True: self.factor, False: 1.0})
        return Forecast(p.div(p.sum(axis=1), axis=0), source=self.name)

    def _tired(self, day: Matchday, side: str) -> "pd.Series[bool]":
        """Say of each match whether the club of a side has played lately."""
        matches = day.history.matches
        lately = matches[matches["date"] > pd.Timestamp(day.date) - pd.Timedelta(days=self.days)]
        return day.slate.fixtures[side].isin([*lately["home"], *lately["away"]])
