"""Bootstrap: how sure a mean is whose terms come in blocks that share their luck, as a matchday's matches do.

    m* = Σ_b c_b S_b / Σ_b c_b n_b      S_b a block's sum, n_b its size, c_b how often it was drawn

As many blocks are drawn as there are, with replacement; only how often each came counts, so that a resample of any
number of columns is a matrix product. With ``groups`` (seasons), blocks are drawn within the groups they belong to, so
that every resample has as many blocks of each. Two agents that played the same blocks are compared by resampling the
difference of their values: the pairing is kept.

``hierarchical_sums`` knows three levels: schedules, and the seeds and matchdays within. Of S schedules S − 1 are drawn
whole, and one with its seeds and matchdays drawn anew. Drawing whole ones brings (S − 1)/S of the variance of their
mean, the luck of matchdays included, and the one that is redrawn brings the rest; redrawing all of them would count
that luck twice (Davison & Hinkley, section 3.8). With one schedule there is no other to draw, and matchdays are all.

Efron, B. & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall. Davison, A. C. & Hinkley, D. V.
(1997). Bootstrap methods and their application. Cambridge University Press, section 3.8 (hierarchical data). Owen, A.
B. (2007). The pigeonhole bootstrap. Annals of Applied Statistics 1(2), 386-411 (seeds crossed with matchdays).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matchday.errors import MatchdayError
from matchday.markets import Array

Ints = npt.NDArray[np.int64]

#: Resamples drawn at a time: what is in memory is a few numbers per block for each of these.
CHUNK = 500


def block_bootstrap(
    values: Array,
    blocks: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    resamples: int = 10_000,
    groups: npt.ArrayLike | None = None,
) -> Array:
    """Answer the means (resamples,) of ``values`` (n,) or (n, k), over resampled blocks: (resamples, k) of the latter.

    ``blocks`` (n,) labels each value's block, and ``groups`` (n,) its group, the same throughout a block. The same
    generator state and data give the same means. Raises ``MatchdayError`` on no values, NaN, labels of another
    length, or a block in two groups.

    >>> values, blocks = np.arange(6.0), [1, 1, 2, 2, 3, 3]
    >>> means = block_bootstrap(values, blocks, rng=np.random.default_rng(0), resamples=2000)
    >>> bool(abs(means.mean() - 2.5) < 0.1), float(means.min())
    (True, 0.5)
    """
    table = np.asarray(values, dtype=np.float64)
    block_of, group_of = _labels(table, blocks, groups)
    columns = table.reshape(len(table), -1)
    sums = np.column_stack([np.bincount(block_of, weights=column) for column in columns.T])
    totals = np.column_stack([sums, np.bincount(block_of)])
    members = [np.flatnonzero(group_of == group) for group in range(int(group_of.max()) + 1)]
    chunks = [min(CHUNK, resamples - done) for done in range(0, resamples, CHUNK)]
    drawn = [_resample(totals, members, size, rng) for size in chunks]
    added = np.concatenate([np.empty((0, totals.shape[1])), *drawn])
    means = added[:, :-1] / added[:, -1:]
    return np.asarray(means[:, 0] if table.ndim == 1 else means)


def hierarchical_sums(schedules: Sequence[Array], *, rng: np.random.Generator, resamples: int = 50_000) -> Array:
    """Answer the sums (resamples, columns) of resampled schedules, each of them (seeds, matchdays, columns).

    Seeds of a schedule share its matchdays' luck: the same matchdays are drawn for all of them, and for all columns.
    A mean over seasons, or any other ratio, is the ratio of two columns' sums. The same generator state and shapes give
    the same draws, whatever the values. Raises ``MatchdayError`` where there is no schedule.

    >>> season = np.arange(1.0, 4.0).reshape(1, 3, 1)  # one seed, three matchdays
    >>> sums = hierarchical_sums([season, season + 10.0], rng=np.random.default_rng(0), resamples=2000)
    >>> bool(abs(sums.mean() - 42.0) < 1.0), float(sums.min())
    (True, 9.0)
    """
    if not schedules:
        raise MatchdayError("Bootstrap of 0 schedules: there is nothing to resample.")
    totals = np.stack([schedule.sum(axis=(0, 1)) for schedule in schedules])
    sums = np.empty((resamples, totals.shape[1]))
    for start in range(0, resamples, CHUNK):
        part = sums[start : start + CHUNK]
        chosen = rng.integers(len(schedules), size=(len(part), len(schedules)))
        part[:] = _counts(chosen[:, 1:], len(schedules)) @ totals
        for number in np.unique(chosen[:, 0]):
            rows = np.flatnonzero(chosen[:, 0] == number)
            part[rows] += _redrawn(schedules[number], len(rows), rng)
    return sums


def interval(means: Array, *, level: float = 0.95) -> tuple[float, float]:
    """Answer the central interval that holds ``level`` of the resampled means (percentile method).

    >>> interval(np.arange(101.0), level=0.5)
    (25.0, 75.0)
    """
    low, high = np.quantile(means, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def _resample(totals: Array, members: list[Ints], size: int, rng: np.random.Generator) -> Array:
    """Add up the blocks of each of ``size`` resamples: (size, columns of ``totals``)."""
    added = np.zeros((size, totals.shape[1]))
    for rows in members:
        added += _drawn(totals[rows], size, rng)
    return added


def _redrawn(schedule: Array, size: int, rng: np.random.Generator) -> Array:
    """Draw a schedule's seeds and matchdays with replacement, and add them up, ``size`` times: (size, columns)."""
    seeds, matchdays, columns = schedule.shape
    by_matchday = np.ascontiguousarray(schedule.transpose(1, 0, 2)).reshape(matchdays, seeds * columns)
    sums = _drawn(by_matchday, size, rng)
    if seeds == 1:
        return sums
    often = _counts(rng.integers(seeds, size=(size, seeds)), seeds)
    return np.asarray(np.einsum("rs,rsc->rc", often, sums.reshape(size, seeds, columns)))


