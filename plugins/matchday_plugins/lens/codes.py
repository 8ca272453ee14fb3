"""Spline codes: which units of a network are on, and how far two codes are apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matchday.markets import Array
from matchday_plugins.lens.lines import chunks
from matchday_plugins.lens.network import Network

Codes = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

#: Points that are worked on at once; more of them leave the processor's cache.
CHUNK = 1024

#: Distances that are worked on at once.
DISTANCES = 2**22


def spline_codes(network: Network, x: Array) -> Codes:
    """Answer s(x) = [1(z_1 > 0), ..., 1(z_L > 0)], a bit a hidden unit, (n, units)."""
    codes = np.empty((len(x), network.offsets[-1]), dtype=bool)
    places = list(zip(network.offsets, network.offsets[1:], strict=False))
    for rows in chunks(len(x), CHUNK):
        for (first, last), z in zip(places, network.preactivations(x[rows]), strict=False):
            np.greater(z, 0.0, out=codes[rows, first:last])
    return codes


def hamming(codes: Codes, others: Codes) -> npt.NDArray[np.int64]:
    """Count the bits in which each code differs from each of others, (n, m): |a| + |b| − 2 a·b."""
    return _hamming(codes.astype(np.float32), others.astype(np.float32)).astype(np.int64)


def least_hamming(codes: Codes, others: Codes, *, nearest: int = 1) -> Array:
    """Answer the mean of the ``nearest`` least distances of each code to others, (n,)."""
    found, known = np.empty(len(codes)), others.astype(np.float32)
    for rows in chunks(len(codes), max(1, DISTANCES // len(others))):
        distances = _hamming(codes[rows].astype(np.float32), known)
        distances.partition(nearest - 1, axis=1)
        found[rows] = distances[:, :nearest].mean(axis=1, dtype=np.float64)
    return found


def _hamming(a: Floats, b: Floats) -> Floats:
    """Count as ``hamming`` does, in float32, where counts below 2^24 are exact."""
    distances = a @ b.T
    distances *= np.float32(-2.0)
    distances += a.sum(axis=1)[:, None]
    distances += b.sum(axis=1)
    return distances


def labels(codes: Codes) -> npt.NDArray[np.int64]:
    """Number the distinct codes in the order in which they first come, and answer each point's number, (n,)."""
    packed = np.ascontiguousarray(np.packbits(codes, axis=1))
    keys = packed.view([("", packed.dtype, packed.shape[1])]).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: npt.NDArray[np.int64] = rank[inverse]
    return numbered
