"""One bet a match: the best of its candidates."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field
from scipy.special import xlogy

from matchday import Component, Edges, hookimpl
from matchday.markets import Array


def lone_growth(p: Array, odds: Array) -> Array:
    """Expected log growth of a bet sized by Kelly for itself: p·log(p·o) + (1 − p)·log((1 − p)·o/(o − 1)).

    That is the relative entropy of p to 1/o, with the stake f = (p·o − 1)/(o − 1); 0 where p·o <= 1, NaN where p is.

    >>> lone_growth(np.array([0.55, 0.5]), np.array([2.0, 2.0])).round(7).tolist()
    [0.0050084, 0.0]
    """
    growth = xlogy(p, p * odds) + xlogy(1.0 - p, (1.0 - p) * odds / (odds - 1.0))
    return np.where(p * odds <= 1.0, 0.0, growth)


class OneBetAMatch(Component):
    """Keep of each match the candidate with the largest edge, or that with the largest growth of its own.

    Growth weighs the edge against the odds: an edge of 10 % at 2.0 is worth more than one of 15 % at 8.0. Of equal ones
    the first stays; a candidate without a probability stays only where the match has no other.
    """

    by: Literal["edge", "growth"] = Field("edge", description="p·o − 1, or expected log growth of the bet alone")

    @hookimpl(wrapper=True)
    def find_edges(self) -> Generator[None, Edges, Edges]:
        """Answer at most one candidate for every match."""
        edges = yield
        worth, edge = (np.nan_to_num(each, nan=-np.inf) for each in (self._worth(edges.bets), edges.bets["edge"]))
        order = np.lexsort((-edge, -worth))
        best = ~edges.bets["match_id"].iloc[order].duplicated().to_numpy()
        chosen = np.isin(np.arange(len(order)), order[best])
        mask = pd.Series(chosen, index=edges.bets.index)
        return edges.keep(mask, reason=f"{self.name}: not the match's best by {self.by}")

    def _worth(self, bets: pd.DataFrame) -> Array:
        if self.by == "edge":
            return bets["edge"].to_numpy(dtype=np.float64)
        p, odds = bets["probability"].to_numpy(dtype=np.float64), bets["odds"].to_numpy(dtype=np.float64)
        return lone_growth(p, odds)
