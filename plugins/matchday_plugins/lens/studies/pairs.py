"""Pairs of points: each with one of its own class, and with one of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchday import MatchdayError

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Positions of points (n,): each ``start`` once, one of its class beside it, and one of another class."""

    start: Ints
    same: Ints
    different: Ints


def partners(classes: npt.ArrayLike, *, most: int, rng: np.random.Generator) -> Pairs:
    """Draw at most so many points, without replacement, and partners for each; alone in its class, it is left out.

    Raises ``MatchdayError`` where there is no pair of one class, or none of two.
    """
    names, label = np.unique(np.asarray(classes), return_inverse=True)
    size = np.bincount(label)
    if len(names) < 2:
        raise MatchdayError(f"Study: all {len(label)} rows are of one class, {str(names[0])!r}; rule: at least two.")
    if most < 2:
        raise MatchdayError(f"Study of {most} pairs; rule: at least 2.")
    start = rng.permutation(np.flatnonzero(size[label] > 1))[:most]
    if len(start) < 2:
        raise MatchdayError(f"Study: {len(label)} rows of {len(names)} classes; rule: some class has two of them.")
    order = np.argsort(label, kind="stable")
    first = np.cumsum(size) - size
    place = np.empty(len(label), dtype=np.int64)
    place[order] = np.arange(len(label)) - first[label[order]]
    own, begins = size[label[start]], first[label[start]]
    same = begins + (place[start] + 1 + rng.integers(own - 1)) % own
    other = rng.integers(len(label) - own)
    return Pairs(start, order[same], order[other + own * (other >= begins)])
