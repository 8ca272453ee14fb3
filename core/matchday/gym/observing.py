"""A matchday as padded tables of numbers, one row a match and one column a selection, and the spaces they lie in."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from matchday.forecast import Forecast
from matchday.gym.programme import LARGEST_ODDS
from matchday.markets import Array, complete_markets, multiplicative
from matchday.money import log_growth
from matchday.slate import Matchday

Table = npt.NDArray[np.float32]
Observation = dict[str, npt.NDArray[np.generic]]

#: No season has more dates on which matches are played.
MOST_MATCHDAYS = 366


class Observer:
    """Writes matchdays down as tables of ``rows`` matches and the selections of the rules.

    =================  ==================  ============================================================================
    ``odds``           (rows, selections)  decimal odds; 0 where there is no match, or the selection is not on offer
    ``mask``           (rows, selections)  1 where there is something to bet on, else 0
    ``implied``        (rows, selections)  the odds' probabilities, (1/o) / sum of the market's 1/o; 0 where the market
                                           is not priced in whole
    ``probabilities``  (models, rows,      what each model says; 0 where it has no opinion. Only where there are models
                       selections)
    ``log_bankroll``   (1,)                log of bankroll / starting bankroll; a bankroll below a penny is a penny
    ``played``         (1,)                the share of the season's matches that are settled
    =================  ==================  ============================================================================

    All are float32 but ``mask``, which is int8. ``start`` is the starting bankroll in pence.
    """

    def __init__(self, rows: int, selections: Sequence[str], *, models: int, start: int) -> None:
        self.shape = (rows, len(selections))
        self._selections, self._models, self._start = list(selections), models, start
        self._markets = [[self._selections.index(n) for n in m.selections] for m in complete_markets(self._selections)]

    def space(self) -> spaces.Dict:
        """Answer the space that every observation lies in."""
        lowest, highest = log_growth(self._start, 0), MOST_MATCHDAYS * math.log(LARGEST_ODDS)
        probabilities = {"probabilities": _box(0, 1, (self._models, *self.shape))} if self._models else {}
        return spaces.Dict(
            {
                "odds": _box(0, LARGEST_ODDS, self.shape),
                "mask": spaces.Box(0, 1, self.shape, np.int8),
                "implied": _box(0, 1, self.shape),
                **probabilities,
                "log_bankroll": _box(lowest, highest, (1,)),
                "played": _box(0, 1, (1,)),
            }
        )

    def observe(
        self, day: Matchday | None, forecasts: Sequence[Forecast], *, bankroll: int, played: float
    ) -> Observation:
        """Write a matchday down with a bankroll in pence; without one, the season is over and the tables are empty."""
        odds = np.full(self.shape, np.nan) if day is None else self._padded(day.slate.odds.to_numpy(dtype=np.float64))
        probabilities = {}
        if self._models:
            said = [self._said(each) for each in forecasts] or [np.zeros(self.shape)] * self._models
            probabilities = {"probabilities": np.stack(said).astype(np.float32)}
        return {
            "odds": np.nan_to_num(odds).astype(np.float32),
            "mask": (~np.isnan(odds)).astype(np.int8),
            "implied": self._implied(odds),
            **probabilities,
            "log_bankroll": np.array([log_growth(self._start, bankroll)], dtype=np.float32),
            "played": np.array([played], dtype=np.float32),
        }

    def _padded(self, table: Array) -> Array:
        padded = np.full(self.shape, np.nan)
        padded[: len(table)] = table
        return padded

    def _implied(self, odds: Array) -> Table:
        implied = np.zeros(self.shape)
        for columns in self._markets:
            implied[:, columns] = np.nan_to_num(multiplicative(odds[:, columns]))
        return implied.astype(np.float32)

    def _said(self, forecast: Forecast) -> Array:
        said = forecast.probabilities.reindex(columns=self._selections).to_numpy(dtype=np.float64)
        return np.nan_to_num(self._padded(said))


def _box(low: float, high: float, shape: tuple[int, ...]) -> spaces.Box:
    return spaces.Box(np.float32(low), np.float32(high), shape, np.float32)
