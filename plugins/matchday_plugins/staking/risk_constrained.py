"""Kelly under a bound on drawdown.

Busseti, E., Ryu, E. K. & Boyd, S. (2016). Risk-constrained Kelly gambling. Journal of Investing 25(3), 118-134.
"""

from __future__ import annotations

import math

from pydantic import Field

from matchday_plugins.staking.joint.staking import JointStaking


class RiskConstrained(JointStaking):
    """Stake what grows most while the bankroll falls below ``alpha`` of itself with a chance of at most ``beta``.

    Maximises E[log W] under E[W^−λ] ≤ 1, λ = log β / log α, over the whole slate as ``kelly`` does. The bound holds
    for the lowest bankroll of all days to come, if the probabilities are right.

    >>> round(RiskConstrained(alpha=0.7, beta=0.1).power, 3)
    6.456
    """

    alpha: float = Field(0.5, ge=0.01, le=0.95, description="share of the bankroll that it should not fall below")
    beta: float = Field(0.1, ge=0.01, le=0.99, description="chance at which it may")

    @property
    def power(self) -> float:
        """λ = log β / log α."""
        return math.log(self.beta) / math.log(self.alpha)
