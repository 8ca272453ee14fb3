"""Conditional logit: probabilities proportional to exp(features · weights), and their fit by maximum likelihood.

    c_ij ∝ exp(o_ij + x_ij · θ)        match i, selection j; each match's c_i add up to 1
    ℓ(θ) = Σ_i Σ_j t_ij log c_ij − ½ (θ − m)ᵀ diag(r) (θ − m)

t are the targets, 1 for the selection that won and 0 for the others, or any weights ≥ 0; m and r are the mean and the
precision of a Gaussian prior. ℓ is concave.

McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In Zarembka, P. (ed.), Frontiers in
Econometrics, Academic Press, 105-142.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchday.markets import Array
from matchday_plugins.ascent import Slope, Summit, ascend


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """What the fit needs: ``features`` (n, k, p), ``targets`` (n, k) and ``offset`` (n, k), all finite."""

    features: Array
    targets: Array
    offset: Array


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Means and precisions of independent normal weights (p,), and the ``least`` value that each may have."""

    mean: Array
    precision: Array
    least: Array


def fit_logit(choices: Choices, prior: Prior, *, start: Array | None = None) -> Summit:
    """Maximise ℓ over θ ≥ ``prior.least``, beginning at ``start`` or else at the prior's mean.

    >>> home_wins = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]])
    >>> choices = Choices(np.array([[[1.0], [0.0]]] * 4), home_wins, np.zeros((4, 2)))
    >>> flat = Prior(np.zeros(1), np.zeros(1), np.array([-np.inf]))
    >>> fit_logit(choices, flat).weights.round(4)  # log 3
    array([1.0986])
    """
    return ascend(lambda theta: _slope(theta, choices, prior), prior.mean if start is None else start, prior.least)


def probabilities(features: Array, theta: Array, offset: Array) -> Array:
    """Answer c (n, k): proportional to exp(offset + features · θ) along the last axis; NaN where anything is."""
    return np.exp(_logs(offset + features @ theta))


def _slope(theta: Array, choices: Choices, prior: Prior) -> Slope:
    """Answer ℓ, its gradient and minus its Hessian."""
    x, t = choices.features, choices.targets
    logs = _logs(choices.offset + x @ theta)
    c, trials = np.exp(logs), t.sum(axis=1, keepdims=True)
    away = theta - prior.mean
    pull = prior.precision * away
    spread = (x - (c[:, None, :] @ x)) * np.sqrt(c * trials)[:, :, None]
    flat = spread.reshape(-1, x.shape[2])
    gradient = np.einsum("ij,ijp->p", t - trials * c, x) - pull
    return Slope(float((t * logs).sum() - 0.5 * pull @ away), gradient, flat.T @ flat + np.diag(prior.precision))


def _logs(utility: Array) -> Array:
    """Answer log c of the utilities (n, k)."""
    utility = utility - utility.max(axis=-1, keepdims=True)
    return np.asarray(utility - np.log(np.exp(utility).sum(axis=-1, keepdims=True)))
