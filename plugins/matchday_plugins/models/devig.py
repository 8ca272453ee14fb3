"""De-vigging: the probabilities behind decimal odds, by five ways of taking the bookmaker's margin out.

Throughout π = 1/o are the implied probabilities of one market, B = Σπ their sum (the booksum; B − 1 is the overround)
and p the probabilities sought, Σp = 1. Each method has one parameter, the size of the margin, found per market:

    multiplicative         p = π / B                                     parameter B
    power                  p = π^k                                       parameter k
    shin                   p = (√(z² + 4(1−z)π²/B) − z) / (2(1−z))        parameter z
    odds_ratio             p = π / (c + π − cπ)                          parameter c
    equal_profitability    p = π − zσ, σ = √(1−π), z = (B−1)/Σσ          parameter z

Where B < 1, as at the best prices of several bookmakers, the same formulas hold with the parameter on the other side
of "no margin" (k < 1, z < 0, c < 1): the probabilities are still coherent, but z is no longer anybody's share.

Clarke, S., Kovalchik, S. & Ingram, M. (2017). Adjusting bookmaker's odds to allow for overround. American Journal of
Sports Science 5(6), 45-49 (multiplicative, power). Shin, H. S. (1993). Measuring the incidence of insider trading in
a market for state-contingent claims. Economic Journal 103, 1141-1153. Cheung, K. (2015). Fixed-odds betting and
traditional odds (odds ratio). arXiv:2604.17194 (equal profitability confidence).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.errors import MatchdayError, did_you_mean
from matchday.markets import Array

Method = Literal["multiplicative", "power", "shin", "odds_ratio", "equal_profitability"]

#: Newton's method stops where the sum of the probabilities is off by less, or the parameter would move by less.
TOLERANCE = 1e-15
MAX_STEPS = 100


class Fair(NamedTuple):
    """De-vigged probabilities (n, k), and the method's parameter for each of the n markets."""

    probabilities: Array
    parameter: Array


def devig(odds: npt.ArrayLike, method: Method = "multiplicative", *, rows: pd.Index[str] | None = None) -> Array:
    """Answer the probabilities behind decimal odds.

    ``odds`` is (n, k), a row a market, or (k,), one market; k ≥ 2 and odds > 1. A row with a NaN is not completely
    offered and answers NaN. ``rows`` names the rows for errors. Raises ``MatchdayError`` on other odds, and on an
    unknown method.

    >>> devig([2.6, 2.4, 4.3], "shin").round(6)
    array([0.372994, 0.404779, 0.222227])
    """
    if method not in DEVIG:
        raise MatchdayError(f"De-vigging method {method!r} is unknown; {did_you_mean(method, DEVIG)}")
    prices = np.asarray(odds, dtype=np.float64)
    table = np.atleast_2d(prices)
    _check(table, rows)
    fair = np.full(table.shape, np.nan)
    offered = ~np.isnan(table).any(axis=1)
    fair[offered] = DEVIG[method](table[offered]).probabilities
    return fair.reshape(prices.shape)


def multiplicative(odds: Array) -> Fair:
    """Take the margin out in proportion: p = π / B. The parameter is B."""
    implied = 1.0 / _by_selection(odds)
    booksum = implied.sum(axis=0)
    return Fair((implied / booksum).T, booksum)


def power(odds: Array) -> Fair:
    """Raise the implied probabilities to the power that makes them add up: Σπ^k = 1.

    log Σπ^k is convex and decreasing in k, so that Newton's steps approach the root from below, wherever they begin.
    """
    log_implied = -np.log(_by_selection(odds))

    def excess(k: Array) -> tuple[Array, Array]:
        p = np.exp(k * log_implied)
        total = p.sum(axis=0)
        return np.log(total), (p * log_implied).sum(axis=0) / total

    # π ≤ π_max < 1 gives Σπ^k ≤ K·π_max^k, so k ≤ log K / −log π_max; k = 0 has Σπ^k = K > 1.
    highest = -np.log(len(log_implied)) / log_implied.max(axis=0)
    k = _root(excess, start=np.ones(len(odds)), low=np.zeros(len(odds)), high=highest)
    return Fair(np.exp(k * log_implied).T, k)


