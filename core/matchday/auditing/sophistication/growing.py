"""How much of the largest expected growth shares reach: what tells Kelly's stakes from others that are called so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from matchday.growth.candidates import Book
from matchday.growth.payoffs import Payoffs
from matchday.growth.wealth import Grid, Slopes, Wealth
from matchday.markets import Array

#: The part of the bankroll that shares may add up to, so that no outcome leaves nothing.
MOST = 0.99

#: How close to the largest growth the search ends, as a part of it, and after how many steps at the latest.
CLOSE, STEPS = 0.01, 400


def part_of_growth(slates: Sequence[tuple[pd.DataFrame, Array]]) -> float:
    """Answer the part of the largest expected log growth that shares reach, over some slates together; 0: no edge.

    ``slates`` are of bets (``match_id, market, selection, probability, odds``) and their shares of the bankroll (n,).
    Fractions of Kelly's shares count as those: of each slate's shares the best multiple m >= 1 is taken. Matches and
    markets are taken as independent.
    """
    reached = largest = 0.0
    for bets, shares in slates:
        if not len(bets):
            continue
        payoffs, laid = Book(bets, {}).laid_out(shares)
        if (payoffs.expected[payoffs.real] > 0.0).any():
            reached += _along(laid, payoffs)
            largest += _largest(payoffs)
    return reached / largest if largest > 0.0 else 0.0


def _along(shares: Array, payoffs: Payoffs) -> float:
    """Answer the growth of the best multiple m >= 1 of shares (n, K), as far as the bankroll goes."""
    most = MOST / max(float(shares.sum()), 1e-12)
    if most <= 1.0:
        return _growth(shares * min(most, 1.0), payoffs)
    found = minimize_scalar(lambda m: -_growth(m * shares, payoffs), bounds=(1.0, most), method="bounded")
    return max(-float(found.fun), _growth(shares, payoffs))


def _growth(shares: Array, payoffs: Payoffs) -> float:
    return Wealth.at(shares, payoffs, Grid()).growth


def _largest(payoffs: Payoffs) -> float:
    """Answer the largest growth of all shares, but for ``CLOSE``, by Cover's algorithm.

    f_k <- f_k E[X_k/W], X_k what a unit on bet k returns; never does growth fall, and what is missing to the largest
    is at most log max E[X/W], the bankroll that is kept being one of the X.
    Cover, T. M. (1984). An algorithm for maximizing expected log investment return. IEEE Transactions on Information
    Theory 30(2), 369-373.
    """
    shares = payoffs.real * (MOST / 2.0 / payoffs.real.sum())
    growth = 0.0
    for _ in range(STEPS):
        wealth = Wealth.at(shares, payoffs, Grid())
        gradient, growth = Slopes.of(wealth, payoffs).gradient, wealth.growth
        kept = 1.0 - float((shares * gradient).sum())
        returns = np.where(payoffs.real, gradient + kept, 0.0)
        if np.log(max(float(returns.max()), kept)) <= CLOSE * max(growth, 0.0):
            break
        shares = shares * returns
    return growth
