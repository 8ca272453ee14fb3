"""Bets on selections that exclude one another: the optimum in closed form.

Kelly, J. L. (1956). A new interpretation of information rate. Bell System Technical Journal 35(4), 917-926.
Smoczynski, P. & Tomkins, D. (2010). An explicit solution to the problem of optimizing the allocations of a bettor's
wealth when wagering on horse races. The Mathematical Scientist 35(1), 10-17.
"""

from __future__ import annotations

import numpy as np

from matchday.growth.payoffs import ROUNDING
from matchday.markets import Array


def lone_kelly(p: Array, odds: Array) -> Array:
    """Size each bet as if it were the only one: f* = (p·o − 1)/(o − 1), or 0 where that is negative.

    >>> lone_kelly(np.array([0.55, 0.4]), np.array([2.0, 2.0])).round(6).tolist()
    [0.1, 0.0]
    """
    return np.maximum((p * odds - 1.0) / (odds - 1.0), 0.0)


def exclusive_kelly(p: Array, odds: Array) -> Array:
    """Size bets (k,) on mutually exclusive selections: shares of the bankroll, in the order given.

    In order of p·o, selection k is backed while p_k o_k > R, with R = (1 − Σp)/(1 − Σ1/o) over those backed before;
    then f = p − R/o. One selection alone gives f = (p·o − 1)/(o − 1). All selections of a market are backed only in an
    arbitrage (Σ1/o < 1); then f = p, the whole bankroll, and no result loses it.

    >>> exclusive_kelly(np.array([0.5, 0.27, 0.23]), np.array([2.2, 3.6, 3.6])).round(6).tolist()
    [0.109434, 0.031321, 0.0]
    """
    backed: list[int] = []
    reserve = 1.0
    for k in np.argsort(-p * odds, kind="stable"):
        if p[k] * odds[k] <= reserve * (1.0 + ROUNDING):
            break
        room = 1.0 - np.sum(1.0 / odds[[*backed, k]])
        if room <= ROUNDING:  # only by rounding: p_k o_k > R leaves room
            break
        backed.append(int(k))
        reserve = (1.0 - p[backed].sum()) / room
    shares = np.zeros_like(p)
    shares[backed] = p[backed] - reserve / odds[backed]
    return shares
