"""The bivariate Poisson: both sides share goals of their own process, and d is its rate λ₃.

    X = U₁ + U₃    Y = U₂ + U₃      U₁ ~ Pois(λ), U₂ ~ Pois(μ), U₃ ~ Pois(λ₃), independent

    φ(x, y) = Σ_k c_k q^k      c_k = C(x, k) C(y, k) k!,  q = λ₃/(λμ),  k = 0 … min(x, y);  c = 1

λ and μ are the net rates: expected goals are λ + λ₃ and μ + λ₃, and their covariance is λ₃. Given a score, k is
distributed as c_k q^k/φ, so ∂ log φ/∂ log q is its mean and the second derivative its variance. What is divided by λ₃
is written as a power series in q, which is as good at λ₃ = 0, where the double Poisson is.

Karlis, D. & Ntzoufras, I. (2003). Analysis of sports data by using bivariate Poisson models. Journal of the Royal
Statistical Society D 52(3), 381-393.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import Bools, Dependence, Factor, Ints

#: λ₃ is kept within this; leagues have 0 to 0.2.
MOST_SHARED = 0.5

#: λμ is taken for at least this, so that powers of λ₃/(λμ) stay finite.
LEAST_PRODUCT = 1e-12


class SharedGoals(Dependence):
    """Dependence by goals that both sides score: λ₃ ≥ 0."""

    least, most = 0.0, MOST_SHARED
    prior = (0.0, 0.1)  # half of a normal distribution, since λ₃ ≥ 0
    cost = 1.0

    def bears_on(self, x: Ints, y: Ints) -> Bools:
        """Say in which scores both sides have a goal."""
        return (x >= 1) & (y >= 1)

    def factor(self, x: Ints, y: Ints, *, home_rate: Array, away_rate: Array, degree: float) -> Factor:
        """Answer log φ and its derivatives, by way of m₁ = φ′/φ and m₂ = φ″/φ in q."""
        z = _product(home_rate, away_rate)
        q = degree / z
        total, m1, m2 = _series(_coefficients(*_sizes(x, y)), x, y, q)
        mean = q * m1
        variance = q * (q * m2 + m1 - mean * m1)
        r, mixed = m1 / z, -(q * m2 + m1 - mean * m1) / z
        return Factor(np.log(total), -mean, -mean, r, variance, variance, variance, mixed, mixed, m2 / z**2 - r * r)

    def weigh(self, grid: Array, *, home_rate: Array, away_rate: Array, degree: float) -> Array:
        """Multiply the grid by φ."""
        if degree == 0.0:
            return grid
        q = degree / _product(home_rate, away_rate)
        weighed = grid * _on_grid(grid.shape[1], q)[0]
        return np.asarray(weighed / weighed.sum(axis=(1, 2), keepdims=True))

    def slopes(self, goals: int, *, home_rate: Array, away_rate: Array, degree: float) -> tuple[Ints, Array]:
        """Answer ∂ log φ/∂(u, v, λ₃), (n, 3, G·G): −E k, −E k, E k/λ₃."""
        z = _product(home_rate, away_rate)
        m1 = _on_grid(goals, degree / z)[1].reshape(len(z), -1) / z[:, None]
        return np.arange(goals * goals), np.stack([-degree * m1, -degree * m1, m1], axis=1)

    def shared(self, degree: float) -> float:
        """Answer λ₃."""
        return degree


SHARED_GOALS = SharedGoals()


@cache
def _coefficients(goals: int, most: int) -> Array:
    """Answer c_k of all scores of fewer than ``goals`` goals a side, for k = 0 … ``most``: (G, G, most + 1)."""
    choose = np.array([[float(math.comb(x, k)) for k in range(most + 1)] for x in range(goals)])
    factorials = np.array([float(math.factorial(k)) for k in range(most + 1)])
    return np.asarray(choose[:, None, :] * choose[None, :, :] * factorials)


def _product(home_rate: Array, away_rate: Array) -> Array:
    """Answer λμ, and no less than can be divided by: two clubs that never score have shared goals alone."""
    return np.maximum(home_rate * away_rate, LEAST_PRODUCT)


def _sizes(x: Ints, y: Ints) -> tuple[int, int]:
    """Answer how many goals and which k these scores need."""
    return int(max(x.max(initial=0), y.max(initial=0))) + 1, int(np.minimum(x, y).max(initial=0))


def _series(coefficients: Array, x: Ints, y: Ints, q: Array) -> tuple[Array, Array, Array]:
    """Answer φ, φ′/φ and φ″/φ (derivatives by q) of m scores, by Horner's rule."""
    first, half_second, total = np.zeros((3, len(q)))
    for c in reversed(coefficients[x, y].T):
        half_second = half_second * q + first
        first = first * q + total
        total = total * q + c
    return total, first / total, 2.0 * half_second / total


def _on_grid(goals: int, q: Array) -> tuple[Array, Array]:
    """Answer φ and φ′/φ of every score of fewer than ``goals`` goals, (n, G, G) each."""
    c = _coefficients(goals, goals - 1)
    k = np.arange(goals)
    powers = q[:, None] ** k
    total = np.tensordot(powers, c, axes=(1, 2))
    first = np.tensordot(powers[:, :-1], k[1:] * c[:, :, 1:], axes=(1, 2))
    return total, first / total
