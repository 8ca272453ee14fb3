"""Find the maximum of a concave function of a few weights, each of which is at least so much: projected Newton steps.

A weight at its bound is left out of the step for as long as slope or step push it outwards; the rest of the step is
Newton's. A step that raises the function too little is halved.

Bertsekas, D. P. (1982). Projected Newton methods for optimization problems with simple constraints. SIAM Journal on
Control and Optimization 20(2), 221-246.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matchday.markets import Array

#: Converged: a whole step promises less than twice this.
GAIN_TOLERANCE = 1e-9
MAX_STEPS = 100

#: Added to the curvature, as a part of its largest entry, for steps to be there where the function is flat.
RIDGE = 1e-9


class Slope(NamedTuple):
    """The function's value at some weights, its gradient (p,) and minus its Hessian (p, p); value −∞: outside of it."""

    value: float
    gradient: Array
    curvature: Array


@dataclass(frozen=True, slots=True, eq=False)
class Summit:
    """The weights (p,) of the maximum, the curvature (p, p) there, and whether it was reached."""

    weights: Array
    curvature: Array
    converged: bool

    @property
    def standard_error(self) -> Array:
        """The standard errors (p,) of the weights where the function is a log-likelihood, by its curvature."""
        return np.asarray(np.sqrt(np.linalg.inv(_ridged(self.curvature)).diagonal()))


def ascend(slope: Callable[[Array], Slope], start: Array, least: Array) -> Summit:
    """Maximise over weights ≥ ``least``, beginning at ``start``, where the function must be finite."""
    weights = np.maximum(start, least)
    here = slope(weights)
    for _ in range(MAX_STEPS):
        step = _step(weights, here, least)
        gain = float(here.gradient @ step)
        if gain <= GAIN_TOLERANCE:
            return Summit(weights, here.curvature, converged=True)
        trial, there = _search(weights, step, here, slope, least)
        if there is None:
            break
        weights, here = trial, there
    return Summit(weights, here.curvature, converged=False)


def _step(weights: Array, here: Slope, least: Array) -> Array:
    """Answer Newton's step among the weights that may move."""
    bound = weights <= least
    free = ~bound | (here.gradient > 0.0)
    while True:
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(_ridged(here.curvature[np.ix_(free, free)]), here.gradient[free])
        outward = free & bound & (step < 0.0)
        if not outward.any():
            return step
        free &= ~outward


def _search(
    weights: Array, step: Array, here: Slope, slope: Callable[[Array], Slope], least: Array
) -> tuple[Array, Slope | None]:
    """Go along the step, bent at the bounds, as far as the function rises; None: it does not rise at all."""
    for _ in range(50):
        trial = np.maximum(weights + step, least)
        rise = float(here.gradient @ (trial - weights))
        there = slope(trial)
        if rise > 0.0 and there.value >= here.value + 1e-4 * rise - 1e-13 * abs(here.value):
            return trial, there
        step = step / 2.0
    return weights, None


def _ridged(curvature: Array) -> npt.NDArray[np.float64]:
    if not len(curvature):
        return curvature
    return curvature + np.eye(len(curvature)) * RIDGE * max(float(curvature.diagonal().max()), 1e-6)
