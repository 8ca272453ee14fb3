"""Dixon and Coles's correction of the low scores: d is their ρ, and φ their τ.

    τ(0,0) = 1 − λμρ    τ(0,1) = 1 + λρ    τ(1,0) = 1 + μρ    τ(1,1) = 1 − ρ    τ = 1 elsewhere

so τ = 1 + ρ·s·z with z = λ^(1−x) μ^(1−y) and s = ±1. It leaves the expected goals what they are. It is a probability's
factor only for max(−1/λ, −1/μ) ≤ ρ ≤ min(1/(λμ), 1), so in a score grid ρ is drawn into that range match by match.

Dixon, M. J. & Coles, S. G. (1997). Modelling association football scores and inefficiencies in the football betting
market. Journal of the Royal Statistical Society C 46(2), 265-280.
"""

from __future__ import annotations

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import Bools, Dependence, Factor, Ints

#: |ρ| is kept within this; beyond it τ may turn negative for ordinary scores.
RHO_BOUND = 0.2

#: The scores 0-0, 0-1, 1-0 and 1-1, and s.
X, Y, SIGN = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([-1.0, 1.0, 1.0, -1.0])

#: ∂ log z/∂(u, v, ρ) of those scores, (3, 4).
Z_SLOPES = np.stack([1.0 - X, 1.0 - Y, np.zeros(4)])


class LowScores(Dependence):
    """Dependence of 0-0, 0-1, 1-0 and 1-1 alone."""

    least, most = -RHO_BOUND, RHO_BOUND
    prior = (-0.05, 0.05)  # two seasons outweigh it
    cost = 0.0

    def bears_on(self, x: Ints, y: Ints) -> Bools:
        """Say which scores are low."""
        return (x <= 1) & (y <= 1)

    def factor(self, x: Ints, y: Ints, *, home_rate: Array, away_rate: Array, degree: float) -> Factor:
        """Answer log τ and its derivatives.

        With r = s·z/τ and k = ρ·r: ∂/∂log z: k, ∂²/∂(log z)²: k/τ, ∂/∂ρ: r, ∂²/∂ρ²: −r², ∂²/∂ρ∂log z: r/τ.
        """
        by_u, by_v = 1.0 - x, 1.0 - y
        sz = np.where(x == y, -1.0, 1.0) * np.where(x == 0, home_rate, 1.0) * np.where(y == 0, away_rate, 1.0)
        tau = 1.0 + degree * sz
        if not (tau > 0.0).all():
            nothing = np.zeros(len(x))
            return Factor(np.where(tau > 0.0, 0.0, -np.inf), *[nothing] * 9)
        r = sz / tau
        k, mixed = degree * r, r / tau
        second = k / tau
        first = k * by_u, k * by_v, r
        return Factor(
            np.log(tau), *first, second * by_u, second * by_v, second * by_u * by_v, mixed * by_u, mixed * by_v, -r * r
        )

    def weigh(self, grid: Array, *, home_rate: Array, away_rate: Array, degree: float) -> Array:
        """Multiply the low scores by τ."""
        if degree == 0.0:
            return grid
        legal = legal_rho(home_rate, away_rate, degree)
        tau = 1.0 + legal[:, None] * SIGN * _z(home_rate, away_rate)
        weighed = grid.copy()
        weighed[:, :2, :2] *= np.maximum(tau, 0.0).reshape(-1, 2, 2)
        return np.asarray(weighed / weighed.sum(axis=(1, 2), keepdims=True))

    def slopes(self, goals: int, *, home_rate: Array, away_rate: Array, degree: float) -> tuple[Ints, Array]:
        """Answer ∂ log τ/∂(u, v, ρ) of the low scores, (n, 3, 4), 0 for scores that are impossible.

        It is s·z/τ · (ρ·∂ log z/∂s + ∂ρ/∂s), where ρ moves with the rates if they bound it.
        """
        legal = legal_rho(home_rate, away_rate, degree)
        sz = SIGN * _z(home_rate, away_rate)
        tau = 1.0 + legal[:, None] * sz
        ratio = np.divide(sz, tau, out=np.zeros_like(sz), where=~(tau <= 0.0))
        moves = _rho_slopes(home_rate, away_rate, degree, legal)
        return X * goals + Y, ratio[:, None, :] * (legal[:, None, None] * Z_SLOPES + moves[:, :, None])


LOW_SCORES = LowScores()


def legal_rho(home_rate: Array, away_rate: Array, rho: float) -> Array:
    """Draw ρ into the range (n,) in which τ is a probability's factor."""
    least = np.maximum(-1.0 / home_rate, -1.0 / away_rate)
    most = np.minimum(1.0 / (home_rate * away_rate), 1.0)
    return np.asarray(np.clip(rho, least, most))


def _z(home_rate: Array, away_rate: Array) -> Array:
    """Answer z of the low scores, (n, 4)."""
    return np.stack([home_rate * away_rate, home_rate, away_rate, np.ones_like(home_rate)], axis=1)


def _rho_slopes(home_rate: Array, away_rate: Array, rho: float, legal: Array) -> Array:
    """Answer ∂ρ/∂(u, v, ρ), (n, 3), of the ρ that is used: its bounds are 1/(λμ) and −1/max(λ, μ)."""
    slopes = np.zeros((len(legal), 3))
    bound = legal != rho
    slopes[:, 2] = ~bound
    if bound.any():
        slopes[:, 0] = np.where(bound & ((rho > 0.0) | (home_rate >= away_rate)), -legal, 0.0)
        slopes[:, 1] = np.where(bound & ((rho > 0.0) | (home_rate < away_rate)), -legal, 0.0)
    return slopes
