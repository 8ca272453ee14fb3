"""State by club: tables that grow as clubs appear, and means in which old matches fade."""

from __future__ import annotations

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Ints


class PerClub:
    """A row of numbers a club, found by the club's number; clubs never seen have the blank row."""

    def __init__(self, *blank: float) -> None:
        self._blank = np.array(blank, dtype=np.float64)
        self._rows = np.tile(self._blank, (64, 1))

    def __getitem__(self, clubs: Ints) -> Array:
        """Answer copies of the rows, in the shape of ``clubs`` with one axis more."""
        try:
            return self._rows[clubs]
        except IndexError:
            self._grow(clubs)
            return self._rows[clubs]

    def __setitem__(self, clubs: Ints, values: Array) -> None:
        self._grow(clubs)
        self._rows[clubs] = values

    def forget(self, clubs: Ints) -> None:
        """Make rows blank again."""
        self[clubs] = self._blank

    def clear(self) -> None:
        """Make every row blank again."""
        self._rows[:] = self._blank

    def column(self, place: int) -> Array:
        """Answer one number of every club there is room for."""
        return np.asarray(self._rows[:, place])

    def _grow(self, clubs: Ints) -> None:
        if clubs.size and (wanted := int(clubs.max()) + 1) > len(self._rows):
            more = np.tile(self._blank, (max(wanted, 2 * len(self._rows)) - len(self._rows), 1))
            self._rows = np.concatenate([self._rows, more])


class FadingMean:
    """Means of a club's matches in which each match counts 2^(−1 / half-life) of the one after it.

    m = Σ δ^k x_k / Σ δ^k over the matches of which x is known, k = 0 the latest; NaN where there is none.
    """

    def __init__(self, width: int, *, half_life: float) -> None:
        self._decay = 2.0 ** (-1.0 / half_life)
        self._sums, self._weights = PerClub(*[0.0] * width), PerClub(*[0.0] * width)

    def __getitem__(self, clubs: Ints) -> Array:
        """Answer the means, in the shape of ``clubs`` with an axis of ``width`` more."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self._sums[clubs] / self._weights[clubs])

    def add(self, clubs: Ints, values: Array) -> None:
        """Take in a match of each club; what is NaN is passed over."""
        known = ~np.isnan(values)
        if known.all():
            self._sums[clubs] = self._decay * self._sums[clubs] + values
            self._weights[clubs] = self._decay * self._weights[clubs] + 1.0
        elif known.any():
            decay = np.where(known, self._decay, 1.0)
            self._sums[clubs] = decay * self._sums[clubs] + np.where(known, values, 0.0)
            self._weights[clubs] = decay * self._weights[clubs] + known

    def forget(self, clubs: Ints) -> None:
        """Begin anew with these clubs."""
        self._sums.forget(clubs)
        self._weights.forget(clubs)
