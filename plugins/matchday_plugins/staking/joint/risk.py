"""Growth under a bound on drawdown.

E[W^−λ] ≤ 1 on every day makes (bankroll)^−λ a supermartingale, so the chance that the bankroll ever falls below α of
what it was is at most α^λ; with λ = log β / log α it is at most β. The bound becomes a price: the more a unit of
E[W^−λ] costs, the less of it the optimum has, until it has no more than 1.

Busseti, E., Ryu, E. K. & Boyd, S. (2016). Risk-constrained Kelly gambling. Journal of Investing 25(3), 118-134.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cache

from matchday.growth.payoffs import Payoffs
from matchday.growth.wealth import Grid, Wealth
from matchday_plugins.staking.joint.interior import Limits, Optimum, Risk, maximise

#: How exactly the price is found, as a logarithm, and beyond which one nothing is worth staking.
PRICE_TOLERANCE, HIGHEST = 1e-9, 25.0


def maximise_under_risk(payoffs: Payoffs, limits: Limits, *, power: float) -> Optimum:
    """Find the shares that grow most among those with E[W^−λ] ≤ 1, for ``power`` λ > 0.

    The ``gap`` that is answered is that of growth under the bound. At any price, growth − price · risk of the bound's
    own optimum is at least its growth, and at most that of the price's optimum, plus the latter's gap.
    """
    from scipy.optimize import brentq  # heavy, and needed here alone

    free = maximise(payoffs, limits)
    risk = Wealth.at(free.shares, payoffs, Grid(power)).risk
    if risk <= 0.0:
        return dataclasses.replace(free, risk=risk)

    @cache
    def at(log_price: float) -> Optimum:
        return maximise(payoffs, limits, risk=Risk(power, math.exp(log_price)))

    low = high = -math.log(power)
    while at(high).risk > 0.0 and high < HIGHEST:
        low, high = high, high + 2.0
    while at(low).risk <= 0.0:
        low, high = low - 2.0, low
    if high >= HIGHEST:  # the edges are too small for the bound to be told from rounding
        first = at(-math.log(power))
        return Optimum.nothing(first.shares.shape, gap=max(first.growth - first.risk / power + first.gap, 0.0))
    log_price = brentq(lambda log_price: at(log_price).risk, low, high, xtol=PRICE_TOLERANCE)
    best = at(log_price + 2.0 * PRICE_TOLERANCE)
    return dataclasses.replace(best, gap=best.gap + math.exp(log_price) * abs(best.risk))
