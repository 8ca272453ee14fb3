"""A figure that is a ratio of sums, with what the bootstrap says of it: its interval, and whether it could be 0.

    v = Σ over / Σ under            resampled: schedules first, then seeds and matchdays (``hierarchical_sums``)
    v* ← v + (v* − v) √(d/χ²_d)     d = S²/(S − 1) of S schedules; left as it is where there is one

The second line makes the spread Student's instead of the normal one's, for the spread of few seasons is itself
uncertain. Of the variance of a mean over S seasons, a share (S − 1)/S is estimated from how the seasons differ, with
S − 1 degrees of freedom, and the rest from hundreds of matchdays; Satterthwaite's rule makes d of that.

Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics Bulletin 2(6),
110-114. Efron, B. & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall, chapters 13, 16.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from matchday.markets import Array
from matchday.resampling import hierarchical_sums, interval

Key = TypeVar("Key", bound=Hashable)

#: Matchdays that an interval asks for: of fewer the luck of a day is a matter of opinion.
MINIMUM_MATCHDAYS = 10

#: Ratios resampled at a time; the same draws are made again for the next ones, so that memory is bounded.
BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """Two columns, each an array (seeds, matchdays) a schedule: the figure is the sum of the first by the second's."""

    over: Sequence[Array]
    under: Sequence[Array]

    @property
    def value(self) -> float:
        """The figure; NaN where there is nothing to divide by."""
        total, count = (float(sum(each.sum() for each in side)) for side in (self.over, self.under))
        return total / count if count else np.nan

    @property
    def schedules(self) -> tuple[int, ...]:
        """The schedules that have something to divide by."""
        return tuple(number for number, each in enumerate(self.under) if each.any())

    @property
    def sure(self) -> bool:
        """Whether there is enough of it to be resampled, and all of it finite."""
        days = sum(int((self.under[number] != 0).any(axis=0).sum()) for number in self.schedules)
        return days >= MINIMUM_MATCHDAYS and all(np.isfinite(each).all() for each in self.over)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and what is known of it; all but ``value`` are NaN where there is too little to resample.

    ``low`` and ``high`` are its interval; ``positive`` the share of resamples in which it is above 0; ``p`` two-sided
    that it is 0; ``error`` its standard error; ``schedules`` how many it comes from.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    positive: float = np.nan
    p: float = np.nan
    error: float = np.nan
    schedules: int = 0


def estimate(ratios: Mapping[Key, Ratio], *, seed: int, resamples: int, level: float) -> dict[Key, Estimate]:
    """Estimate every ratio; what one comes to does not depend on the others.

    Ratios of the same schedules see the same draws.
    """
    found = {key: Estimate(ratio.value, schedules=len(ratio.schedules)) for key, ratio in ratios.items()}
    for (schedules, _), keys in _batches(ratios):
        tables = [_table([ratios[key] for key in keys], number) for number in schedules]
        rng = np.random.default_rng(seed)
        sums = hierarchical_sums(tables, rng=rng, resamples=resamples)
        stretch = _stretch(len(schedules), resamples, rng)
        for place, key in enumerate(keys):
            over, under = sums[:, 2 * place], sums[:, 2 * place + 1]
            drawn = over[under > 0] / under[under > 0]
            found[key] = _described(ratios[key].value, drawn, stretch[under > 0], len(schedules), level)
    return found


#: Numbers of schedules, and the shape (seeds, matchdays) of each: what decides on the draws.
Kind = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]


def _batches(ratios: Mapping[Key, Ratio]) -> Iterator[tuple[Kind, list[Key]]]:
    """Put ratios together that are of the same schedules and as many seeds of each, so many at a time."""
    alike: dict[Kind, list[Key]] = {}
    for key, ratio in ratios.items():
        if ratio.sure:
            shapes = tuple(ratio.under[number].shape for number in ratio.schedules)
            alike.setdefault((ratio.schedules, shapes), []).append(key)
    for kind, keys in alike.items():
        for start in range(0, len(keys), BATCH):
            yield kind, keys[start : start + BATCH]


def _table(ratios: Sequence[Ratio], number: int) -> Array:
    """Lay one schedule of several ratios out (seeds, matchdays, 2 · ratios)."""
    return np.stack([side[number] for ratio in ratios for side in (ratio.over, ratio.under)], axis=-1)


def _stretch(schedules: int, resamples: int, rng: np.random.Generator) -> Array:
    if schedules == 1:
        return np.ones(resamples)
    freedom = schedules**2 / (schedules - 1)
    return np.asarray(np.sqrt(freedom / rng.chisquare(freedom, resamples)))


def _described(value: float, drawn: Array, stretch: Array, schedules: int, level: float) -> Estimate:
    if not len(drawn):
        return Estimate(value, schedules=schedules)
    around = drawn - value
    around[np.abs(around) <= 1e-12 * max(1.0, abs(value))] = 0.0  # rounding is no spread
    drawn = value + stretch * around
    below, above = int((drawn <= 0.0).sum()), int((drawn >= 0.0).sum())
    return Estimate(
        value,
        *interval(drawn, level=level),
        positive=float((drawn > 0.0).mean()),
        p=min(1.0, 2.0 * (1 + min(below, above)) / (1 + len(drawn))),
        error=float(np.sqrt((around**2).mean())),
        schedules=schedules,
    )
