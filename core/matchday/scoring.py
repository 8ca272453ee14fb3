"""How good probabilities are, match by match: log-loss, ranked probability score, calibration.

Throughout ``p`` is (n, k), a row a match and a column a selection of one market, in the market's order; a row of NaN is
no opinion and scores NaN. ``won`` (n,) is the position of the selection that won.

Good, I. J. (1952). Rational decisions. Journal of the Royal Statistical Society B 14(1), 107-114 (log-loss). Epstein,
E. S. (1969). A scoring system for probability forecasts of ranked categories. Journal of Applied Meteorology 8(6),
985-987. Naeini, M. P., Cooper, G. F. & Hauskrecht, M. (2015). Obtaining well calibrated probabilities using Bayesian
binning. AAAI-15, 2901-2907 (expected calibration error).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.markets import MATCH_RESULT, Array, Market, outcomes

Ints = npt.NDArray[np.int64]


def winners(matches: pd.DataFrame, market: Market = MATCH_RESULT) -> Ints:
    """Answer the position of the winning selection (n,), from ``home_goals`` and ``away_goals``."""
    return np.asarray(outcomes(matches, market).to_numpy().argmax(axis=1), dtype=np.int64)


def log_loss(p: Array, won: Ints) -> Array:
    """Answer −log p(winner) in nats (n,); infinite where the winner had been called impossible.

    >>> log_loss(np.array([[0.5, 0.25, 0.25]]), np.array([0])).round(4)
    array([0.6931])
    """
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(p[np.arange(len(p)), won]))


def ranked_probability_score(p: Array, won: Ints) -> Array:
    """Answer 1/(k − 1) Σ_{i<k} (Σ_{j≤i} p_j − 1[won ≤ i])², in [0, 1], of selections in their order (n,).

    >>> ranked_probability_score(np.array([[0.35, 0.3, 0.35]]), np.array([1])).round(4)
    array([0.1225])
    """
    k = p.shape[1]
    reached = (won[:, None] <= np.arange(k - 1)).astype(np.float64)
    return np.asarray(((p.cumsum(axis=1)[:, :-1] - reached) ** 2).sum(axis=1) / (k - 1))


def calibration_error(p: Array, won: Ints, *, bins: int = 10) -> Array:
    """Answer the expected calibration error of each selection (k,): Σ_b n_b/n |mean p − share won| over equal bins.

    Each selection's forecasts are sorted and cut into ``bins`` groups of equal size. Matches without an opinion are
    left out; NaN where there is no other.
    """
    known = ~np.isnan(p).any(axis=1)
    p, won = p[known], won[known]
    if not len(p):
        return np.full(p.shape[1], np.nan)
    hit = won[:, None] == np.arange(p.shape[1])
    errors = []
    for column, happened in zip(p.T, hit.T, strict=True):
        groups = np.array_split(np.argsort(column, kind="stable"), min(bins, len(p)))
        errors.append(sum(abs(float((column[rows] - happened[rows]).sum())) for rows in groups) / len(p))
    return np.array(errors)
