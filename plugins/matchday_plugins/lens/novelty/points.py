"""Inputs as points among which distances mean something: standardised, and with what is not known."""

from __future__ import annotations

import numpy as np

from matchday.markets import Array


class Standard:
    """Standardises inputs (n, d), not finite: not known, by those that it was made of; answers points (n, 2 d).

    First (x − mean) / standard deviation of what is known, 0 where it is not; then 1 where it is not known, 0 where it
    is: an input that suddenly is not known is as unusual as a number that is far off. One that never varied is left as
    large as its difference.
    """

    def __init__(self, inputs: Array) -> None:
        known = np.isfinite(inputs)
        count = np.maximum(known.sum(axis=0), 1)
        self._mean = np.where(known, inputs, 0.0).sum(axis=0) / count
        deviation = np.sqrt((np.where(known, inputs - self._mean, 0.0) ** 2).sum(axis=0) / count)
        self._scale = np.where(deviation > 0.0, deviation, 1.0)

    def __call__(self, inputs: Array) -> Array:
        """Answer the points of inputs (n, d)."""
        unknown = ~np.isfinite(inputs)
        scaled = np.where(unknown, 0.0, (inputs - self._mean) / self._scale)
        return np.concatenate([scaled, unknown], axis=1, dtype=np.float64)
