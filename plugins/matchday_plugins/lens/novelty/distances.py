"""Distances from the matches that are known; each also knows those of the known ones themselves, as ``own``.

Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of the National Institute of Sciences
of India 2(1), 49-55. Ramaswamy, S., Rastogi, R. & Shim, K. (2000). Efficient algorithms for mining outliers from large
data sets. SIGMOD, 427-438. Black, S. et al. (2022). Interpreting neural networks through the polytope lens.
arXiv:2211.12312.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from scipy.spatial.distance import cdist

from matchday.markets import Array
from matchday_plugins.lens.codes import Codes, hamming
from matchday_plugins.lens.lines import chunks
from matchday_plugins.lens.novelty.points import Standard
from matchday_plugins.lens.polytope import PolytopeLens

#: The least variance along any direction, in squared standard deviations: what never varied is not divided by nothing.
FLOOR = 1e-3

#: Points whose distances are worked on at once.
CHUNK = 256


class Distance(Protocol):
    """Tells how far inputs are from the known ones; ``own`` (m,) has it of each known one, as if it were not known."""

    own: Array

    def __call__(self, inputs: Array) -> Array:
        """Answer the distance of inputs (n, d), NaN: not known, (n,)."""


class Mahalanobis:
    """The distance from the mean in standard deviations, correlations taken out: √((x − μ)ᵀ Σ⁻¹ (x − μ)).

    A gap that is not the difference of its two sides is far off, however ordinary the three numbers are.
    """

    def __init__(self, standard: Standard, inputs: Array) -> None:
        points = standard(inputs)
        self._standard, self._mean = standard, points.mean(axis=0)
        variance, axes = np.linalg.eigh(np.atleast_2d(np.cov(points.T)))
        self._whiten = axes / np.sqrt(np.maximum(variance, FLOOR))
        self.own = self(inputs)

    def __call__(self, inputs: Array) -> Array:
        """Answer the distances of inputs (n, d), (n,)."""
        distances: Array = np.linalg.norm((self._standard(inputs) - self._mean) @ self._whiten, axis=1)
        return distances


class Middle:
    """The nearness to the mean, −``Mahalanobis``: no match is ordinary in everything, and one that is was made up.

    This is what inputs look like that somebody has filled in with the mean.
    """

    def __init__(self, far: Mahalanobis) -> None:
        self._far = far
        self.own = -far.own

    def __call__(self, inputs: Array) -> Array:
        """Answer the nearness of inputs (n, d), (n,)."""
        return -self._far(inputs)


class Nearest:
    """The Euclidean distance from the nearest known match, in standard deviations."""

    def __init__(self, standard: Standard, inputs: Array) -> None:
        self._standard, self._known = standard, standard(inputs)
        self.own = self._least(self._known, place=1)  # the nearest of all is the match itself

    def __call__(self, inputs: Array) -> Array:
        """Answer the distances of inputs (n, d), (n,)."""
        return self._least(self._standard(inputs), place=0)

    def _least(self, points: Array, *, place: int) -> Array:
        parts = [cdist(points[rows], self._known) for rows in chunks(len(points), CHUNK)]
        return _in_order(parts, place)


class Code:
    """The least number of units, of networks side by side, that are on in one match and off in the other."""

    def __init__(self, lenses: Sequence[PolytopeLens], inputs: Array) -> None:
        self._lenses = tuple(lenses)
        self._known = self._codes(inputs)
        self.own = self._least(self._known, place=1)

    def __call__(self, inputs: Array) -> Array:
        """Answer the distances of inputs (n, d), (n,)."""
        return self._least(self._codes(inputs), place=0)

    def _codes(self, inputs: Array) -> Codes:
        return np.concatenate([lens.spline_codes(lens.prepare(inputs)) for lens in self._lenses], axis=1)

    def _least(self, codes: Codes, *, place: int) -> Array:
        parts = [hamming(codes[rows], self._known).astype(np.float64) for rows in chunks(len(codes), CHUNK)]
        return _in_order(parts, place)


def _in_order(parts: Sequence[Array], place: int) -> Array:
    """Answer the distance at a place, 0 the least, of each row of tables (n, m) that follow one another, (n,)."""
    return np.concatenate([np.partition(part, place, axis=1)[:, place] for part in parts] or [np.empty(0)])
