"""The polytope lens: a network of rectified linear units is one affine map on each region of its input space.

Black, S., Sharkey, L., Grinsztajn, L. et al. (2022). Interpreting neural networks through the polytope lens.
arXiv:2211.12312.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matchday import MatchdayError
from matchday.markets import Array
from matchday_plugins.lens import codes as coding
from matchday_plugins.lens.codes import Codes
from matchday_plugins.lens.lines import Lines, chunks, trace
from matchday_plugins.lens.network import read

#: Numbers in the matrices of the points that are worked on at once.
MATRICES = 2**21


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """The nearest boundary of each point's polytope: its ``distance`` (n,), and the ``layer`` and ``unit`` (n,) of it.

    ``way`` (n, d) is the shortest way there, so that x + way lies on it. Where no unit bounds the polytope, the
    distance is inf, the way NaN, and layer and unit are −1.
    """

    distance: Array
    layer: npt.NDArray[np.int64]
    unit: npt.NDArray[np.int64]
    way: Array


class PolytopeLens:
    """Looks into a fitted ReLU network: ``MLPClassifier`` or ``MLPRegressor``, alone or at the end of a pipeline.

    Points are rows of ``prepare(rows)``: what the pipeline's steps make of rows, up to the scalers right before the
    network, which are folded into its first layer; of a network alone, the rows themselves. Everything is float64.
    Raises ``MatchdayError`` for what is no fitted ReLU network, and for points of another width or not finite.
    """

    def __init__(self, model: Any) -> None:
        self.network, self._prepare = read(model)

    @property
    def hidden(self) -> tuple[int, ...]:
        """The number of units of each hidden layer."""
        return self.network.hidden

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where each hidden layer's bits begin in a code, and where the last one's end."""
        return self.network.offsets

    def prepare(self, rows: Any) -> Array:
        """Turn rows as the model takes them into points as the lens takes them, (n, d)."""
        return self._points(self._prepare(rows))

    def spline_codes(self, x: Array) -> Codes:
        """Answer the codes of points (n, d): a bit a hidden unit, 1 where z > 0, (n, units)."""
        return coding.spline_codes(self.network, self._points(x))

    def logits(self, x: Array) -> Array:
        """Answer the network's output before any softmax, of points (n, d), as (n, k)."""
        x = self._points(x)
        found = [list(self.network.preactivations(x[rows]))[-1] for rows in chunks(len(x), coding.CHUNK)]
        return np.concatenate(found) if found else np.empty((0, len(self.network.biases[-1])))

    def affine_map(self, x: Array) -> tuple[Array, Array]:
        """Answer the affine map of each point's polytope, f(x) = x A + c: A (n, d, k) and c (n, k).

        A = W_1 D_1 W_2 D_2 ... W_out with D_l the diagonal of the code of layer l, multiplied from the right, where it
        is narrow. A single point (d,) has A (d, k) and c (k,).
        """
        codes = self.spline_codes(np.atleast_2d(x))
        outputs = len(self.network.biases[-1])
        slope, constant = np.empty((len(codes), self.network.inputs, outputs)), np.empty((len(codes), outputs))
        for rows in chunks(len(codes), max(1, MATRICES // (max(self.hidden) * outputs))):
            slope[rows], constant[rows] = self._map(codes[rows])
        return (slope[0], constant[0]) if np.ndim(x) == 1 else (slope, constant)

    def line(self, start: Array, end: Array) -> Lines:
        """Follow segments from ``start`` to ``end``, (n, d) each or a single one (d,), through every polytope."""
        return trace(self.network, *self._segments(start, end))

    def regions(self, x: Array) -> npt.NDArray[np.int64]:
        """Number the polytopes in which points (n, d) lie, from 0 in the order in which they first come, (n,)."""
        return coding.labels(self.spline_codes(x))

    def crossing_density(self, start: Array, end: Array, *, by_layer: bool = False) -> Array:
        """Count the boundaries on each segment for a unit of distance, (n,); NaN for a segment of no length.

        With ``by_layer`` those of each hidden layer, (n, layers).
        """
        start, end = self._segments(start, end)
        return _per_distance(trace(self.network, start, end).crossings(len(self.hidden)), start, end, by_layer)

    def hamming_density(self, start: Array, end: Array, *, by_layer: bool = False) -> Array:
        """Count the bits in which the ends' codes differ for a unit of distance, the paper's measure, (n,).

        With ``by_layer`` those of each hidden layer, (n, layers). NaN for a segment of no length.
        """
        start, end = self._segments(start, end)
        differs = self.spline_codes(start) != self.spline_codes(end)
        counts = np.add.reduceat(differs, self.offsets[:-1], axis=1, dtype=np.int64)
        return _per_distance(counts, start, end, by_layer)

    def nearest_boundary(self, x: Array) -> Boundary:
        """Find the nearest boundary of each point's polytope, exactly, of points (n, d).

        Inside a polytope each unit's z is affine, so that z = 0 is a hyperplane, and the polytope is what lies on one
        side of all of them: its boundary is as near as the nearest of them, at |z| / ‖∂z/∂x‖. A unit whose z does not
        depend on x there bounds nothing.
        """
        x = self._points(x)
        layers = np.repeat(np.arange(len(self.hidden)), self.hidden)
        units = np.concatenate([np.arange(width) for width in self.hidden])
        place, way = np.empty(len(x), dtype=np.int64), np.empty(x.shape)
        distance = np.empty(len(x))
        for rows in chunks(len(x), max(1, MATRICES // (x.shape[1] * max(self.hidden)))):
            distance[rows], place[rows], way[rows] = self._nearest(x[rows])
        bounded = np.isfinite(distance)
        return Boundary(distance, np.where(bounded, layers[place], -1), np.where(bounded, units[place], -1), way)

    def novelty(self, x: Array, known: Array, *, nearest: int = 1) -> Array:
        """Answer how far each point's code is from those of ``known`` points (m, d), (n,).

        That is the mean of the ``nearest`` least Hamming distances.
        """
        known = self._points(known)
        if not 1 <= nearest <= len(known):
            raise MatchdayError(f"PolytopeLens: nearest is {nearest}; rule: 1 to the {len(known)} known points.")
        return coding.least_hamming(self.spline_codes(x), self.spline_codes(known), nearest=nearest)

    def _nearest(self, x: Array) -> tuple[Array, npt.NDArray[np.int64], Array]:
        """Answer the distance of each point's nearest boundary, the place of its unit in a code, and the way there."""
        z = np.concatenate(list(self.network.preactivations(x))[:-1], axis=1)
        gradients = self._gradients(x)
        norms = np.concatenate([np.linalg.norm(each, axis=1) for each in gradients], axis=1)
        away: Array = np.divide(np.abs(z), norms, out=np.full_like(z, np.inf), where=norms > 0.0)
        place, every = away.argmin(axis=1), np.arange(len(x))
        normal = np.empty_like(x)
        for first, last, gradient in zip(self.offsets, self.offsets[1:], gradients, strict=False):
            own = (place >= first) & (place < last)
            normal[own] = gradient[own, :, place[own] - first]
        steps, norm = -z[every, place], norms[every, place]
        share = np.divide(steps, norm**2, out=np.full(len(x), np.nan), where=norm > 0.0)
        return away[every, place], place, share[:, None] * normal

    def _map(self, codes: Codes) -> tuple[Array, Array]:
        """Answer A (n, d, k) and c (n, k) of codes (n, units)."""
        *weights, last = self.network.weights
        *biases, constant = self.network.biases
        slope = np.broadcast_to(last, (len(codes), *last.shape))
        for weight, bias, on in zip(weights[::-1], biases[::-1], self._layers(codes)[::-1], strict=True):
            slope = on[:, :, None] * slope
            slope, constant = weight @ slope, constant + bias @ slope
        return slope, constant

    def _layers(self, codes: Codes) -> list[Codes]:
        return np.split(codes, self.offsets[1:-1], axis=1)

    def _gradients(self, x: Array) -> list[Array]:
        """Answer ∂z_l/∂x of each hidden layer, (n, d, units) each."""
        weights = self.network.weights[:-1]
        gradients = [np.broadcast_to(weights[0], (len(x), *weights[0].shape))]
        for z, weight in zip(self.network.preactivations(x), weights[1:], strict=False):
            gradients.append((gradients[-1] * (z > 0.0)[:, None, :]) @ weight)
        return gradients

    def _segments(self, start: Array, end: Array) -> tuple[Array, Array]:
        first, last = self._points(np.atleast_2d(start)), self._points(np.atleast_2d(end))
        if len(first) != len(last):
            raise MatchdayError(f"PolytopeLens: start has {len(first)} points, end {len(last)}; rule: as many.")
        return first, last

    def _points(self, x: Any) -> Array:
        try:
            points = np.asarray(x, dtype=np.float64)
        except ValueError as error:
            raise MatchdayError(f"PolytopeLens: points are no rows of numbers: {error}.") from error
        if points.ndim != 2 or points.shape[1] != self.network.inputs:
            raise MatchdayError(
                f"PolytopeLens: points have shape {points.shape}; rule: (n, {self.network.inputs}), a row a point."
            )
        if not np.isfinite(points).all():
            raise MatchdayError(
                "PolytopeLens: a point is not finite; rule: numbers (a SimpleImputer before the network fills in)."
            )
        return points


def _per_distance(counts: npt.NDArray[np.int64], start: Array, end: Array, by_layer: bool) -> Array:
    distance = np.linalg.norm(end - start, axis=1)
    distance[distance == 0.0] = np.nan
    density: Array = counts / distance[:, None] if by_layer else counts.sum(axis=1) / distance
    return density
