"""Conformal p-values: how often would a match like those before be as unusual as this one?

    p = (1 + #{calibration scores >= score}) / (n + 1)

Whatever the score, P(p <= a) <= a for every a, as long as the match and the n of the calibration could as well have
come in any other order (exchangeability). Of seasons that is true by and large and no more, so that how often a clean
season is suspected has to be measured.

Vovk, V., Gammerman, A. & Shafer, G. (2005). Algorithmic learning in a random world. Springer. Bates, S., Candès, E.,
Lei, L., Romano, Y. & Sesia, M. (2023). Testing for outliers with conformal p-values. Annals of Statistics 51(1).
"""

from __future__ import annotations

import numpy as np

from matchday.markets import Array


def p_values(scores: Array, calibration: Array) -> Array:
    """Answer the p-values of scores (m,), given the ``calibration`` scores (n,): large is unusual.

    >>> p_values(np.array([0.95, 0.5, 0.0]), np.array([0.1, 0.5, 0.9])).tolist()
    [0.25, 0.75, 1.0]
    """
    n = len(calibration)
    as_large = n - np.searchsorted(np.sort(calibration), scores, side="left")
    return np.asarray((1.0 + as_large) / (n + 1.0), dtype=np.float64)


def enough(cases: int, p0: float) -> bool:
    """Whether so many calibration scores can tell that a match is as unusual as ``p0``: n >= 1 / p0.

    >>> enough(20, 0.05), enough(19, 0.05)
    (True, False)
    """
    return cases >= 1.0 / p0


def multiplier(p: Array, p0: float) -> Array:
    """Answer what is left of a stake, min(1, p / p0); a p-value that is not known, NaN, leaves all of it.

    >>> multiplier(np.array([0.125, 0.25, 0.8, np.nan]), 0.25).tolist()
    [0.5, 1.0, 1.0, 1.0]
    """
    return np.where(np.isnan(p), 1.0, np.minimum(1.0, p / p0))
