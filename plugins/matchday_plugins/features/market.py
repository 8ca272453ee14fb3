"""The price's opinion as features: log-odds of the de-vigged prices that were on offer."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from matchday.markets import Array, multiplicative
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures


class MarketPrice(FeatureGroup):
    """Log-odds behind the day's own prices, margins taken out in proportion; NaN where a market is not complete."""

    features: ClassVar[tuple[Feature, ...]] = (
        Feature("market_home", "log-odds", "log of the price's probability of the home side over the draw's"),
        Feature("market_away", "log-odds", "log of the price's probability of the away side over the draw's"),
        Feature("market_over", "log-odds", "log of the price's probability of over over that of under 2.5 goals"),
    )

    def before(self, fixtures: Fixtures) -> Array:
        """Read the prices."""
        result, totals = (np.log(multiplicative(odds)) for odds in (fixtures.odds[:, :3], fixtures.odds[:, 3:5]))
        columns = (result[:, 0] - result[:, 1], result[:, 2] - result[:, 1], totals[:, 0] - totals[:, 1])
        return np.stack(columns, axis=1)
