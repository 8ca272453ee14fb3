"""Every bookmaker's prices of some matches as arrays: what the models that look at all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.markets import Array, Market
from matchday_plugins.models.devig import Method, devig

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Quotes:
    """The quotes of n matches. ``codes`` are the bookmakers', in the order of their columns."""

    index: pd.Index[str]
    codes: tuple[str, ...]
    _place: dict[tuple[str, str], int]
    _table: Array

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Quotes:
        """Read ``Slate.quotes`` or ``History.quotes``; a frame without columns is one without bookmakers."""
        columns: Any = frame.columns  # of pairs, where there are any
        place = {(str(code), str(name)): i for i, (code, name) in enumerate(columns)}
        nowhere = np.full((len(frame), 1), np.nan)  # the last column, where absent ones are found
        table = np.hstack([frame.to_numpy(dtype=np.float64), nowhere])
        return cls(frame.index, tuple(dict.fromkeys(code for code, _ in place)), place, table)

    def odds(self, codes: Sequence[str], market: Market) -> Array:
        """Answer a market's decimal odds (n, bookmakers, selections); NaN where a bookmaker prices not all of it."""
        columns = [self._place.get((code, name), -1) for code in codes for name in market.selections]
        odds = self._table[:, columns].reshape(len(self.index), len(codes), len(market.selections))
        return np.where(whole(odds)[:, :, None], odds, np.nan)

    def fair(self, odds: Array, codes: Sequence[str], method: Method) -> Array:
        """De-vig each bookmaker's market by itself; the shape is that of ``odds``, NaN stays NaN."""
        n, _, k = odds.shape
        rows = pd.Index([f"{match_id} at {code}" for match_id in self.index for code in codes], dtype="str")
        return devig(odds.reshape(-1, k), method, rows=rows).reshape(n, len(codes), k)


def whole(odds: Array) -> Bools:
    """Say which markets have a price of every selection, along the last axis."""
    return np.asarray(~np.isnan(odds).any(axis=-1), dtype=np.bool_)


def overround(odds: Array) -> Array:
    """Answer Σ 1/o − 1 over the last axis; NaN where a price is missing."""
    return np.asarray((1.0 / odds).sum(axis=-1) - 1.0)
