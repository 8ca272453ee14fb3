"""Make a scoreline distribution agree with probabilities that have been corrected.

Scores fall into classes by which selection of each market they settle (home and over 2.5 goals, home and under, …).
Every class gets one factor, such that each market's selections have the probabilities asked for: iterative proportional
fitting, which of all distributions with these probabilities finds the one nearest to the old (least Kullback-Leibler
divergence from it). What a class of scores looks like inside does not change.

Deming, W. E. & Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency table when the expected
marginal totals are known. Annals of Mathematical Statistics 11(4), 427-444. Csiszár, I. (1975). I-divergence geometry
of probability distributions and minimization problems. Annals of Probability 3(1), 146-158.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from matchday.markets import Array, complete_markets

#: How far the re-weighted scores may be from the probabilities, and how many rounds it may take.
TOLERANCE = 1e-9
MAX_ROUNDS = 500


def reweighted(scores: Array, probabilities: pd.DataFrame) -> Array | None:
    """Answer scores (n, G, G) that have the ``probabilities`` (index the matches, columns selections).

    Matches without scores or without a probability keep NaN. None where no such scores exist, as where a selection is
    to become possible that no score settles.
    """
    classes = _classes(scores.shape[1], tuple(probabilities.columns))
    p = probabilities.to_numpy(dtype=np.float64)
    cells = scores.reshape(len(scores), -1)
    known = ~(np.isnan(p).any(axis=1) | np.isnan(cells).any(axis=1))
    factors = _factors(cells[known] @ classes.onto, p[known], classes.sides)
    if factors is None:
        return None
    answer = np.full(cells.shape, np.nan)
    answer[known] = cells[known] * (factors @ classes.onto.T)
    return answer.reshape(scores.shape)


class _Classes(NamedTuple):
    """Which class each score belongs to (G·G, c), and of each market where its selections stand and what they hold."""

    onto: Array
    sides: list[tuple[list[int], Array]]


@cache
def _classes(goals: int, columns: tuple[str, ...]) -> _Classes:
    home, away = (axis.ravel() for axis in np.meshgrid(np.arange(goals), np.arange(goals), indexing="ij"))
    markets = complete_markets(columns)
    settled = [market.settle(home, away)[..., 0] for market in markets]
    kinds, of_kind = np.unique(np.concatenate(settled, axis=1), axis=0, return_inverse=True)
    cuts = np.cumsum([len(market.selections) for market in markets])[:-1]
    held = [side.T for side in np.split(kinds, cuts, axis=1)]
    where = [[columns.index(name) for name in market.selections] for market in markets]
    return _Classes(np.eye(len(kinds))[of_kind.ravel()], list(zip(where, held, strict=True)))


def _factors(before: Array, p: Array, sides: list[tuple[list[int], Array]]) -> Array | None:
    """Answer each class's factor (n, c) from its mass; None where the rounds do not come to an end."""
    mass = before
    for _ in range(MAX_ROUNDS):
        worst = 0.0
        for where, side in sides:
            held = mass @ side.T
            worst = max(worst, float(np.abs(held - p[:, where]).max(initial=0.0)))
            mass = mass * (_ratio(p[:, where], held) @ side)
        if worst <= TOLERANCE:
            return _ratio(mass, before)
    return None


def _ratio(wanted: Array, held: Array) -> Array:
    return np.divide(wanted, held, out=np.zeros_like(wanted), where=held > 0.0)
