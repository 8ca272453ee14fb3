"""The likelihood of the goal models: double Poisson (Maher) with or without dependence, and its exact derivatives.

    X ~ home goals,  log λ = level + home + att_h + def_a         P(x, y) = e^(−c·d) φ(x, y) Pois(x; λ) Pois(y; μ)
    Y ~ away goals,  log μ = level        + att_a + def_h

A large ``def`` is a weak defence. φ and the degree d are those of a ``Dependence``; d = 0 is the double Poisson. λ and
μ depend on the ordered pair of clubs alone, so the double Poisson's log-likelihood of any number of matches needs only
sums by pair, weighted by age, and is arithmetic on n × n tables, n clubs. φ is worked out match by match, for the
scores that it bears on: ``GoalTable`` has both.

Parameters are one vector θ: level, home, d, n attacks, n defences. The likelihood does not change when the level goes
into the attacks, or the attacks into the defences; a prior, or the solver's ridge, decides.

Maher, M. J. (1982). Modelling association football scores. Statistica Neerlandica 36(3), 109-118.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import INDEPENDENT, Dependence, Factor, Ints

#: Where θ holds what.
LEVEL, HOME, DEGREE, CLUBS = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, eq=False)
class GoalTable:
    """What the likelihood needs of the matches.

    Weighted sums by home club (row) and away club (column): ``weight`` (n, n) of matches, ``home_goals`` and
    ``away_goals``. Of the m matches whose scores the ``dependence`` bears on: ``pair`` (m,), the place in those tables,
    scores ``x`` and ``y``, weights ``counts``. ``constant`` is the sum of w·log(x! y!), and ``matches`` the plain
    number of all.
    """

    weight: Array
    home_goals: Array
    away_goals: Array
    dependence: Dependence
    pair: Ints
    x: Ints
    y: Ints
    counts: Array
    constant: float
    matches: int

    @property
    def clubs(self) -> int:
        """How many clubs the table has."""
        return len(self.weight)

    def total(self, values: Array) -> Array:
        """Add up values of the m matches, (m,), by pair: (n, n)."""
        return _by_pair(self.pair, self.counts * values, self.clubs)

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
        dependence: Dependence = INDEPENDENT,
    ) -> GoalTable:
        """Add matches up: clubs are numbered from 0 to ``clubs`` − 1, goals are whole, weights are in [0, 1]."""
        w = np.ones(len(home)) if weight is None else weight
        pair = home * clubs + away
        borne = dependence.bears_on(home_goals, away_goals) & (w > 0.0)
        factorials = log_factorials(int(max(home_goals.max(initial=0), away_goals.max(initial=0))))
        return cls(
            weight=_by_pair(pair, w, clubs),
            home_goals=_by_pair(pair, w * home_goals, clubs),
            away_goals=_by_pair(pair, w * away_goals, clubs),
            dependence=dependence,
            pair=pair[borne],
            x=home_goals[borne],
            y=away_goals[borne],
            counts=w[borne],
            constant=float(w @ (factorials[home_goals] + factorials[away_goals])),
            matches=len(home),
        )


def _by_pair(pair: Ints, values: Array, clubs: int) -> Array:
    return np.bincount(pair, weights=values, minlength=clubs * clubs).astype(np.float64).reshape(clubs, clubs)


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

    With u = log λ and v = log μ, a match contributes x·u − e^u + y·v − e^v − c·d + log φ.
    """
    lam, mu = rates(theta)
    by_u, by_v = table.home_goals - table.weight * lam, table.away_goals - table.weight * mu
    uu, vv = -table.weight * lam, -table.weight * mu
    if not len(table.pair) and not table.dependence.cost:
        return Evaluation(_value(theta, lam, mu, table), _by_parameter(by_u, by_v), _hessian(uu, vv, np.zeros_like(uu)))
    phi, total = _factor(theta[DEGREE], lam, mu, table), table.total
    if (phi.value == -np.inf).any():
        return Evaluation(-math.inf, np.zeros_like(theta), np.zeros((len(theta), len(theta))))
    cost = table.dependence.cost * table.weight.sum()
    gradient = _by_parameter(by_u + total(phi.u), by_v + total(phi.v))
    gradient[DEGREE] = table.counts @ phi.d - cost
    hessian = _hessian(uu + total(phi.uu), vv + total(phi.vv), total(phi.uv))
    hessian[DEGREE] = hessian[:, DEGREE] = _by_parameter(total(phi.ud), total(phi.vd))
    hessian[DEGREE, DEGREE] = table.counts @ phi.dd
    value = _value(theta, lam, mu, table) + float(table.counts @ phi.value - cost * theta[DEGREE])
    return Evaluation(value, gradient, hessian)


def _factor(degree: float, lam: Array, mu: Array, table: GoalTable) -> Factor:
    rates_there = {"home_rate": lam.ravel()[table.pair], "away_rate": mu.ravel()[table.pair]}
    return table.dependence.factor(table.x, table.y, **rates_there, degree=degree)


def _value(theta: Array, lam: Array, mu: Array, table: GoalTable) -> float:
    """Answer the double Poisson's log-likelihood."""
    attack, defence = abilities(theta)
    scored = table.home_goals.sum(axis=1) + table.away_goals.sum(axis=0)
    conceded = table.home_goals.sum(axis=0) + table.away_goals.sum(axis=1)
    logs = scored @ attack + conceded @ defence + theta[LEVEL] * scored.sum() + theta[HOME] * table.home_goals.sum()
    expected = (table.weight * (lam + mu)).sum()
    return float(logs - expected - table.constant)


def _by_parameter(by_u: Array, by_v: Array) -> Array:
    """Carry derivatives by u and v, (n, n) each, over to θ; the one by d is left at 0."""
    total, home = by_u.sum() + by_v.sum(), by_u.sum()
    attack, defence = by_u.sum(axis=1) + by_v.sum(axis=0), by_u.sum(axis=0) + by_v.sum(axis=1)
    return np.concatenate([[total, home, 0.0], attack, defence])


def _hessian(uu: Array, vv: Array, uv: Array) -> Array:
    """Carry second derivatives by u and v, (n, n) each, over to θ; the row and column of d are left at 0."""
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
