"""Attack and defence as states that move, and what a day's goals tell of them.

    x_i ~ N(0, Σ) in the long run, x_i(t + Δ) = φ x_i(t) + N(0, (1 − φ²) Σ)      φ = 2^(−Δ / half-life), x = (att, def)
    b(t + Δ) = b(t) + N(0, Δ Q)                                                 b = (level + home, level)
    X ~ Pois(e^u), Y ~ Pois(e^v)      (u, v) = b + x_home + (x_away with att and def swapped)

Every club has a state of its own, the league one: b, the log goals of home and away sides of average clubs. What is
known of a state is a Gaussian of two dimensions. A day's matches are taken in together: with the Poisson likelihood of
each match replaced by the Gaussian that has its slope and curvature at the joint posterior mode (found by Newton's
method), the posterior of b and of all clubs is Gaussian, and its marginals are exact:

    S_i = P_home + P_away + diag(e^−u, e^−v)      r_i = (u, v) + goals · e^−(u, v) − 1 − prior mean of (u, v)
    B′⁻¹ = B⁻¹ + Σ S_i⁻¹      b′ = b + δ, δ = B′ Σ S_i⁻¹ r_i
    x′ = x + P S⁻¹ (r − δ)    P′ = P − P S⁻¹ (S − B′) S⁻¹ P        P, B the covariances of x, b before

What is approximated: the likelihood, by that Gaussian; and after each day the covariances between clubs, and between
clubs and b, are dropped, so that the cost is in proportion to the clubs. The dependence of low scores has no part.

Fahrmeir, L. & Tutz, G. (1994). Dynamic stochastic models for time-dependent ordered paired comparison systems. Journal
of the American Statistical Association 89(428), 1438-1449 (posterior mode filter). Rue, H. & Salvesen, Ø. (2000).
Prediction and retrospective analysis of soccer matches in a league. The Statistician 49(3), 399-418. Koopman, S. J. &
Lit, R. (2015). A dynamic bivariate Poisson model for analysing and forecasting match results in the English Premier
League. Journal of the Royal Statistical Society A 178(1), 167-186.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import Ints
from matchday_plugins.models.goals.prior import HOME_PRIOR, LEVEL_PRIOR

#: Newton's steps end when no log rate moves by more; what they leave is of the order of its square.
SETTLED = 1e-2
MOST_STEPS = 20

#: By how much the level of goals and the home advantage wander in a year, in log goals.
LEVEL_DRIFT, HOME_DRIFT = 0.03, 0.03

#: Covariances of b: what moves the home side's rate alone, and what moves both; and Q, of a day's drift.
HOME_ALONE, BOTH = np.array([[1.0, 0.0], [0.0, 0.0]]), np.ones((2, 2))
BASE_DRIFT = (HOME_DRIFT**2 * HOME_ALONE + LEVEL_DRIFT**2 * BOTH) / 365.25

UNIT = np.eye(2)


class States(NamedTuple):
    """What is known of k clubs' (attack, defence), mean (k, 2) and covariance (k, 2, 2), and of b, (2,) and (2, 2)."""

    mean: Array
    spread: Array
    base: Array
    base_spread: Array


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """How states move: Σ (2, 2), the covariance of a club of which nothing is known, and the half-life, in days."""

    long_run: Array
    half_life_days: float


def at_first() -> States:
    """Answer what is known before any match, of no club yet."""
    (level, level_sd), (home, home_sd) = LEVEL_PRIOR, HOME_PRIOR
    base = np.array([level + home, level])
    return States(np.zeros((0, 2)), np.zeros((0, 2, 2)), base, home_sd**2 * HOME_ALONE + level_sd**2 * BOTH)


def moved(states: States, days: int, motion: Motion) -> States:
    """Let so many days pass without a match."""
    kept = 2.0 ** (-days / motion.half_life_days)
    spread = kept**2 * states.spread + (1.0 - kept**2) * motion.long_run
    return States(kept * states.mean, spread, states.base, states.base_spread + days * BASE_DRIFT)


def outlook(states: States, home: Ints, away: Ints) -> tuple[Array, Array]:
    """Answer mean (n, 2) and covariance (n, 2, 2) of the log rates (u, v) of n pairings."""
    mean = states.base + states.mean[home] + _swapped(states.mean[away])
    return mean, states.base_spread + states.spread[home] + _swapped(states.spread[away])


def updated(states: States, home: Ints, away: Ints, goals: Array) -> States:
    """Take in a day's n matches, in which no club plays twice: ``goals`` (n, 2) of home and away."""
    sides = np.stack([states.spread[home], _swapped(states.spread[away])])
    prior = states.base + states.mean[home] + _swapped(states.mean[away])
    seen = _mode(prior, sides[0] + sides[1], states.base_spread, goals)
    gain = sides @ seen.precision
    moves, known = _times(sides, seen.pull), gain @ (seen.spread - seen.base_spread) @ gain.swapaxes(-1, -2)
    mean, spread = states.mean.copy(), states.spread.copy()
    mean[home] += moves[0]
    mean[away] += _swapped(moves[1])
    spread[home] -= known[0]
    spread[away] -= _swapped(known[1])
    return States(mean, spread, states.base + seen.shift, seen.base_spread)


class _Seen(NamedTuple):
    """S and S⁻¹ (n, 2, 2), S⁻¹ (r − δ) (n, 2), δ (2,) and B′ (2, 2) at the mode."""

    spread: Array
    precision: Array
    pull: Array
    shift: Array
    base_spread: Array


def _mode(prior: Array, apart: Array, base_spread: Array, goals: Array) -> _Seen:
    """Find the joint posterior mode of a day's log rates, of prior means (n, 2).

    ``apart`` (n, 2, 2) is the covariance that the two clubs bring, ``base_spread`` (2, 2) that of b.
    """
    known, logs = np.linalg.inv(base_spread), prior
    for _ in range(MOST_STEPS):
        luck = np.exp(-logs)
        spread = apart + luck[:, :, None] * UNIT
        precision = np.asarray(np.linalg.inv(spread), dtype=np.float64)
        surprise = logs - prior + goals * luck - 1.0
        common = np.asarray(np.linalg.inv(known + precision.sum(axis=0)), dtype=np.float64)
        shift = common @ _times(precision, surprise).sum(axis=0)
        pull = _times(precision, surprise - shift)
        before, logs = logs, prior + shift + _times(apart, pull)
        if np.abs(logs - before).max() < SETTLED:
            break
    return _Seen(spread, precision, pull, shift, common)


def _times(matrices: Array, vectors: Array) -> Array:
    """Multiply matrices (…, n, 2, 2) by vectors (n, 2), each by its own."""
    return np.asarray((matrices @ vectors[:, :, None])[..., 0])


def _swapped(values: Array) -> Array:
    """Swap attack and defence, in means (n, 2) or covariances (n, 2, 2)."""
    return values[:, ::-1] if values.ndim == 2 else values[:, ::-1, ::-1]
