"""Fit a goal model: Newton's method with a line search on the penalised log-likelihood, and what it found.

The objective is ℓ(θ) − ½ (θ − m)ᵀ Q (θ − m): a Gaussian prior with mean m and precision Q, or none where Q is 0. A
ridge of 1e-9 of the largest curvature makes the steps unique where the data leave θ free, as they do the gauge of the
abilities; it is part of the steps and not of the objective, so the optimum is that of the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import Dependence
from matchday_plugins.models.goals.likelihood import (
    DEGREE,
    HOME,
    LEVEL,
    Evaluation,
    GoalTable,
    abilities,
    evaluate,
)
from matchday_plugins.models.goals.prior import Prior
from matchday_plugins.models.newcomers import NewcomerPrior

#: The degree of dependence is at a bound when it is as near as this.
AT_BOUND = 1e-12

#: Converged: a whole Newton step promises less than half of this in log-likelihood. What it leaves is its square.
GAIN_TOLERANCE = 1e-8
MAX_STEPS = 100

#: No parameter moves by more in one step: e² is a factor of 7 in goals.
LONGEST_STEP = 2.0
RIDGE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class GoalFit:
    """A fitted θ, the log-likelihood there (weighted, log-factorials included, prior left out), and how it ended.

    ``curvature`` (p, p) is minus the Hessian of the penalised log-likelihood at θ; the row and column of the degree of
    dependence are 0 where it is held, or at its bound.
    """

    theta: Array
    curvature: Array
    log_likelihood: float
    converged: bool
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class FittedGoals:
    """A fit to be read. ``abilities`` has a row a club: ``attack``, ``defence``, in log goals.

    λ_home = exp(home + attack_home + defence_away), λ_away = exp(attack_away + defence_home); attacks add up to the
    number of clubs, and a large ``defence`` is a weak one. ``dependence`` is the ρ of ``dixon-coles``, the λ₃ of
    ``bivariate-poisson``, whose λ here are net of it, and 0 of ``poisson``. ``log_likelihood`` is that of ``matches``
    weighted matches. ``newcomers`` is what was expected of clubs that come up; None without the prior.
    """

    abilities: pd.DataFrame
    home: float
    dependence: float
    log_likelihood: float
    converged: bool
    steps: int
    matches: int
    newcomers: NewcomerPrior | None = None


def fit_goals(table: GoalTable, *, prior: Prior | None = None, start: Array | None = None) -> GoalFit:
    """Maximise the penalised log-likelihood of a table of matches.

    ``start`` is a θ to begin from, such as yesterday's; where that leads nowhere, the fit begins anew without it.
    Never raises for want of data: see ``converged``.
    """
    prior = Prior.none(table.clubs) if prior is None else prior
    if start is not None:
        warm = _climb(start.copy(), table, prior)
        if warm.converged:
            return warm
    return _climb(_cold(table, prior), table, prior)


def _climb(theta: Array, table: GoalTable, prior: Prior) -> GoalFit:
    """Go up from θ, a Newton step at a time."""
    theta[DEGREE] = np.clip(theta[DEGREE], table.dependence.least, table.dependence.most)
    here = _penalised(theta, table, prior)
    if here.value == -np.inf:
        theta[DEGREE] = 0.0
        here = _penalised(theta, table, prior)
    for steps in range(1, MAX_STEPS + 1):
        step, gain = _newton(theta, here, table.dependence)
        length, theta, there = _search(theta, step, gain, here, table, prior)
        if gain < GAIN_TOLERANCE and length in (0.0, 1.0):
            return _found(theta, there, table, prior, converged=True, steps=steps)
        if length == 0.0:
            break
        here = there
    return _found(theta, here, table, prior, converged=False, steps=steps)


def _found(theta: Array, at: Evaluation, table: GoalTable, prior: Prior, *, converged: bool, steps: int) -> GoalFit:
    curvature = -at.hessian
    if any(_bound(theta, table.dependence)):
        curvature[DEGREE] = curvature[:, DEGREE] = 0.0
    return GoalFit(theta, curvature, _unpenalised(at, theta, prior), converged, steps)


def _bound(theta: Array, dependence: Dependence) -> tuple[bool, bool]:
    """Say whether the degree of dependence is at its lower bound, and whether it is at its upper one."""
    return theta[DEGREE] <= dependence.least + AT_BOUND, theta[DEGREE] >= dependence.most - AT_BOUND


def readable(fit: GoalFit, *, clubs: list[str], matches: int, newcomers: NewcomerPrior | None = None) -> FittedGoals:
    """Make a fit readable, in the gauge in which attacks add up to the number of clubs."""
    attack, defence = abilities(fit.theta)
    shift = 1.0 - attack.mean() if len(attack) else 0.0
    columns = {"attack": attack + shift, "defence": defence - shift + fit.theta[LEVEL]}
    frame = pd.DataFrame(columns, index=pd.Index(clubs, name="club", dtype="str")).sort_index()
    home, degree = float(fit.theta[HOME]), float(fit.theta[DEGREE])
    return FittedGoals(frame, home, degree, fit.log_likelihood, fit.converged, fit.steps, matches, newcomers)


def comparable(table: GoalTable) -> npt.NDArray[np.bool_]:
    """Say which rates the matches determine without a prior: (n, n), attack of the row against defence of the column.

    Two clubs that met tie each one's attack to the other's defence; ties carry over along chains of matches.
    """
    tied = (table.weight + table.weight.T) > 0.0
    while True:
        links = tied.astype(np.float64)
        wider = (links @ links.T @ links) > 0.0
        if (wider == tied).all():
            return tied
        tied = wider


def _cold(table: GoalTable, prior: Prior) -> Array:
    """Begin at the prior's mean, or at the average numbers of goals where there is no prior."""
    theta = prior.mean.copy()
    home, away, matches = table.home_goals.sum(), table.away_goals.sum(), table.weight.sum()
    if min(home, away) > 0.0:
        theta[LEVEL], theta[HOME] = np.log(away / matches), np.log(home / away)
    return theta


