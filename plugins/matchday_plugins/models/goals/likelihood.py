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
from typing import NamedTuple

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import INDEPENDENT, Dependence, Factor, Ints

#: Where θ holds what.
LEVEL, HOME, DEGREE, CLUBS = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, eq=False)
class GoalTable:
    """What the likelihood needs of the matches.

    Weighted sums by home club (row) and away club (column): ``weight`` (n, n) of matches, ``home_goals`` and
    ``away_goals``; by club: goals ``scored`` and ``conceded`` (n,). Of the m matches whose scores the ``dependence``
    bears on: ``pair`` (m,), the place in those tables, scores ``x`` and ``y``, weights ``counts``; ``places`` (7m,) are
    those in seven such tables on end. ``constant`` is the sum of w·log(x! y!), and ``matches`` the plain number of all.
    """

    weight: Array
    home_goals: Array
    away_goals: Array
    scored: Array
    conceded: Array
    dependence: Dependence
    pair: Ints
    places: Ints
    x: Ints
    y: Ints
    counts: Array
    constant: float
    matches: int

    @property
    def clubs(self) -> int:
        """How many clubs the table has."""
        return len(self.weight)

    def totals(self, phi: Factor) -> Array:
        """Add up the derivatives of log φ by u, v, uu, vv, uv, ud and vd, by pair: (7, n, n)."""
        each = np.concatenate([phi.u, phi.v, phi.uu, phi.vv, phi.uv, phi.ud, phi.vd]).reshape(7, -1) * self.counts
        sums = np.bincount(self.places, weights=each.ravel(), minlength=7 * self.clubs**2)
        return np.asarray(sums, dtype=np.float64).reshape(7, self.clubs, self.clubs)

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
        at_home, away_from_home = (_by_pair(pair, w * goals, clubs) for goals in (home_goals, away_goals))
        return cls(
            weight=_by_pair(pair, w, clubs),
            home_goals=at_home,
            away_goals=away_from_home,
            scored=at_home.sum(axis=1) + away_from_home.sum(axis=0),
            conceded=at_home.sum(axis=0) + away_from_home.sum(axis=1),
            dependence=dependence,
            pair=pair[borne],
            places=(pair[borne] + clubs**2 * np.arange(7)[:, None]).ravel(),
            x=home_goals[borne],
            y=away_goals[borne],
            counts=w[borne],
            constant=float(w @ (factorials[home_goals] + factorials[away_goals])),
            matches=len(home),
        )


def _by_pair(pair: Ints, values: Array, clubs: int) -> Array:
    return np.asarray(np.bincount(pair, weights=values, minlength=clubs * clubs), dtype=np.float64).reshape(
        clubs, clubs
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

    With u = log λ and v = log μ, a match contributes x·u − e^u + y·v − e^v − c·d + log φ.
    """
    lam, mu = rates(theta)
    expected_x, expected_y = table.weight * lam, table.weight * mu
    phi = _factor(theta[DEGREE], lam, mu, table)
    if (phi.value == -np.inf).any():
        return Evaluation(-math.inf, np.zeros_like(theta), np.zeros((len(theta), len(theta))))
    u, v, uu, vv, uv, ud, vd = table.totals(phi)
    uu, vv, cost = uu - expected_x, vv - expected_y, table.dependence.cost * table.weight.sum()
    gradient, level, home, degree, own = _by_parameter(
        np.stack([table.home_goals - expected_x + u, uu + uv, uu, ud, uu]),
        np.stack([table.away_goals - expected_y + v, vv + uv, uv, vd, vv]),
    )
    gradient[DEGREE] = table.counts @ phi.d - cost
    hessian = _between_clubs(uu, vv, uv, own)
    for place, row in ((LEVEL, level), (HOME, home), (DEGREE, degree)):
        hessian[place, CLUBS:] = hessian[CLUBS:, place] = row[CLUBS:]
    hessian[LEVEL, :DEGREE] = hessian[:DEGREE, LEVEL] = level[:DEGREE]
    hessian[HOME, HOME] = home[HOME]
    hessian[DEGREE, :DEGREE] = hessian[:DEGREE, DEGREE] = degree[:DEGREE]
    hessian[DEGREE, DEGREE] = table.counts @ phi.dd
    value = _value(theta, table) - float(expected_x.sum() + expected_y.sum() + cost * theta[DEGREE])
    return Evaluation(value + float(table.counts @ phi.value), gradient, hessian)


def _factor(degree: float, lam: Array, mu: Array, table: GoalTable) -> Factor:
    there = {"home_rate": lam.ravel()[table.pair], "away_rate": mu.ravel()[table.pair]}
    return table.dependence.factor(table.x, table.y, **there, degree=degree)


def _value(theta: Array, table: GoalTable) -> float:
    """Answer the double Poisson's log-likelihood, short of the expected goals."""
    attack, defence = abilities(theta)
    logs = table.scored @ attack + table.conceded @ defence
    logs += theta[LEVEL] * table.scored.sum() + theta[HOME] * table.home_goals.sum()
    return float(logs - table.constant)


def _by_parameter(by_u: Array, by_v: Array) -> Array:
    """Carry derivatives by u and v, (k, n, n) each, over to θ, (k, p); the one by d is left at 0."""
    host_u, guest_u, host_v, guest_v = by_u.sum(axis=2), by_u.sum(axis=1), by_v.sum(axis=2), by_v.sum(axis=1)
    home = host_u.sum(axis=1, keepdims=True)
    total = home + host_v.sum(axis=1, keepdims=True)
    return np.concatenate([total, home, np.zeros_like(home), host_u + guest_v, guest_u + host_v], axis=1)


def _between_clubs(uu: Array, vv: Array, uv: Array, own: Array) -> Array:
    """Carry second derivatives by u and v, (n, n) each, over to the abilities in θ; the rest is left at 0.

    ``own`` (p,) are those by ``uu`` and ``vv`` as ``_by_parameter`` has them.
    """
    n = len(uu)
    att, dfc = slice(CLUBS, CLUBS + n), slice(CLUBS + n, None)
    hessian = np.zeros((CLUBS + 2 * n, CLUBS + 2 * n))
    both = uv + uv.T
    hessian[att, att] = hessian[dfc, dfc] = both
    hessian[att, dfc] = uu + vv.T
    clubs = CLUBS + np.arange(n)
    hessian[clubs, clubs + n] += both.sum(axis=1)
    hessian[dfc, att] = hessian[att, dfc].T
    hessian.flat[:: CLUBS + 2 * n + 1] += own * (np.arange(len(own)) >= CLUBS)
    return hessian
