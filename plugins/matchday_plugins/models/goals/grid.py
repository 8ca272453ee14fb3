"""From expected goals to the distribution of the score.

    P(x, y) ∝ φ(x, y) · λ^x/x! · μ^y/y!      x, y = 0 … max_goals, each grid adding up to 1

φ is the factor of a ``Dependence``, of degree d; 1 where d = 0.
"""

from __future__ import annotations

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import INDEPENDENT, Dependence
from matchday_plugins.models.goals.likelihood import log_factorials


def score_grid(
    home_rate: Array,
    away_rate: Array,
    *,
    dependence: Dependence = INDEPENDENT,
    degree: float = 0.0,
    max_goals: int = 15,
) -> Array:
    """Answer the scoreline distributions (n, G, G) of n matches, home by away goals, G = ``max_goals`` + 1.

    ``home_rate`` and ``away_rate`` (n,) are λ and μ, positive; NaN, no opinion, makes a grid of NaN. Goals beyond
    ``max_goals`` are left out: with 15 that is less than 1e-7 of the mass up to λ = 3, 1e-4 up to 5.

    >>> score_grid(np.array([1.5]), np.array([1.0]))[0, :2, :2].round(4)
    array([[0.0821, 0.0821],
           [0.1231, 0.1231]])
    """
    grid = _marginal(home_rate, max_goals)[:, :, None] * _marginal(away_rate, max_goals)[:, None, :]
    return dependence.weigh(grid, home_rate=home_rate, away_rate=away_rate, degree=degree)


def _marginal(rate: Array, max_goals: int) -> Array:
    """Answer Poisson probabilities (n, G), truncated and normalised, by way of logarithms: no rate is too large."""
    logs = np.arange(max_goals + 1) * np.log(rate)[:, None] - log_factorials(max_goals)
    p = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True))
