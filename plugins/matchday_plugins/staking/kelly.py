"""Kelly: the shares that maximise expected log growth, each market of a match by itself.

Kelly, J. L. (1956). A new interpretation of information rate. Bell System Technical Journal 35(4), 917-926.
Smoczynski, P. & Tomkins, D. (2010). An explicit solution to the problem of optimizing the allocations of a bettor's
wealth when wagering on horse races. The Mathematical Scientist 35(1), 10-17.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchday import BetSlip, Component, Edges, MatchdayError, hookimpl
from matchday.forecast import TOLERANCE
from matchday.markets import MARKET_OF, Array

#: What float64 arithmetic may add to a product that ought to be exactly fair.
ROUNDING = 1e-12


def exclusive_kelly(p: Array, odds: Array) -> Array:
    """Size bets (k,) on mutually exclusive selections: shares of the bankroll, in the order given.

    In order of p·o, selection k is backed while p_k o_k > R, with R = (1 − Σp)/(1 − Σ1/o) over those backed before;
    then f = p − R/o. One selection alone gives f = (p·o − 1)/(o − 1). All selections of a market are backed only in an
    arbitrage (Σ1/o < 1); then f = p, the whole bankroll, and no result loses it.

    >>> exclusive_kelly(np.array([0.5, 0.27, 0.23]), np.array([2.2, 3.6, 3.6])).round(6).tolist()
    [0.109434, 0.031321, 0.0]
    """
    backed: list[int] = []
    reserve = 1.0
    for k in np.argsort(-p * odds, kind="stable"):
        if p[k] * odds[k] <= reserve * (1.0 + ROUNDING):
            break
        room = 1.0 - np.sum(1.0 / odds[[*backed, k]])
        if room <= ROUNDING:  # only by rounding: p_k o_k > R leaves room
            break
        backed.append(int(k))
        reserve = (1.0 - p[backed].sum()) / room
    shares = np.zeros_like(p)
    shares[backed] = p[backed] - reserve / odds[backed]
    return shares


class Kelly(Component):
    """Stake each market's growth-optimal shares of the bankroll; matches and markets are sized one at a time.

    Sized apart, the bets of a day may come to more than the bankroll; they are then scaled to it, and the slip says so.
    A candidate without a probability gets no stake, and the slip says so too.
    """

    @hookimpl
    def size_stakes(self, edges: Edges) -> BetSlip:
        """Answer the day's slip."""
        bets = edges.bets
        p, odds = bets["probability"].to_numpy(dtype=np.float64), bets["odds"].to_numpy(dtype=np.float64)
        shares = np.zeros(len(bets))
        for rows in _markets(bets[~np.isnan(p)]):
            if p[rows].sum() > 1.0 + TOLERANCE:
                _refuse(bets["match_id"].iloc[rows[0]], float(p[rows].sum()))
            shares[rows] = exclusive_kelly(p[rows], odds[rows])
        total = float(shares.sum())
        scaled = pd.Series(shares / max(total, 1.0), index=bets.index)
        slip = edges.slip(scaled, reason=f"{self.name}: growth-optimal alone")
        if total > 1.0:
            slip = slip.noted(f"{self.name}: shares of {total:.3f} in all, scaled to the bankroll")
        unknown = int(np.isnan(p).sum())
        if unknown:
            slip = slip.noted(f"{self.name}: no stake on {unknown} candidates without a probability")
        return slip


def _refuse(match_id: str, total: float) -> None:
    raise MatchdayError(f"probabilities in a market of {match_id!r} add up to {total:.4g}; rule: at most 1")


def _markets(bets: pd.DataFrame) -> list[list[int]]:
    """Group the candidates by match and market: their positions on the list."""
    groups: dict[tuple[str, str], list[int]] = {}
    for position, match_id, selection in zip(bets.index, bets["match_id"], bets["selection"], strict=True):
        groups.setdefault((match_id, MARKET_OF[selection].name), []).append(position)
    return list(groups.values())
