"""Opinion pools: the weighted mean of several forecasts.

Genest, C. & Zidek, J. V. (1986). Combining probability distributions: a critique and an annotated bibliography.
Statistical Science 1(1), 114-135.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field

from matchday import Agent, Component, Forecast, Matchday, MatchdayError, hookimpl
from matchday.markets import SELECTIONS, Array, complete_markets

#: Weights are relative; larger ones are a slip of the pen.
LARGEST_WEIGHT = 1e6


class Average(Component):
    """Pool the models' probabilities, market by market, over those that have an opinion on the match.

    Linear pool: p ∝ Σ w_m p_m. Log pool: p ∝ Π p_m^{w_m}, which shares the models' confidence instead of averaging it.
    Weights are by model name, need not add up to 1, and default to equal ones; a model with weight 0 is left out.
    """

    pool: Literal["linear", "log"] = Field("linear", description="arithmetic or geometric mean of the probabilities")
    weights: dict[str, float] = Field(default_factory=dict, description="weight by model name; a model not named: 1")

    def model_post_init(self, _context: object) -> None:
        """Refuse weights that are negative, not finite, or too large to add up."""
        for model, weight in self.weights.items():
            if not 0.0 <= weight <= LARGEST_WEIGHT:
                raise ValueError(f"weight of {model!r} is {weight}; rule: between 0 and {LARGEST_WEIGHT:g}")

    def check_agent(self, agent: Agent) -> None:
        """Refuse a weight of nobody."""
        for name in self.weights:
            agent.need_model(name, parameter="weight of")

    @hookimpl
    def blend(self, day: Matchday, forecasts: list[Forecast]) -> Forecast:
        """Answer the pool of the day's forecasts."""
        if not forecasts:
            return Forecast.silent(day.slate.index, source=self.name)
        weights = self._weights([forecast.source for forecast in forecasts])
        columns = [name for name in SELECTIONS if any(name in f.probabilities for f in forecasts)]
        frames = [f.probabilities.reindex(columns=columns).to_numpy(dtype=np.float64) for f in forecasts]
        stacked = np.stack(frames)
        pooled = np.full(stacked.shape[1:], np.nan)
        for market in complete_markets(columns):
            where = [columns.index(name) for name in market.selections]
            pooled[:, where] = self._pool(stacked[:, :, where], weights)
        return Forecast(pd.DataFrame(pooled, index=day.slate.index, columns=columns), source=self.name)

    def _weights(self, models: list[str]) -> Array:
        weights = np.array([self.weights.get(name, 1.0) for name in models])
        if not weights.any():
            raise MatchdayError("every model has weight 0; rule: at least one is listened to")
        return weights

    def _pool(self, p: Array, weights: Array) -> Array:
        """Pool (models, matches, selections) into (matches, selections); NaN where nobody has an opinion."""
        w = np.where(np.isnan(p).any(axis=2), 0.0, weights[:, None])[:, :, None]
        total = w.sum(axis=0)
        share = np.divide(w, total, out=np.full_like(w, np.nan), where=total > 0)
        known = np.where(w > 0, p, 1.0)
        if self.pool == "linear":
            return np.asarray((share * known).sum(axis=0))
        with np.errstate(divide="ignore", invalid="ignore"):
            pooled = np.exp(np.where(share == 0, 0.0, share * np.log(known)).sum(axis=0))
            return np.asarray(pooled / pooled.sum(axis=1, keepdims=True))
