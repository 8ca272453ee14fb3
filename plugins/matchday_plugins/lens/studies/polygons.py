"""The polytopes of a plane: a network's regions on a two-dimensional slice are convex polygons, found exactly.

A rectangle is cut by the lines on which the first layer's units switch; inside each piece the next layer is affine, and
cuts it again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchday.markets import Array
from matchday_plugins.lens.network import Network
from matchday_plugins.lens.studies.decisions import scores

#: How near to a line a corner lies on it: the square has sides of 1.
TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A part of polytope ``region`` in which one class is likeliest: corners (k, 2) in the unit square, in order."""

    region: int
    corners: Array
    decision: int

    @property
    def area(self) -> float:
        """Its area, a share of the square's (shoelace formula)."""
        x, y = self.corners.T
        return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2.0)


Polytopes = list[tuple[Array, Array]]


def polytopes(network: Network, plane: Array) -> Polytopes:
    """Cut the unit square into the network's polytopes: corners (k, 2) of each, and its logits (3, outputs).

    ``plane`` (3, inputs) maps the square into the input space, x = [a, b, 1] @ plane; logits are [a, b, 1] @ theirs.
    """
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    pieces = [(square, plane)]
    for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        pieces = [each for corners, h in pieces for each in _cut(corners, _affine(h, weight, bias))]
    return [(corners, _affine(h, network.weights[-1], network.biases[-1])) for corners, h in pieces]


def cells(network: Network, pieces: Polytopes) -> list[Cell]:
    """Cut polytopes by the likeliest class; a regressor has one class, 0."""
    found = []
    for region, (corners, logits) in enumerate(pieces):
        score = scores(logits) if network.classes else np.zeros((3, 1))
        found += [Cell(region, part, decision) for decision, part in _decisions(corners, score)]
    return found


def _affine(h: Array, weight: Array, bias: Array) -> Array:
    z = h @ weight
    z[2] += bias
    return z


def _cut(corners: Array, z: Array) -> Polytopes:
    """Cut a polygon where units of z (3, units) switch; answer the pieces, and the layer's outputs on each."""
    lines, pieces = _distances(z), [corners]
    at = _values(corners, lines)
    for unit in np.flatnonzero((at.max(axis=0) > TOLERANCE) & (at.min(axis=0) < -TOLERANCE)):
        pieces = [half for piece in pieces for half in _halves(piece, lines[:, unit])]
    return [(piece, z * (_values(piece.mean(axis=0, keepdims=True), z)[0] > 0.0)) for piece in pieces]


def _distances(affine: Array) -> Array:
    """Scale affine functions (3, ...) so that each is the distance to its line, or ±1 where it is constant."""
    slope = np.hypot(affine[0], affine[1])
    size = np.where(slope > 0.0, slope, np.abs(affine[2]))
    return np.asarray(affine / np.where(size > 0.0, size, 1.0))


def _halves(corners: Array, line: Array) -> list[Array]:
    """Cut a polygon by a line (3,): one part or two."""
    parts = [_clipped(corners, line), _clipped(corners, -line)]
    return [part for part in parts if part is not None] or [corners]


def _clipped(corners: Array, line: Array) -> Array | None:
    """Keep of a convex polygon what lies on a line (3,) or on its positive side; None where that is no area.

    Sutherland, I. E. & Hodgman, G. W. (1974). Reentrant polygon clipping. Communications of the ACM 17(1), 32-42.
    """
    value = _values(corners, line)
    value[np.abs(value) <= TOLERANCE] = 0.0
    if not (value > 0.0).any():
        return None
    kept: list[npt.NDArray[np.float64]] = []
    for here, there, a, b in zip(corners, np.roll(corners, -1, axis=0), value, np.roll(value, -1), strict=True):
        if a >= 0.0:
            kept.append(here)
        if a * b < 0.0:
            kept.append(here + a / (a - b) * (there - here))
    return np.array(kept)


def _decisions(corners: Array, score: Array) -> list[tuple[int, Array]]:
    """Cut a polygon by the greatest of affine scores (3, k); where it is the same at every corner, it is so inside."""
    best = _values(corners, score).argmax(axis=1)
    if (best == best[0]).all():
        return [(int(best[0]), corners)]
    parts = [(decision, _won(corners, score, decision)) for decision in range(score.shape[1])]
    return [(decision, part) for decision, part in parts if part is not None]


def _won(corners: Array, score: Array, decision: int) -> Array | None:
    """Keep of a polygon where no other score is greater; of two that are equal throughout, the first has it."""
    part: Array | None = corners
    for other in range(score.shape[1]):
        if part is None or other == decision:
            continue
        ahead = _distances(score[:, decision] - score[:, other])
        equal = (np.abs(_values(part, ahead)) <= TOLERANCE).all()
        part = (part if decision < other else None) if equal else _clipped(part, ahead)
    return part


def _values(corners: Array, affine: Array) -> Array:
    return np.asarray(corners @ affine[:2] + affine[2])
