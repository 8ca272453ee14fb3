"""What the blends with the market share: who is heard, the record of it, and what is said where there is no price."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from matchday import Agent, Forecast, Matchday, hookimpl
from matchday.markets import MARKETS, SELECTIONS, Array, Market
from matchday_plugins.track_record import COLUMNS, PRICE, Follower, fair_prices, tabulated

#: The columns of a blend.
INDEX = pd.Index(SELECTIONS)

#: A weight that has moved by so much since it was last put on record is put on record again.
MATERIAL = 0.05


class MarketBlend(Follower):
    """A blend of the models with the market's price, market by market, by weights learned from the run's record.

    The price is that of the slate's odds with the margin taken out by proportion, or of the forecast that ``market``
    names; name it where a model that repeats the price stands in the list, or the price is heard twice. Before any
    forecast of the run has met its result the blend is the market. Where a match has no price it is the plain average
    of the models that have an opinion on it, and NaN where nobody has one.

    A blend is no scoreline distribution and has no standard errors: ``scores`` and ``standard_error`` are dropped.
    """

    market: str | None = Field(None, description="model whose forecast is the price's; None: the slate's odds")

    def check_agent(self, agent: Agent) -> None:
        """Refuse a price that nobody forecasts."""
        if self.market is not None:
            agent.need_model(self.market, parameter="market")

    @hookimpl
    def blend(self, day: Matchday, forecasts: list[Forecast]) -> Forecast:
        """Answer the blend of the day's forecasts, and note what it is made of."""
        said = self._heard(day, forecasts)
        self._record.note(day, said)
        price, models = said[PRICE], [name for name in said if name != PRICE]
        table = np.empty(price.shape)
        for market in MARKETS:
            columns = COLUMNS[market.name]
            p = np.stack([said[name][:, columns] for name in models]) if models else _nobody(price[:, columns])
            table[:, columns] = self._blended(market, models, p, price[:, columns])
        return Forecast(pd.DataFrame(table, index=day.slate.index, columns=INDEX), source=self.name)

    def _heard(self, day: Matchday, forecasts: list[Forecast]) -> dict[str, Array]:
        """Sort the forecasts into the price's and the models'."""
        said = {forecast.source: tabulated(forecast) for forecast in forecasts}
        if self.market is None:
            return {PRICE: fair_prices(day.slate), **said}
        return {PRICE: said.pop(self.market), **said}

    def _blended(self, market: Market, models: list[str], p: Array, q: Array) -> Array:
        """Blend one market's forecasts p (m, n, k) with its price q (n, k)."""
        priced = ~np.isnan(q).any(axis=1, keepdims=True)
        pooled = self._pool(market, models, p, q) if len(self._record) else self._unlearned(models, p, q)
        return np.where(priced, pooled, average(p))

    def _unlearned(self, models: list[str], p: Array, q: Array) -> Array:  # noqa: ARG002
        """Answer the pool before anything has been learned: the market."""
        return q

    def _opinionated(self, market: Market) -> list[str]:
        """Name the models that have ever had an opinion on a market."""
        models = [name for name in self._record.names if name != PRICE]
        return [name for name in models if not np.isnan(self._record.said(name, market)).all()]

    def _pool(self, market: Market, models: list[str], p: Array, q: Array) -> Array:
        """Answer the pool (n, k) by what has been learned; rows without a price do not matter."""
        raise NotImplementedError


def average(p: Array) -> Array:
    """Average forecasts (m, n, k) over those who have an opinion on a match: (n, k), NaN where nobody has one."""
    known = ~np.isnan(p)
    heard = known.sum(axis=0)
    total = np.where(known, p, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, heard, out=np.full(total.shape, np.nan), where=heard > 0))


def agreeing(p: Array, q: Array) -> Array:
    """Let whoever has no opinion on a match say what the price says: p (m, n, k), q (n, k)."""
    return np.where(np.isnan(p), q, p)


def moved(now: dict[str, float], told: dict[str, float]) -> bool:
    """Whether any weight differs materially from what was told of it; one not told of was 0."""
    return any(abs(weight - told.get(name, 0.0)) >= MATERIAL for name, weight in now.items())


def listing(weights: dict[str, float]) -> str:
    """Write weights in one line.

    >>> listing({"goals": 0.0943, PRICE: 0.96})
    'goals 0.09, price 0.96'
    """
    return ", ".join(f"{name or 'price'} {weight:.2f}" for name, weight in weights.items())


def _nobody(q: Array) -> Array:
    return np.full((1, *q.shape), np.nan)
