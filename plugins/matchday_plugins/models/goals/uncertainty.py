"""How sure a goal model is of its probabilities: standard errors by the delta method.

    C = D (−H)⁻¹ Dᵀ                                covariance of s = (u, v, d), u = log λ, v = log μ, one (3, 3) a match
    ∂p/∂s = Cov_P(∂ log w/∂s, 1_sel)               P = w / Σ w the score grid, p the mass of a selection's scores
    ∂ log w/∂u = x + ∂ log φ/∂u,  ∂ log w/∂v = y + ∂ log φ/∂v,  ∂ log w/∂d = ∂ log φ/∂d      (constants drop out)
    se(p)² = ∂p/∂s · C · ∂p/∂s

d is the degree of dependence and φ its factor on a score. H is the Hessian of the penalised log-likelihood at its
maximum, D the rows of θ that make up s. (−H)⁻¹ is Laplace's approximation of the posterior's covariance. With matches
weighted by age it is that of a power posterior, in which a match of weight ½ counts as half a match. It knows of the
luck in the scores it was fitted to, given abilities that stand still; not of abilities that drift, of line-ups, or of a
model that is wrong.

Tierney, L. & Kadane, J. B. (1986). Accurate approximations for posterior moments and marginal densities. Journal of
the American Statistical Association 81(393), 82-86. Oehlert, G. W. (1992). A note on the delta method. The American
Statistician 46(1), 27-29.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from matchday.markets import Array, price_scores
from matchday_plugins.models.goals.dependence import Dependence, Ints
from matchday_plugins.models.goals.fit import ridge_of
from matchday_plugins.models.goals.likelihood import CLUBS, DEGREE, HOME, LEVEL

#: A logarithm known to within this many units is not known at all.
WIDEST = 100.0


def standard_errors(slopes: Array, covariance: Array) -> Array:
    """Answer se (n, selections) from slopes (n, 3, selections) and covariances (n, 3, 3) of (u, v, d).

    NaN where a slope is, and where the covariance is none, which happens off a maximum alone.
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt((slopes * (covariance @ slopes)).sum(axis=1)))


def rate_covariance(curvature: Array, home: Ints, away: Ints, *, unseen: Array | None = None) -> Array:
    """Answer the covariances (n, 3, 3) of (log λ, log μ, d) of n pairings.

    ``curvature`` is −H (p, p); a d of which it says nothing is taken as known. ``home`` and ``away`` (n,) are places
    in θ, −1 for clubs that are not in it: ``unseen`` (n, 2, 2) is what these add to the covariance of log λ and log μ.
    NaN where the matches leave a rate open: without a prior, that of clubs nobody ties to one another, or of a club
    that has not scored yet, whose fitted rate is all but 0.
    """
    n, size = len(home), len(curvature)
    rows = _directions(home, away, size=size, degree=curvature[DEGREE, DEGREE] > 0.0)
    solvable = curvature.copy()
    solvable.flat[:: size + 1] += ridge_of(curvature)
    joint = rows @ np.linalg.solve(solvable, rows.T)
    place = np.outer(np.arange(n), (1, 1, 0)) + np.array([0, n, 2 * n])
    blocks = joint[place[:, :, None], place[:, None, :]]
    if unseen is not None:
        blocks[:, :2, :2] += unseen
    blocks[(blocks.diagonal(axis1=1, axis2=2) > WIDEST**2).any(axis=1)] = np.nan
    return np.asarray(blocks)


def _directions(home: Ints, away: Ints, *, size: int, degree: bool) -> Array:
    """Write n log λ, n log μ and d as rows (2n + 1, p) of coefficients of θ; without ``degree`` the last one is 0."""
    n, clubs = len(home), (size - CLUBS) // 2
    rows = np.zeros((2 * n + 1, size + clubs + 1))  # columns past ``size`` take the abilities of clubs not in θ
    u, v = np.arange(n), np.arange(n, 2 * n)
    hosts, guests = np.where(home < 0, size, CLUBS + home), np.where(away < 0, size, CLUBS + away)
    rows[: 2 * n, LEVEL] = rows[:n, HOME] = 1.0
    rows[u, hosts] = rows[u, clubs + guests] = 1.0
    rows[v, guests] = rows[v, clubs + hosts] = 1.0
    rows[-1, DEGREE] = float(degree)
    return rows[:, :size]


def probability_slopes(
    scores: Array, home_rate: Array, away_rate: Array, *, dependence: Dependence, degree: float
) -> Array:
    """Answer ∂p/∂(log λ, log μ, d) of all selections (n, 3, selections), of ``score_grid`` s ``scores`` (n, G, G).

    A market's slopes add up to 0. NaN where the scores are.
    """
    n, goals = len(scores), scores.shape[1]
    cells = scores.reshape(n, -1)
    moments = (cells @ _moments(goals)).reshape(n, 3, -1)  # of 1, x, y, on each selection and on all
    p = moments[:, :1, :-1]
    places, by_factor = dependence.slopes(goals, home_rate=home_rate, away_rate=away_rate, degree=degree)
    moved = cells[:, None, places] * by_factor
    slopes = moved @ _winners(goals)[places] - p * moved.sum(axis=2, keepdims=True)
    slopes[:, :2] += moments[:, 1:, :-1] - p * moments[:, 1:, -1:]
    return np.asarray(slopes)


@cache
def _winners(goals: int) -> Array:
    """Say of each score which selections it wins: (G·G, selections)."""
    each_score = np.eye(goals * goals).reshape(-1, goals, goals)
    return np.stack(list(price_scores(each_score).values()), axis=1)


@cache
def _moments(goals: int) -> Array:
    """Answer what 1, x and y of each score add to each selection, and to the whole: (G·G, 3·(selections + 1))."""
    x, y = (axis.ravel() for axis in np.indices((goals, goals)))
    wins = np.column_stack([_winners(goals), np.ones(goals * goals)])
    return np.concatenate([power[:, None] * wins for power in (np.ones(goals * goals), x, y)], axis=1)
