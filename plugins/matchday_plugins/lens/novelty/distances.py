"""Distances from the matches that are known; each also knows those of the known ones themselves, as ``own``.

Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of the National Institute of Sciences
of India 2(1), 49-55. Ramaswamy, S., Rastogi, R. & Shim, K. (2000). Efficient algorithms for mining outliers from large
data sets. SIGMOD, 427-438. Black, S. et al. (2022). Interpreting neural networks through the polytope lens.
arXiv:2211.12312.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

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
    """Tells how far inputs are from the known ones; ``own`` (m,) has it of these, of each from another one."""

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
    """The nearness to the mean in every feature: −√(mean of z²) over what is known, in standard deviations.

    No match is ordinary in everything, and one that is was filled in. Correlations stay: a mean of all that is known is
    far from that of the latest matches along directions in which these hardly vary, and near in every feature.
    """

    def __init__(self, standard: Standard, inputs: Array) -> None:
        self._standard = standard
        self.own = self(inputs)

    def __call__(self, inputs: Array) -> Array:
        """Answer the nearness of inputs (n, d), (n,); where nothing is known, −1, as ordinary as matches are."""
        scaled, unknown = np.hsplit(self._standard(inputs), 2)
        known = inputs.shape[1] - unknown.sum(axis=1)
        mean = (scaled**2).sum(axis=1) / np.maximum(known, 1.0)
        return -np.sqrt(np.where(known > 0.0, mean, 1.0))


class Nearest:
    """The Euclidean distance from the nearest known match, in standard deviations."""

    def __init__(self, standard: Standard, inputs: Array) -> None:
        self._standard, self._known = standard, standard(inputs)
        self.own = _least(_euclidean, self._known)

    def __call__(self, inputs: Array) -> Array:
        """Answer the distances of inputs (n, d), (n,)."""
        return _least(_euclidean, self._known, self._standard(inputs))


class Code:
    """The least number of units, of networks side by side, that are on in one match and off in the other."""

    def __init__(self, lenses: Sequence[PolytopeLens], inputs: Array) -> None:
        self._lenses = tuple(lenses)
        self._known = self._codes(inputs)
        self.own = _least(hamming, self._known)

    def __call__(self, inputs: Array) -> Array:
        """Answer the distances of inputs (n, d), (n,)."""
        return _least(hamming, self._known, self._codes(inputs))

    def _codes(self, inputs: Array) -> Codes:
        return np.concatenate([lens.spline_codes(lens.prepare(inputs)) for lens in self._lenses], axis=1)


def _euclidean(points: Array, others: Array) -> Array:
    from scipy.spatial.distance import cdist  # takes its time, and most learners are not asked

    return np.asarray(cdist(points, others))


def _least(distance: Callable[[Any, Any], npt.NDArray[Any]], known: Any, others: Any = None) -> Array:
    """Answer how far each of others (n, d) is from the nearest known (m, d), (n,); each known from another, (m,)."""
    found = np.empty(len(known if others is None else others))
    for rows in chunks(len(found), CHUNK):
        far = distance((known if others is None else others)[rows], known).astype(np.float64)
        if others is None:
            far[np.arange(len(far)), np.arange(len(known))[rows]] = np.inf
        found[rows] = far.min(axis=1)
    return found
