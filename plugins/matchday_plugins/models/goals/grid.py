"""From expected goals to the distribution of the score.

    P(x, y) ∝ τ(x, y) · λ^x/x! · μ^y/y!      x, y = 0 … max_goals, each grid adding up to 1

τ is Dixon and Coles's correction of the low scores (``goals`` has it in full). It is a probability's factor only for
max(−1/λ, −1/μ) ≤ ρ ≤ min(1/(λμ), 1), so ρ is drawn into that range match by match.
"""

from __future__ import annotations

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.likelihood import log_factorials


def score_grid(home_rate: Array, away_rate: Array, *, rho: float = 0.0, max_goals: int = 15) -> Array:
    """Answer the scoreline distributions (n, G, G) of n matches, home by away goals, G = ``max_goals`` + 1.

    ``home_rate`` and ``away_rate`` (n,) are the expected goals λ and μ, positive; NaN, no opinion, makes a grid of NaN.
    Goals beyond ``max_goals`` are left out: with 15 that is less than 1e-7 of the mass up to λ = 3, 1e-4 up to 5.

    >>> score_grid(np.array([1.5]), np.array([1.0]))[0, :2, :2].round(4)
    array([[0.0821, 0.0821],
           [0.1231, 0.1231]])
    """
    grid = _marginal(home_rate, max_goals)[:, :, None] * _marginal(away_rate, max_goals)[:, None, :]
    if rho != 0.0:
        grid[:, :2, :2] *= _tau(home_rate, away_rate, rho)
        grid /= grid.sum(axis=(1, 2), keepdims=True)
    return grid


def _marginal(rate: Array, max_goals: int) -> Array:
    """Answer Poisson probabilities (n, G), truncated and normalised, by way of logarithms: no rate is too large."""
    logs = np.arange(max_goals + 1) * np.log(rate)[:, None] - log_factorials(max_goals)
    p = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def legal_rho(home_rate: Array, away_rate: Array, rho: float) -> Array:
    """Draw ρ into the range (n,) in which τ is a probability's factor."""
    least = np.maximum(-1.0 / home_rate, -1.0 / away_rate)
    most = np.minimum(1.0 / (home_rate * away_rate), 1.0)
    return np.asarray(np.clip(rho, least, most))


def _tau(home_rate: Array, away_rate: Array, rho: float) -> Array:
    """Answer τ of the scores 0-0, 0-1, 1-0 and 1-1 as (n, 2, 2)."""
    legal = legal_rho(home_rate, away_rate, rho)
    tau = [1.0 - home_rate * away_rate * legal, 1.0 + home_rate * legal, 1.0 + away_rate * legal, 1.0 - legal]
    return np.asarray(np.maximum(np.stack(tau, axis=-1), 0.0).reshape(-1, 2, 2))
