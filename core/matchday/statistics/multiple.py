"""Many comparisons at once: Holm's correction, and the test that KellyBench makes.

Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6(2),
65-70. Mann, H. B. & Whitney, D. R. (1947). On a test of whether one of two random variables is stochastically larger
than the other. Annals of Mathematical Statistics 18(1), 50-60. Grady, T. et al. (2026). KellyBench. arXiv 2604.27865.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchday.errors import MatchdayError
from matchday.markets import Array


def holm(p: Sequence[float] | Array, *, tests: int | None = None) -> Array:
    """Adjust p-values (n,) for their number, so that any false finding at all has at most the chance claimed.

    p̃_(i) = max_{j≤i} min(1, (m − j + 1) p_(j)). ``tests`` is m, by default n; where more were made than are listed,
    as by agents tried and not compared, the others count as though nothing had come of them, which is the safe side.
    NaN stays NaN and is no test. Raises ``MatchdayError`` on a p outside [0, 1].

    >>> holm([0.01, 0.04, 0.03]).round(2)
    array([0.03, 0.06, 0.06])
    """
    values = np.asarray(p, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(values))
    if (values[known] < 0.0).any() or (values[known] > 1.0).any():
        raise MatchdayError(f"Holm: p-values from {values[known].min()} to {values[known].max()}; rule: in [0, 1].")
    ordered = known[np.argsort(values[known], kind="stable")]
    left = max(len(known), tests or 0) - np.arange(len(known))
    adjusted = np.full(len(values), np.nan)
    adjusted[ordered] = np.maximum.accumulate(np.minimum(1.0, left * values[ordered]))
    return adjusted


def mann_whitney(a: Array, b: Array) -> float:
    """Answer the two-sided p-value that neither sample tends to be larger; the normal approximation, ties corrected.

    KellyBench asks it of log returns pooled over matchdays and seeds. Two things are to be known of it. It takes all
    returns for independent, and those of several seeds of one schedule are not: pooling them overstates significance,
    as its authors say. And it asks which sample tends to be larger, not which has the larger sum: a bettor who wins
    pennies often and loses all once passes. NaN where a sample is empty; 1 where all values are the same.
    """
    if not len(a) or not len(b):
        return np.nan
    if np.ptp(np.concatenate([a, b])) == 0.0:
        return 1.0
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(a, b, alternative="two-sided", method="asymptotic").pvalue)
