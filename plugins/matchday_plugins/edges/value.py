"""Value: bet where one's own probability says the price is too long."""

from __future__ import annotations

from functools import cache

import pandas as pd
from pydantic import Field, field_validator

from matchday import Component, Edges, Forecast, Matchday, hookimpl
from matchday.markets import MARKETS

MARKET_NAMES = tuple(market.name for market in MARKETS)


class Value(Component):
    """Propose every selection whose edge, p·o − 1, is more than ``minimum_edge``."""

    minimum_edge: float = Field(0.0, ge=0, description="least edge, exclusive: 0.05 asks for more than 5 %")
    markets: tuple[str, ...] = Field(MARKET_NAMES, min_length=1, description="markets to bet on")

    @field_validator("markets")
    @classmethod
    def _known(cls, markets: tuple[str, ...]) -> tuple[str, ...]:
        for name in markets:
            if name not in MARKET_NAMES:
                raise ValueError(f"{name!r} is not a market; known: {', '.join(MARKET_NAMES)}")
        return markets

    @hookimpl
    def find_edges(self, day: Matchday, forecast: Forecast) -> Edges:
        """Answer the day's selections with value."""
        odds = day.slate.odds
        wanted = _columns(self.markets, tuple(odds.columns))
        priced = odds.reindex(columns=wanted).to_numpy()
        said = forecast.probabilities.reindex(columns=wanted).to_numpy()
        chosen = pd.DataFrame(said * priced - 1.0 > self.minimum_edge, index=odds.index, columns=wanted)
        return Edges.where(chosen, slate=day.slate, forecast=forecast)


@cache
def _columns(markets: tuple[str, ...], offered: tuple[str, ...]) -> pd.Index[str]:
    """Name the selections of some markets that are on offer, market by market."""
    return pd.Index(
        [name for market in MARKETS if market.name in markets for name in market.selections if name in offered],
        dtype="str",
    )
