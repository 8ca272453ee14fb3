"""What a network does along straight lines: every point at which a unit switches, exactly.

Between two neighbouring points at which no unit of the layers before switches, a layer's preactivations are linear, so
a unit that has another sign at the two ends crosses zero once, at t* = t + Δt · z / (z − z'). Layer by layer these
points are put in, until the points of all layers are there. Black, S. et al. (2022). Interpreting neural networks
through the polytope lens. arXiv:2211.12312.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.markets import Array
from matchday_plugins.lens.network import Network

Ints = npt.NDArray[np.intp]

#: Segments that are worked on at once: enough to be fast, few enough to stay in the processor's cache.
CHUNK = 16


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Segments x(t) = x0 + t (x1 − x0), t from 0 to 1, and the points at which the network bends along them.

    ``segment`` and ``t`` (m,) say where each point is, in order, the ends of a segment among them; ``logits`` (m, k)
    are the network's there, and between two points of a segment they are linear. ``events`` has a row for each switch
    of a unit: ``segment, t, layer, unit``, in order of segment and t; layers and units count from 0.
    """

    segment: Ints
    t: Array
    logits: Array
    events: pd.DataFrame

    def __len__(self) -> int:
        return int(self.segment[-1]) + 1 if len(self.segment) else 0

    def crossings(self, layers: int) -> npt.NDArray[np.int64]:
        """Count the switches of each segment in each of so many layers, (segments, layers)."""
        counts = np.zeros((len(self), layers), dtype=np.int64)
        np.add.at(counts, (self.events["segment"].to_numpy(), self.events["layer"].to_numpy()), 1)
        return counts


def trace(network: Network, start: Array, end: Array) -> Lines:
    """Follow the segments from ``start`` (n, d) to ``end`` (n, d)."""
    pieces = chunks(len(start), CHUNK) if len(start) else [slice(0)]
    parts = [_traced(network, start[rows], end[rows], rows.start or 0) for rows in pieces]
    segments, ts, logits, events = zip(*parts, strict=True)
    columns = [np.concatenate(each) for each in zip(*events, strict=True)]
    frame = pd.DataFrame(dict(zip(("segment", "t", "layer", "unit"), columns, strict=True)))
    return Lines(np.concatenate(segments), np.concatenate(ts), np.concatenate(logits), frame)


_Event = tuple[Ints, Array, Ints, Ints]


def _traced(network: Network, start: Array, end: Array, first: int) -> tuple[Ints, Array, Array, _Event]:
    segment = np.repeat(np.arange(first, first + len(start)), 2)
    t = np.tile([0.0, 1.0], len(start))
    h = np.stack([start, end], axis=1).reshape(-1, start.shape[1])
    found: list[_Event] = []
    for layer, (weight, bias) in enumerate(zip(network.weights[:-1], network.biases[:-1], strict=True)):
        z = h @ weight + bias
        before, unit, share = _switches(z, segment)
        new = np.minimum(t[before] + (t[before + 1] - t[before]) * share, t[before + 1])
        found.append((segment[before], new, np.full(len(unit), layer), unit))
        between = z[before] + share[:, None] * (z[before + 1] - z[before])
        between[np.arange(len(unit)), unit] = 0.0
        order = _merged(len(z), before, share)
        segment, t = np.concatenate([segment, segment[before]])[order], np.concatenate([t, new])[order]
        h = np.maximum(np.concatenate([z, between])[order], 0.0)
    return segment, t, h @ network.weights[-1] + network.biases[-1], _together(found)


def _switches(z: Array, segment: Ints) -> tuple[Ints, Ints, Array]:
    """Find where units switch: the point before, the unit, and how far it is to the next point, from 0 to 1."""
    on = z > 0.0
    switched = (on[:-1] != on[1:]) & (segment[:-1] == segment[1:])[:, None]
    before, unit = np.nonzero(switched)
    here, there = z[before, unit], z[before + 1, unit]
    return before, unit, here / (here - there)


def _merged(points: int, before: Ints, share: Array) -> Ints:
    """Put new points in after the points they follow, by how far they are from them."""
    after = np.concatenate([np.arange(points), before])
    return np.lexsort((np.concatenate([np.zeros(points), share]), after))


def _together(found: list[_Event]) -> _Event:
    segment, t, layer, unit = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((t, segment))
    return segment[order], t[order], layer[order], unit[order]


def chunks(rows: int, size: int) -> Iterator[slice]:
    """Cut so many rows into pieces of a size."""
    for first in range(0, rows, size):
        yield slice(first, min(first + size, rows))
