"""Pairs of points: each with one of its own class, and with one of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchday import MatchdayError
from matchday.markets import Array
from matchday_plugins.lens.studies.study import divided

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Positions of points (n,): each ``start`` once, one of its class beside it, and one of another class."""

    start: Ints
    same: Ints
    different: Ints

    def take(self, chosen: npt.NDArray[np.bool_]) -> Pairs:
        """Keep the pairs of some starts alone."""
        return Pairs(self.start[chosen], self.same[chosen], self.different[chosen])

    def design_effect(self, influence: Array) -> Array:
        """Answer how much greater the variance of a mean is for the points that pairs share, 1 or more, (k,).

        ``influence`` (n, k) is what each start and its pairs bring to k means, less the mean. With S_p the sum of it
        over what point p takes part in, the variance is Σ_p S_p² − 2 Σ_i e_i², and Σ_i e_i² if nothing were shared.

        Kish, L. (1965). Survey sampling. Wiley. Fafchamps, M. & Gubert, F. (2007). The formation of risk sharing
        networks. Journal of Development Economics 83(2), 326-350 (pairs).
        """
        points = np.concatenate([self.start, self.same, self.different])
        sums = np.zeros((int(points.max()) + 1, influence.shape[1]))
        np.add.at(sums, points, np.tile(influence, (3, 1)))
        shared, alone = np.sum(sums**2, axis=0), np.sum(influence**2, axis=0)
        return np.maximum(divided(shared, alone, otherwise=3.0) - 2.0, 1.0)


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
