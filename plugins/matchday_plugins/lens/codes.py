"""Spline codes: which units of a network are on, and how far two codes are apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matchday.markets import Array
from matchday_plugins.lens.lines import chunks
from matchday_plugins.lens.network import Network

Codes = npt.NDArray[np.bool_]

#: Points that are worked on at once; more of them leave the processor's cache.
CHUNK = 1024


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
    a, b = codes.astype(np.float32), others.astype(np.float32)  # counts below 2^24 are exact in float32
    together = a @ b.T
    distances: npt.NDArray[np.int64] = np.rint(a.sum(axis=1)[:, None] + b.sum(axis=1) - 2.0 * together).astype(np.int64)
    return distances


def least_hamming(codes: Codes, others: Codes, *, nearest: int = 1) -> Array:
    """Answer the mean of the ``nearest`` least distances of each code to others, (n,)."""
    found = np.empty(len(codes))
    for rows in chunks(len(codes), 1024):
        distances = hamming(codes[rows], others)
        found[rows] = np.partition(distances, nearest - 1, axis=1)[:, :nearest].mean(axis=1)
    return found


def labels(codes: Codes) -> npt.NDArray[np.int64]:
    """Number the distinct codes in the order in which they first come, and answer each point's number, (n,)."""
    packed = np.ascontiguousarray(np.packbits(codes, axis=1))
    keys = packed.view([("", packed.dtype, packed.shape[1])]).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: npt.NDArray[np.int64] = rank[inverse]
    return numbered
