"""One bet a match: the best of its candidates."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field

from matchday import Component, Edges, hookimpl
from matchday.markets import Array
from matchday_plugins.staking.joint.exclusive import lone_growth


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
