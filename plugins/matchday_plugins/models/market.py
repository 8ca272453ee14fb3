"""The price's own forecast: the odds on offer with the bookmaker's margin taken out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from matchday import Component, Forecast, Matchday, hookimpl
from matchday.markets import MARKETS, SELECTIONS
from matchday_plugins.models.devig import Method, devig


class Market(Component):
    """Forecast what the odds say, market by market; no opinion (NaN) where a market is not completely on offer."""

    method: Method = Field("multiplicative", description="how the bookmaker's margin is taken out of the odds")

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """De-vig each complete market of the slate."""
        index = day.slate.index
        odds = day.slate.odds.reindex(columns=list(SELECTIONS)).astype("float64")
        fair = np.column_stack(
            [devig(odds[list(market.selections)].to_numpy(), self.method, rows=index) for market in MARKETS]
        )
        return Forecast(pd.DataFrame(fair, index=index, columns=list(SELECTIONS)), source=self.name)
