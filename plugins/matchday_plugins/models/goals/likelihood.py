"""The likelihood of the goal models: double Poisson (Maher) and Dixon-Coles, with exact first and second derivatives.

    X ~ home goals,  log λ = level + home + att_h + def_a         P(x, y) = τ(x, y) · Pois(x; λ) · Pois(y; μ)
    Y ~ away goals,  log μ = level        + att_a + def_h

    τ(0,0) = 1 − λμρ    τ(0,1) = 1 + λρ    τ(1,0) = 1 + μρ    τ(1,1) = 1 − ρ    τ = 1 elsewhere

A large ``def`` is a weak defence. ρ = 0 is the double Poisson. λ and μ depend on the ordered pair of clubs alone, so
the log-likelihood of any number of matches needs only sums by pair, weighted by age: ``GoalTable``. All that follows
is arithmetic on n × n tables, n clubs.

Parameters are one vector θ: level, home, ρ, n attacks, n defences. The likelihood does not change when the level goes
into the attacks, or the attacks into the defences; a prior, or the solver's ridge, decides.

Maher, M. J. (1982). Modelling association football scores. Statistica Neerlandica 36(3), 109-118. Dixon, M. J. &
Coles, S. G. (1997). Modelling association football scores and inefficiencies in the football betting market. Journal
of the Royal Statistical Society C 46(2), 265-280.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matchday.markets import Array

Ints = npt.NDArray[np.int64]

#: Where θ holds what.
LEVEL, HOME, RHO, CLUBS = 0, 1, 2, 3

#: log τ = log(1 + sign · ρ · z) for 0-0, 0-1, 1-0, 1-1, with z = λμ, λ, μ, 1.
SIGN = np.array([-1.0, 1.0, 1.0, -1.0]).reshape(4, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class GoalTable:
    """What the likelihood needs of the matches: weighted sums by home club (row) and away club (column).

    ``weight`` (n, n) of matches, ``home_goals`` and ``away_goals`` (n, n), ``low`` (4, n, n) of matches that ended
    0-0, 0-1, 1-0 and 1-1; ``constant`` is the sum of w·log(x! y!), and ``matches`` their plain number.
    """

    weight: Array
    home_goals: Array
    away_goals: Array
    low: Array
    constant: float
    matches: int

    @property
    def clubs(self) -> int:
        """How many clubs the table has."""
        return len(self.weight)

    @classmethod
    def of(
        cls,
        home: Ints,
        away: Ints,
        home_goals: Ints,
        away_goals: Ints,
        *,
        weight: Array | None = None,
        clubs: int,
    ) -> GoalTable:
        """Add matches up: clubs are numbered from 0 to ``clubs`` − 1, goals are whole, weights are in (0, 1]."""
        w = np.ones(len(home)) if weight is None else weight
        pair = home * clubs + away
        low = (home_goals <= 1) & (away_goals <= 1)
        cell = ((2 * home_goals + away_goals) * clubs * clubs + pair)[low]
        square = (clubs, clubs)

        def total(values: Array) -> Array:
            sums = np.bincount(pair, weights=values, minlength=clubs * clubs)
            return sums.astype(np.float64).reshape(square)

        factorials = log_factorials(int(max(home_goals.max(initial=0), away_goals.max(initial=0))))
        return cls(
            weight=total(w),
            home_goals=total(w * home_goals),
            away_goals=total(w * away_goals),
            low=np.bincount(cell, weights=w[low], minlength=4 * clubs * clubs).astype(np.float64).reshape(4, *square),
            constant=float(w @ (factorials[home_goals] + factorials[away_goals])),
            matches=len(home),
        )


class Evaluation(NamedTuple):
    """The log-likelihood at θ, its gradient and its Hessian; ``value`` is −∞ where a score would be impossible."""

    value: float
    gradient: Array
    hessian: Array


def log_factorials(largest: int) -> Array:
    """Answer log k! for k = 0 … ``largest``."""
    return np.array([math.lgamma(k + 1.0) for k in range(largest + 1)])


def rates(theta: Array) -> tuple[Array, Array]:
    """Answer λ and μ, each (n, n): expected goals of the home club (row) and of the away club (column)."""
    attack, defence = abilities(theta)
    strength, weakness = np.exp(attack + theta[LEVEL]), np.exp(defence)
    return math.exp(theta[HOME]) * np.outer(strength, weakness), np.outer(weakness, strength)


def abilities(theta: Array) -> tuple[Array, Array]:
    """Split the attacks and the defences off θ."""
    clubs = (len(theta) - CLUBS) // 2
    return theta[CLUBS : CLUBS + clubs], theta[CLUBS + clubs :]


def evaluate(theta: Array, table: GoalTable) -> Evaluation:
    """Evaluate the log-likelihood of the table's matches, with its exact derivatives.

    With u = log λ and v = log μ, a match contributes x·u − e^u + y·v − e^v + log τ. For a low score, where
    τ = 1 + s·ρ·z, the derivatives of log τ follow from r = s·z/τ and k = ρ·r:
    ∂/∂log z: k, ∂²/∂(log z)²: k/τ, ∂/∂ρ: r, ∂²/∂ρ²: −r², ∂²/∂ρ∂log z: r/τ.
    """
    lam, mu = rates(theta)
    z = np.stack([lam * mu, lam, mu, np.ones_like(lam)])
    tau = np.where(table.low > 0.0, 1.0 + SIGN * theta[RHO] * z, 1.0)
    if not (tau > 0.0).all():
        return Evaluation(-math.inf, np.zeros_like(theta), np.zeros((len(theta), len(theta))))
    r = SIGN * z / tau
    counted = table.low * r
    first, second, mixed = theta[RHO] * counted, theta[RHO] * counted / tau, counted / tau

    by_u = table.home_goals - table.weight * lam + first[0] + first[1]
    by_v = table.away_goals - table.weight * mu + first[0] + first[2]
    gradient = _by_parameter(by_u, by_v)
    gradient[RHO] = counted.sum()
    hessian = _hessian(second[0] + second[1] - table.weight * lam, second[0] + second[2] - table.weight * mu, second[0])
    hessian[RHO] = hessian[:, RHO] = _by_parameter(mixed[0] + mixed[1], mixed[0] + mixed[2])
    hessian[RHO, RHO] = -(counted * r).sum()
    return Evaluation(_value(theta, lam, mu, tau, table), gradient, hessian)


def _value(theta: Array, lam: Array, mu: Array, tau: Array, table: GoalTable) -> float:
    attack, defence = abilities(theta)
    scored = table.home_goals.sum(axis=1) + table.away_goals.sum(axis=0)
    conceded = table.home_goals.sum(axis=0) + table.away_goals.sum(axis=1)
    logs = scored @ attack + conceded @ defence + theta[LEVEL] * scored.sum() + theta[HOME] * table.home_goals.sum()
    expected = (table.weight * (lam + mu)).sum()
    return float(logs - expected + (table.low * np.log(tau)).sum() - table.constant)


def _by_parameter(by_u: Array, by_v: Array) -> Array:
    """Carry derivatives by u and v, (n, n) each, over to θ; the one by ρ is left at 0."""
    total, home = by_u.sum() + by_v.sum(), by_u.sum()
    attack, defence = by_u.sum(axis=1) + by_v.sum(axis=0), by_u.sum(axis=0) + by_v.sum(axis=1)
    return np.concatenate([[total, home, 0.0], attack, defence])


def _hessian(uu: Array, vv: Array, uv: Array) -> Array:
    """Carry second derivatives by u and v, (n, n) each, over to θ; the row and column of ρ are left at 0."""
    n = len(uu)
    att, dfc = slice(CLUBS, CLUBS + n), slice(CLUBS + n, None)
    hessian: npt.NDArray[Any] = np.zeros((CLUBS + 2 * n, CLUBS + 2 * n))
    both = uv + uv.T
    hessian[att, att] = hessian[dfc, dfc] = both
    hessian[att, dfc] = uu + vv.T + np.diag(both.sum(axis=1))
    hessian[dfc, att] = hessian[att, dfc].T
    diagonal = np.arange(n)
    hessian[CLUBS + diagonal, CLUBS + diagonal] += uu.sum(axis=1) + vv.sum(axis=0)
    hessian[CLUBS + n + diagonal, CLUBS + n + diagonal] += uu.sum(axis=0) + vv.sum(axis=1)
    hessian[LEVEL] = hessian[:, LEVEL] = _by_parameter(uu + uv, vv + uv)
    hessian[HOME] = hessian[:, HOME] = _by_parameter(uu, uv)
    hessian[LEVEL, LEVEL] = uu.sum() + vv.sum() + 2.0 * uv.sum()
    hessian[LEVEL, HOME] = hessian[HOME, LEVEL] = uu.sum() + uv.sum()
    return hessian
