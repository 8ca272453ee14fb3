"""Inputs as points among which distances mean something: standardised, and with what is not known."""

from __future__ import annotations

import numpy as np

from matchday.markets import Array

#: A standard deviation below this share of the largest number is what rounding leaves of nothing.
ROUNDING = 1e-12

#: The most standard deviations that a number is taken to be off: beyond, squares would have no end.
FARTHEST = 1e100


class Standard:
    """Standardises inputs (n, d), not finite: not known, by those that it was made of; answers points (n, 2 d).

    First (x − mean) / standard deviation of what is known, 0 where it is not; then 1 where it is not known, 0 where it
    is: an input that suddenly is not known is as unusual as a number that is far off. One that never varied, but for
    rounding, is left as large as its difference.
    """

    def __init__(self, inputs: Array) -> None:
        known = np.isfinite(inputs)
        count = np.maximum(known.sum(axis=0), 1)
        self._mean = np.where(known, inputs, 0.0).sum(axis=0) / count
        deviation = np.sqrt((np.where(known, inputs - self._mean, 0.0) ** 2).sum(axis=0) / count)
        varied = deviation > ROUNDING * np.abs(np.where(known, inputs, 0.0)).max(axis=0)
        self._scale = np.where(varied, deviation, 1.0)

    def __call__(self, inputs: Array) -> Array:
        """Answer the points of inputs (n, d)."""
        unknown = ~np.isfinite(inputs)
        with np.errstate(over="ignore"):  # which is infinite, and then no farther than the farthest
            far = (inputs - self._mean) / self._scale
        scaled = np.where(unknown, 0.0, np.clip(far, -FARTHEST, FARTHEST))
        return np.concatenate([scaled, unknown], axis=1, dtype=np.float64)
