"""Price policies: of all the quotes on a match, which are the odds one can bet at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from matchday.markets import MARKETS, SELECTIONS, Array, Market


@dataclass(frozen=True, slots=True)
class PricePolicy:
    """A rule that picks the odds on offer from the quotes.

    ``bookmakers`` are tried in order, each market of a match by itself: the first that prices the whole market is
    taken; failing that, the first that prices any of it, and the rest of that market is not offered. With ``best``
    the highest price of all of them is taken, selection by selection. ``moment`` says when one bets: at ``opening``
    prices, closing ones are still unknown and no plugin sees them.
    """

    bookmakers: tuple[str, ...]
    moment: Literal["opening", "closing"] = "closing"
    best: bool = False
    meaning: str = ""

    def odds(self, quotes: pd.DataFrame) -> pd.DataFrame:
        """Pick the odds on offer: index as ``quotes``, one column a selection, NaN: not offered."""
        picked: dict[str, Array] = {}
        for market in MARKETS:
            prices = _prices(quotes, self.bookmakers, market)
            chosen = np.nanmax(prices, axis=0, initial=0.0) if self.best else _first(prices)
            chosen = np.where(chosen > 1.0, chosen, np.nan)
            picked.update(zip(market.selections, chosen.T, strict=True))
        return pd.DataFrame(picked, index=quotes.index, columns=list(SELECTIONS))


def _prices(quotes: pd.DataFrame, bookmakers: tuple[str, ...], market: Market) -> Array:
    """Stack a market's prices (bookmakers, matches, selections); NaN where there is none."""
    wanted = pd.MultiIndex.from_product([bookmakers, market.selections])
    found = quotes.reindex(columns=wanted).to_numpy(dtype=np.float64)
    return np.moveaxis(found.reshape(len(quotes), len(bookmakers), len(market.selections)), 1, 0)


def _first(prices: Array) -> Array:
    """Take each match's market from the first bookmaker with all of it, else the first with any of it."""
    priced = ~np.isnan(prices)
    rank = 2 * priced.all(axis=2) + priced.any(axis=2)
    chosen = rank.argmax(axis=0)
    return np.asarray(prices[chosen, np.arange(prices.shape[1])])
