"""Favourites: bet on the shortest price, whatever one thinks of it. KellyBench's simplest baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchday import Component, Edges, Forecast, Matchday, hookimpl
from matchday.markets import MATCH_RESULT


class Favourite(Component):
    """Propose each match's shortest match-result price; of equal ones the first of home, draw, away."""

    @hookimpl
    def find_edges(self, day: Matchday, forecast: Forecast) -> Edges:
        """Answer one candidate for every match that has a match-result price."""
        odds = day.slate.odds
        offered = odds.columns.tolist()
        places = [offered.index(name) for name in MATCH_RESULT.selections if name in offered]
        shortest = np.zeros(odds.shape, dtype=bool)
        if places:
            prices = np.nan_to_num(odds.to_numpy()[:, places], nan=np.inf)
            shortest[np.arange(len(odds)), np.array(places)[prices.argmin(axis=1)]] = True
        chosen = pd.DataFrame(shortest, index=odds.index, columns=odds.columns)
        return Edges.where(chosen, slate=day.slate, forecast=forecast)
