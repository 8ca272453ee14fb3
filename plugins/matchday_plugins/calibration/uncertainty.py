"""Carry standard errors of probabilities over to corrected ones: the delta method.

    V' = J V Jᵀ        J the derivatives of the corrected probabilities by the original ones

V follows from the standard errors alone where a market has two or three selections: its rows add up to zero, because
the probabilities add up to one, so that 2·cov(1, 2) = var(3) − var(1) − var(2).
"""

from __future__ import annotations

import numpy as np

from matchday.markets import Array


def carried(errors: Array, slopes: Array) -> Array:
    """Answer standard errors (n, k) of corrected probabilities, from those of the original ones (n, k), k = 2 or 3.

    ``slopes`` (n, k, k) are derivatives: corrected selection by original selection. Where an error is NaN, not known,
    the answer's are too; so they are for more than three selections, whose covariances are not determined.

    >>> carried(np.array([[0.02, 0.02]]), 0.5 * np.eye(2)[None]).tolist()
    [[0.01, 0.01]]
    """
    if errors.shape[1] > 3:
        return np.full(errors.shape, np.nan)
    variance = np.einsum("nij,njk,nik->ni", slopes, covariance(errors), slopes)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def covariance(errors: Array) -> Array:
    """Answer the covariances (n, k, k) of probabilities that add up to 1, k = 2 or 3, from their standard errors."""
    v = errors**2
    k = v.shape[1]
    total = v.sum(axis=1)
    out = np.empty((len(v), k, k))
    for i in range(k):
        for j in range(k):
            pair = 0.5 * (total - v[:, i] - v[:, j]) - 0.5 * (v[:, i] + v[:, j])
            out[:, i, j] = v[:, i] if i == j else (-0.5 * total if k == 2 else pair)
    return out