def _drawn(rows: Array, size: int, rng: np.random.Generator) -> Array:
    """Draw as many rows as there are with replacement, and add them up, ``size`` times: (size, columns)."""
    return np.asarray(_counts(rng.integers(len(rows), size=(size, len(rows))), len(rows)) @ rows)


def _counts(drawn: Ints, kinds: int) -> Array:
    """Count how often each of ``kinds`` numbers came in each row: (rows, kinds)."""
    places = drawn + np.arange(len(drawn))[:, None] * kinds
    return np.bincount(places.ravel(), minlength=len(drawn) * kinds).reshape(len(drawn), kinds).astype(np.float64)


def _labels(table: Array, blocks: npt.ArrayLike, groups: npt.ArrayLike | None) -> tuple[Ints, Ints]:
    """Number each value's block, and each block's group, from 0."""
    labels: npt.NDArray[Any] = np.asarray(blocks)
    parts: npt.NDArray[Any] = np.zeros(len(labels), dtype=np.int64) if groups is None else np.asarray(groups)
    if not len(table) or not len(table) == len(labels) == len(parts):
        raise MatchdayError(
            f"Bootstrap of {len(table)} values with {len(labels)} block and {len(parts)} group labels; rule: at least "
            "one value, and as many labels."
        )
    if np.isnan(table).any():
        raise MatchdayError(f"Bootstrap: {int(np.isnan(table).sum())} values are NaN; leave them out, labels and all.")
    _, first, block_of = np.unique(labels, return_index=True, return_inverse=True)
    group_of = np.unique(parts, return_inverse=True)[1]
    if (group_of[first][block_of] != group_of).any():
        wrong = labels[np.argmax(group_of[first][block_of] != group_of)].item()
        raise MatchdayError(f"Bootstrap: block {wrong!r} is in two groups; rule: one, as a matchday is of one season.")
    return block_of.astype(np.int64), group_of[first].astype(np.int64)
