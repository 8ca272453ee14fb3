"""From an action to the day's bets: whatever a policy asks for, something is placed.

A policy that explores asks for what the rules refuse, and would learn nothing from being refused. So its shares are
brought within the rules, in this order:

1. Shares outside of [0, 1] are brought to its nearer end; what is not on offer is left out.
2. Of a match, the largest ``bets_per_match`` shares are kept, the first of equals.
3. A share above ``bet_limit`` becomes ``bet_limit``.
4. The shares of a match that exceed ``match_limit`` together are scaled down to it, and
5. those of the day that exceed ``matchday_limit``, likewise.

Shares within the rules are left as they are. Then the core places them as it does any slip: whole pence, rounded down,
and a stake below the minimum bet is dropped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from matchday.bets import SLIP_COLUMNS, BetSlip
from matchday.episode import Episode
from matchday.errors import MatchdayError, RuleBroken, one_line
from matchday.events import SlipPlaced
from matchday.markets import Array
from matchday.rules import Rules
from matchday.slate import Slate

#: By what part shares give way where, rounded to pence, they come to a penny more than the limit that they fill.
GIVING_WAY = (0.0, 1e-12, 1e-9, 1e-6, 1e-3)


def asked(action: Any, *, shape: tuple[int, int], slate: Slate) -> Array:
    """Read an action as shares of the bankroll (matches of the day, selections), in [0, 1] and 0 off the offer.

    Raises ``MatchdayError`` where it has another shape, or holds what is not a number.
    """
    shares = numbers(action)
    if shares.shape != shape:
        raise MatchdayError(f"Action: its shape is {shares.shape}; rule: {shape}, as in the action space.")
    if np.isnan(shares).any():
        row, column = np.argwhere(np.isnan(shares))[0]
        raise MatchdayError(f"Action: share [{row}, {column}] is NaN; rule: numbers, as in the action space.")
    offered = ~np.isnan(slate.odds.to_numpy(dtype=np.float64))
    return np.where(offered, shares[: len(slate)].clip(0.0, 1.0), 0.0)


def numbers(action: Any) -> Array:
    """Read an action as numbers; raises ``MatchdayError`` where it holds something else."""
    try:
        read = np.asarray(action)
    except ValueError as error:  # rows of several lengths
        raise MatchdayError(f"Action: {one_line(error)}; rule: a table, as in the action space.") from error
    if read.dtype.kind not in "fiub":
        raise MatchdayError(f"Action: it holds {read.dtype.name}; rule: numbers, as in the action space.")
    return read.astype(np.float64)


def within(shares: Array, rules: Rules) -> Array:
    """Bring shares (matches, selections) within the limits of the rules; those that are stay as they are."""
    if rules.bets_per_match is not None:
        rank = (-shares).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        shares = np.where(rank < rules.bets_per_match, shares, 0.0)
    shares = np.minimum(shares, rules.bet_limit)
    shares = _scaled(shares, shares.sum(axis=1, keepdims=True), rules.match_limit)
    return _scaled(shares, shares.sum(), rules.matchday_limit)


def _scaled(shares: Array, total: Any, limit: float) -> Array:
    return np.asarray(shares * (limit / np.maximum(total, limit)))


def place(episode: Episode, shares: Array) -> SlipPlaced:
    """Place shares that are within the rules.

    Each is rounded down to whole pence, but for a millionth, which may take stakes that fill a limit a penny over it.
    Then all of them give way a little.
    """
    day = episode.day
    assert day is not None
    for part in GIVING_WAY:
        try:
            return episode.place(slip_of(shares * (1.0 - part), day.slate))
        except RuleBroken as error:
            refused = error
    raise refused


def slip_of(shares: Array, slate: Slate) -> BetSlip:
    """Write shares (matches, selections) on a slip, without opinion or reason; a share of 0 is no bet."""
    odds = slate.odds
    row, column = np.nonzero(shares)
    if not len(row):
        return BetSlip.empty()
    price, none = odds.to_numpy(dtype=np.float64)[row, column], np.full(len(row), np.nan)
    columns = (odds.index[row], odds.columns[column], none, price, none, shares[row, column], "policy")
    return BetSlip(pd.DataFrame(dict(zip(SLIP_COLUMNS, columns, strict=True))))
