"""What the wrappers share that scale each bet by a factor of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchday.markets import MARKET_OF, Array


def of_bets(frame: pd.DataFrame | None, bets: pd.DataFrame) -> Array:
    """Look up each bet (k,) in a frame with index ``match_id`` and a column a selection; NaN where it is not there."""
    if frame is None or bets.empty:
        return np.full(len(bets), np.nan)
    found = frame.reindex(index=bets["match_id"].tolist(), columns=bets["selection"].tolist())
    return np.asarray(found.to_numpy(dtype=np.float64).diagonal())


def with_hedges(factors: Array, bets: pd.DataFrame) -> Array:
    """Answer factors (k,) in which a bet without an edge of its own has that of the bets it hedges.

    ``factors`` counts where p·o > 1. A bet with p·o <= 1, a hedge in a joint optimum, is scaled by the mean factor,
    weighted by ``share``, of the bets with an edge on its market; where there is none by that of those on its match.
    Where there is none either it hedges nothing, and its factor is 0. A bet without a probability has 1.
    """
    worth = (bets["probability"] * bets["odds"]).to_numpy(dtype=np.float64)
    shares = bets["share"].to_numpy(dtype=np.float64)
    matches = bets["match_id"].to_numpy()
    markets = np.array([MARKET_OF[name].name for name in bets["selection"]])
    complete = np.where(worth > 1.0, factors, 1.0)
    for row in np.flatnonzero(worth <= 1.0):
        hedged = (worth > 1.0) & (matches == matches[row])
        nearest = hedged & (markets == markets[row])
        chosen = nearest if nearest.any() else hedged
        staked = shares[chosen].sum()
        complete[row] = factors[chosen] @ shares[chosen] / staked if staked > 0.0 else 0.0
    return complete
