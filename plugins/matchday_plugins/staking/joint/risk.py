"""Growth under a bound on drawdown.

E[W^−λ] ≤ 1 on every day makes (bankroll)^−λ a supermartingale, so the chance that the bankroll ever falls below α of
what it was is at most α^λ; with λ = log β / log α it is at most β. The bound becomes a price: the more a unit of
E[W^−λ] costs, the less of it the optimum has, until it has no more than 1.

Busseti, E., Ryu, E. K. & Boyd, S. (2016). Risk-constrained Kelly gambling. Journal of Investing 25(3), 118-134.
"""

from __future__ import annotations

import dataclasses
import math

from scipy.optimize import brentq

from matchday_plugins.staking.joint.interior import Limits, Optimum, Risk, maximise
from matchday_plugins.staking.joint.payoffs import Payoffs
from matchday_plugins.staking.joint.wealth import Grid, Wealth

#: How exactly the price is found, as a logarithm.
PRICE_TOLERANCE = 1e-9


def maximise_under_risk(payoffs: Payoffs, limits: Limits, *, power: float) -> Optimum:
    """Find the shares that grow most among those with E[W^−λ] ≤ 1, for ``power`` λ > 0.

    The ``gap`` that is answered is that of growth, the bound included.
    """
    free = maximise(payoffs, limits)
    ruin = Wealth.at(free.shares, payoffs, Grid(power)).ruin
    if ruin <= 1.0:
        return dataclasses.replace(free, ruin=ruin)

    def excess(log_price: float) -> float:
        return maximise(payoffs, limits, risk=Risk(power, math.exp(log_price))).ruin - 1.0

    low = high = -math.log(power)
    while excess(high) > 0.0:
        low, high = high, high + 2.0
    while excess(low) <= 0.0:
        low, high = low - 2.0, low
    price = math.exp(brentq(excess, low, high, xtol=PRICE_TOLERANCE))
    best = maximise(payoffs, limits, risk=Risk(power, price))
    return dataclasses.replace(best, gap=best.gap + price * abs(1.0 - best.ruin))
