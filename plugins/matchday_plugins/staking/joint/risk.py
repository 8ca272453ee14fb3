"""Growth under a bound on drawdown.

E[W^−λ] ≤ 1 on every day makes (bankroll)^−λ a supermartingale, so the chance that the bankroll ever falls below α of
what it was is at most α^λ; with λ = log β / log α it is at most β. The bound becomes a price: the more a unit of
E[W^−λ] costs, the less of it the optimum has, until it has no more than 1.

Busseti, E., Ryu, E. K. & Boyd, S. (2016). Risk-constrained Kelly gambling. Journal of Investing 25(3), 118-134.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from scipy.optimize import brentq

from matchday_plugins.staking.joint.interior import Limits, Optimum, Risk, maximise
from matchday_plugins.staking.joint.payoffs import Payoffs
from matchday_plugins.staking.joint.wealth import Grid, Wealth

#: How exactly the price is found, as a logarithm, and beyond which one nothing is worth staking.
PRICE_TOLERANCE, HIGHEST = 1e-9, 25.0


def maximise_under_risk(payoffs: Payoffs, limits: Limits, *, power: float) -> Optimum:
    """Find the shares that grow most among those with E[W^−λ] ≤ 1, for ``power`` λ > 0.

    The ``gap`` that is answered is that of growth, the bound included: no shares within it grow more than
    growth − price · (ruin − 1) + gap of any price's optimum.
    """
    free = maximise(payoffs, limits)
    ruin = Wealth.at(free.shares, payoffs, Grid(power)).ruin
    if ruin <= 1.0:
        return dataclasses.replace(free, ruin=ruin)

    def at(log_price: float) -> Optimum:
        return maximise(payoffs, limits, risk=Risk(power, math.exp(log_price)))

    low = high = -math.log(power)
    while at(high).ruin > 1.0 and high < HIGHEST:
        low, high = high, high + 2.0
    while at(low).ruin <= 1.0:
        low, high = low - 2.0, low
    if high >= HIGHEST:
        return _nothing(at(-math.log(power)), price=1.0 / power)
    price = brentq(lambda log_price: at(log_price).ruin - 1.0, low, high, xtol=PRICE_TOLERANCE)
    best = at(price)
    return dataclasses.replace(best, gap=best.gap + math.exp(price) * abs(1.0 - best.ruin))


def _nothing(priced: Optimum, *, price: float) -> Optimum:
    """Stake nothing, where the edges are too small for the bound to be told from rounding."""
    gap = priced.growth - price * (priced.ruin - 1.0) + priced.gap
    return Optimum(np.zeros_like(priced.shares), 0.0, 1.0, max(gap, 0.0), priced.steps, (0, 0, False))