def shin(odds: Array) -> Fair:
    """Take a share z of the money to be insiders': p = (√(z² + 4(1−z)π²/B) − z) / (2(1−z)), Σp = 1."""
    implied = 1.0 / _by_selection(odds)
    square = implied**2 / implied.sum(axis=0)

    def excess(z: Array) -> tuple[Array, Array]:
        root = np.sqrt(z * z + 4.0 * (1.0 - z) * square)
        p = _shin(z, root, square)
        slope = (p + 0.5 * ((z - 2.0 * square) / root - 1.0)) / (1.0 - z)
        return p.sum(axis=0) - 1.0, slope.sum(axis=0)

    # z = −1/(K−1) has every p ≥ 1/K; towards z = 1, Σp falls to Σπ²/B < 1. To first order z is (B−1)/(K−1).
    low, high = np.full(len(odds), -1.0 / (len(implied) - 1)), np.ones(len(odds))
    guess = (implied.sum(axis=0) - 1.0) / (len(implied) - 1)
    z = _root(excess, start=np.clip(guess, low, 0.5), low=low, high=high)
    return Fair(_shin(z, np.sqrt(z * z + 4.0 * (1.0 - z) * square), square).T, z)


def _shin(z: Array, root: Array, square: Array) -> Array:
    """Answer (root − z) / (2(1−z)), for z ≥ 0 in the form without cancellation."""
    return np.asarray(np.where(z < 0, (root - z) / (2.0 * (1.0 - z)), 2.0 * square / (root + np.abs(z))))


def odds_ratio(odds: Array) -> Fair:
    """Let every implied probability have the same odds ratio c to the fair one: p = π / (c + π − cπ), Σp = 1.

    Solved for log c: p is the logistic function of logit(π) − log c, and logit(π) = −log(o − 1).
    """
    logit = -np.log(_by_selection(odds) - 1.0)

    def excess(log_c: Array) -> tuple[Array, Array]:
        p = 1.0 / (1.0 + np.exp(log_c - logit))
        return p.sum(axis=0) - 1.0, (p * (p - 1.0)).sum(axis=0)

    # At these two all p are ≥ 1/K, and ≤ 1/K.
    even = np.log(len(logit) - 1.0)
    low, high = logit.min(axis=0) + even, logit.max(axis=0) + even
    log_c = _root(excess, start=np.clip(np.zeros(len(odds)), low, high), low=low, high=high)
    return Fair((1.0 / (1.0 + np.exp(log_c - logit))).T, np.exp(log_c))


def equal_profitability(odds: Array) -> Fair:
    """Take from each selection a margin in proportion to its standard deviation: p = π − zσ, σ = √(1−π).

    Every bet is then as sure to be profitable for the bookmaker as the next. Multiplicative, with a NaN parameter,
    where a p would not be positive.
    """
    implied = 1.0 / _by_selection(odds)
    booksum, deviation = implied.sum(axis=0), np.sqrt(1.0 - implied)
    z = (booksum - 1.0) / deviation.sum(axis=0)
    p = implied - z * deviation
    possible = (p > 0).all(axis=0)
    return Fair(np.where(possible, p, implied / booksum).T, np.where(possible, z, np.nan))


DEVIG: Mapping[str, Callable[[Array], Fair]] = {
    "multiplicative": multiplicative,
    "power": power,
    "shin": shin,
    "odds_ratio": odds_ratio,
    "equal_profitability": equal_profitability,
}


def _by_selection(odds: Array) -> Array:
    """Lay a table out selection by selection: sums over a market then run over whole rows, ten times as fast."""
    return np.ascontiguousarray(odds.T)


def _root(excess: Callable[[Array], tuple[Array, Array]], *, start: Array, low: Array, high: Array) -> Array:
    """Find the roots of n decreasing functions by Newton's method, each kept in a bracket that shrinks.

    ``excess`` answers the n values and slopes. A step that leaves the bracket is replaced by its midpoint.
    """
    x = start
    for _ in range(MAX_STEPS):
        value, slope = excess(x)
        low, high = np.where(value > 0, x, low), np.where(value < 0, x, high)
        step = x - value / slope
        fresh = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        open_ = (np.abs(value) > TOLERANCE) & (np.abs(fresh - x) > TOLERANCE * np.abs(x))
        x = np.where(open_, fresh, x)
        if not open_.any():
            break
    return x


def _check(table: Array, rows: pd.Index[str] | None) -> None:
    if table.ndim != 2 or table.shape[1] < 2:
        raise MatchdayError(f"Odds have shape {table.shape}; rule: (markets, selections), two selections or more.")
    wrong = ~((table > 1.0) & np.isfinite(table)) & ~np.isnan(table)
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        where = f"row {row}" if rows is None else repr(rows[row])
        raise MatchdayError(
            f"Odds of {where}, selection {column}: {table[row, column]:g}; rule: decimal odds are finite and > 1, "
            "NaN where there are none."
        )
