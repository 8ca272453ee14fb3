"""The ledger: whole pence in, whole pence out, each bet settled once."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matchday.errors import RuleBroken
from matchday.money import log_growth, payout, to_units

Outcome = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bet:
    """A bet as it stands in the ledger: ``stake`` in pence, decimal ``odds``; NaN ``probability``: no opinion."""

    match_id: str
    selection: str
    stake: int
    odds: float
    probability: float = math.nan
    edge: float = math.nan
    share: float = math.nan
    reason: str = ""
    forced: bool = False


@dataclass(frozen=True, slots=True)
class SettledBet:
    """A bet and what it paid, in pence: 0 where it lost."""

    bet: Bet
    payout: int

    @property
    def profit(self) -> int:
        """Payout less stake, in pence."""
        return self.payout - self.bet.stake


@dataclass(frozen=True, slots=True)
class Settlement:
    """The money of one matchday: bankroll before and after in pence, and every bet with its payout."""

    matchday: int
    date: datetime.date
    before: int
    after: int
    bets: tuple[SettledBet, ...]

    @property
    def staked(self) -> int:
        """The sum of the stakes, in pence."""
        return sum(settled.bet.stake for settled in self.bets)

    @property
    def paid(self) -> int:
        """The sum of the payouts, in pence."""
        return sum(settled.payout for settled in self.bets)

    @property
    def log_growth(self) -> float:
        """log(after / before), the reward of the matchday."""
        return log_growth(self.before, self.after)


class Ledger:
    """A bankroll in pence and the bets that are open on it."""

    __slots__ = ("_free", "_open")

    def __init__(self, bankroll: int) -> None:
        self._free = bankroll
        self._open: tuple[Bet, ...] = ()

    @property
    def bankroll(self) -> int:
        """Pence, open stakes included."""
        return self._free + sum(bet.stake for bet in self._open)

    @property
    def open_bets(self) -> tuple[Bet, ...]:
        """The bets that wait for their settlement."""
        return self._open

    def place(self, bets: Sequence[Bet]) -> None:
        """Take the stakes out of the bankroll; raises ``RuleBroken`` and takes nothing where they exceed it."""
        staked = sum(bet.stake for bet in bets)
        if any(bet.stake <= 0 for bet in bets):
            raise RuleBroken("Ledger: a stake is not positive; rule: whole pence, at least one.")
        if staked > self._free:
            raise RuleBroken(
                f"Ledger: stakes of {to_units(staked):.2f} exceed the bankroll of {to_units(self._free):.2f}."
            )
        self._free -= staked
        self._open = (*self._open, *bets)

    def settle(self, outcome: Callable[[str], Mapping[str, Outcome]]) -> tuple[SettledBet, ...]:
        """Pay every open bet; ``outcome(match_id)[selection]`` is the share won and the share given back."""
        settled = tuple(_settle(bet, outcome(bet.match_id)[bet.selection]) for bet in self._open)
        self._free += sum(each.payout for each in settled)
        self._open = ()
        return settled


def _settle(bet: Bet, outcome: Outcome) -> SettledBet:
    won, back = outcome
    return SettledBet(bet, payout(bet.stake, bet.odds, won=won, back=back))
