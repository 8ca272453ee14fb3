"""Purses: a bankroll in whole pence, parted among agents, and each one's part of a settlement.

Parts are made by the largest remainder: everybody has the whole pence of an exact quota, and the pence that are left go
to the largest remainders, the first of equals first. So parts add up to what is parted, and each is less than a penny
from its quota.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from fractions import Fraction

from matchday.ledger import Bet, SettledBet, Settlement

#: A bet's match and selection.
Key = tuple[str, str]

#: Who stands behind each bet, and with which bet of its own: key -> agent -> bet.
Backers = Mapping[Key, Mapping[str, Bet]]


def apportion(amount: int, weights: Sequence[float]) -> list[int]:
    """Part whole pence in proportion to weights (k,), not negative and finite; evenly where all of them are 0.

    >>> apportion(100, [1, 1, 1]), apportion(7, [0.5, 0.0, 0.5]), apportion(1, [0, 0])
    ([34, 33, 33], [4, 0, 3], [1, 0])
    """
    exact = [Fraction(weight) for weight in weights]
    total = sum(exact)
    quotas = [amount * weight / total if total else Fraction(amount, len(exact)) for weight in exact]
    parts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda k: parts[k] - quotas[k])
    for k in by_remainder[: amount - sum(parts)]:
        parts[k] += 1
    return parts


def handed_out(settlement: Settlement, purses: Mapping[str, int], backers: Backers) -> dict[str, Settlement]:
    """Part a settlement bet by bet; the parts' bankrolls add up to the settlement's, if the purses (pence) do.

    The stake of a bet is parted in proportion to what its backers wanted to stake, its payout in proportion to the
    parts. A bet that nobody wanted, as a forced one, is borne by the largest purse as far as it goes, then by the next.
    """
    bets: dict[str, list[SettledBet]] = {name: [] for name in purses}
    left = dict(purses)
    for settled in settlement.bets:
        own = {} if settled.bet.forced else backers.get((settled.bet.match_id, settled.bet.selection), {})
        stakes = _parted(settled.bet.stake, own) if own else _borne(settled.bet.stake, left)
        payouts = apportion(settled.payout, list(stakes.values()))
        for (name, stake), payout in zip(stakes.items(), payouts, strict=True):
            if stake:
                bets[name].append(SettledBet(dataclasses.replace(own.get(name, settled.bet), stake=stake), payout))
                left[name] -= stake
    return {name: _part(settlement, purse, left[name], bets[name]) for name, purse in purses.items()}


def _part(settlement: Settlement, before: int, left: int, bets: Sequence[SettledBet]) -> Settlement:
    after = left + sum(each.payout for each in bets)
    return dataclasses.replace(settlement, before=before, after=after, bets=tuple(bets))


def _parted(stake: int, backers: Mapping[str, Bet]) -> dict[str, int]:
    wanted = [bet.stake for bet in backers.values()]
    return dict(zip(backers, apportion(stake, wanted), strict=True))


def _borne(stake: int, purses: Mapping[str, int]) -> dict[str, int]:
    """Take a stake out of the largest purse, the first of equals, and what that has not out of the next."""
    parts: dict[str, int] = {}
    for name in sorted(purses, key=lambda name: -purses[name]):
        parts[name] = min(stake, purses[name])
        stake -= parts[name]
    return parts