def _penalised(theta: Array, table: GoalTable, prior: Prior) -> Evaluation:
    value, gradient, hessian = evaluate(theta, table)
    away = theta - prior.mean
    pull = prior.precision @ away
    return Evaluation(value - 0.5 * float(pull @ away), gradient - pull, hessian - prior.precision)


def _unpenalised(at: Evaluation, theta: Array, prior: Prior) -> float:
    away = theta - prior.mean
    return at.value + 0.5 * float(away @ prior.precision @ away)


def _newton(theta: Array, here: Evaluation, dependence: Dependence) -> tuple[Array, float]:
    """Answer Newton's step and the gain it promises (twice, to second order).

    The degree of dependence is left out of it where it is held, or where the step would push it out of its bounds.
    """
    lowest, highest = _bound(theta, dependence)
    step = _ascent(here, free=not (lowest and highest))
    if (lowest and step[DEGREE] < 0.0) or (highest and step[DEGREE] > 0.0):
        step = _ascent(here, free=False)
    return step, float(here.gradient @ step)


def _ascent(here: Evaluation, *, free: bool) -> Array:
    """Solve (−H + ridge·I) step = gradient, with a ridge large enough for the step to lead uphill."""
    gradient, curvature = here.gradient.copy(), -here.hessian
    if not free:
        gradient[DEGREE] = curvature[DEGREE] = curvature[:, DEGREE] = 0.0
    diagonal = np.diag_indices_from(curvature)
    ridge = ridge_of(curvature)
    for _ in range(20):
        curvature[diagonal] += ridge
        step: Array = np.linalg.solve(curvature, gradient).astype(np.float64)
        if gradient @ step >= 0.0:
            return step
        ridge *= 100.0
    raise FloatingPointError("the likelihood has no finite slope; a parameter of the model is out of all proportion")


def ridge_of(curvature: Array) -> float:
    """Answer what to add to the curvature's diagonal for its inverse to be there."""
    return RIDGE * max(float(curvature.diagonal().max()), 1e-6)


def _search(
    theta: Array, step: Array, gain: float, here: Evaluation, table: GoalTable, prior: Prior
) -> tuple[float, Array, Evaluation]:
    """Go along the step as far as the objective rises, at most to a bound of the degree; 0.0: it does not rise."""
    longest = min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
    least, most = table.dependence.least, table.dependence.most
    room = (most if step[DEGREE] > 0.0 else least) - theta[DEGREE]
    if abs(step[DEGREE]) * longest > abs(room):
        longest = float(room / step[DEGREE])
    length = longest
    for _ in range(40):
        trial = theta + length * step
        trial[DEGREE] = min(max(trial[DEGREE], least), most)
        there = _penalised(trial, table, prior)
        if there.value >= here.value + 1e-4 * length * gain - 1e-12 * abs(here.value):
            return length, trial, there
        length *= 0.5
    return 0.0, theta, here
