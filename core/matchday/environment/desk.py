"""The betting desk of one matchday: bets are placed and cancelled in money, until the matchday is played."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from matchday.bets import SLIP_COLUMNS, BetSlip
from matchday.errors import RuleBroken
from matchday.money import pence_as_share, to_pence, to_units
from matchday.placing import offer_of, place
from matchday.rules import Rules
from matchday.slate import Matchday


@dataclass(frozen=True, slots=True)
class Wager:
    """A bet as an agent asks for it: ``stake`` in currency units, whole pence; NaN ``probability``: no opinion."""

    match_id: str
    selection: str
    stake: float
    probability: float = math.nan
    reason: str = ""


class Desk:
    """The bets of one matchday before it is played, on a ``bankroll`` in pence.

    Every bet is held against the rules when it is placed, together with those that lie there already; a second bet on
    a selection takes the place of the first, so that a call that is repeated changes nothing.
    """

    def __init__(self, day: Matchday, bankroll: int, rules: Rules) -> None:
        self.day, self.bankroll, self.rules = day, bankroll, rules
        self._offer = offer_of(day.slate)
        self._wagers: dict[tuple[str, str], Wager] = {}

    @property
    def wagers(self) -> tuple[Wager, ...]:
        """The bets that lie there, in the order in which they were first placed."""
        return tuple(self._wagers.values())

    @property
    def staked(self) -> float:
        """The sum of the stakes, in currency units."""
        return to_units(sum(to_pence(each.stake) for each in self._wagers.values()))

    @property
    def free(self) -> float:
        """The bankroll less the stakes, in currency units."""
        return to_units(self.bankroll - to_pence(self.staked))

    def odds(self, wager: Wager) -> float:
        """Look up the decimal odds of a bet; NaN where it is not on offer."""
        return self._offer.get(wager.match_id, {}).get(wager.selection, math.nan)

    def place(self, wagers: Iterable[Wager]) -> None:
        """Place bets, all or none; raises ``RuleBroken`` with nothing changed where one breaks a rule."""
        asked: dict[tuple[str, str], Wager] = {}
        for wager in wagers:
            key = wager.match_id, wager.selection
            if key in asked:
                raise RuleBroken(f"Bet on {wager.match_id!r} {wager.selection!r}: asked for twice; rule: once a call.")
            self._check_stake(wager)
            asked[key] = wager
        together = {**self._wagers, **asked}
        made = place(self._slip(together.values()), offer=self._offer, rules=self.rules, bankroll=self.bankroll)
        if made.dropped:
            raise RuleBroken(f"{made.dropped[0]} of {self.rules.minimum_bet:.2f}.")
        self._wagers = together

    def cancel(self, match_id: str | None = None, selection: str | None = None) -> tuple[Wager, ...]:
        """Take back the bets on a selection, on a match, or all of them; raises ``RuleBroken`` where there is none."""
        gone = {
            key: wager
            for key, wager in self._wagers.items()
            if match_id in {None, key[0]} and selection in {None, key[1]}
        }
        if not gone:
            there = "; ".join(f"{each.match_id} {each.selection}" for each in self._wagers.values())
            what = " ".join(filter(None, (match_id, selection))) or "this matchday"
            raise RuleBroken(f"No bet on {what} to cancel; placed: {there or 'none'}.")
        self._wagers = {key: wager for key, wager in self._wagers.items() if key not in gone}
        return tuple(gone.values())

    def slip(self) -> BetSlip:
        """Write the slip that the matchday is played with."""
        return self._slip(self._wagers.values())

    def _slip(self, wagers: Iterable[Wager]) -> BetSlip:
        rows = [self._row(wager) for wager in wagers]
        return BetSlip(pd.DataFrame(rows, columns=list(SLIP_COLUMNS))) if rows else BetSlip.empty()

    def _row(self, wager: Wager) -> tuple[str, str, float, float, float, float, str]:
        odds = self.odds(wager)
        share = pence_as_share(to_pence(wager.stake), self.bankroll)
        edge = wager.probability * odds - 1.0
        return wager.match_id, wager.selection, wager.probability, odds, edge, share, wager.reason

    def _check_stake(self, wager: Wager) -> None:
        subject, whole = (
            f"Bet on {wager.match_id!r} {wager.selection!r}: stake {wager.stake:.15g}",
            to_units(self.bankroll),
        )
        if not wager.stake > 0:
            raise RuleBroken(f"{subject}; rule: more than 0.")
        if wager.stake > whole:
            raise RuleBroken(f"{subject} is more than the bankroll of {whole:.2f}.")
        if abs(wager.stake * 100 - to_pence(wager.stake)) > 1e-6 * max(1.0, wager.stake):
            raise RuleBroken(f"{subject}; rule: whole pence, two decimals.")
