"""What came of a bettor's bets so far."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from matchday.ledger import Settlement
from matchday.money import to_units


@dataclass(slots=True)
class Account:
    """The settled matchdays of one bettor; money in pence inside, in currency units where it says so."""

    settlements: list[Settlement] = field(default_factory=list)

    def add(self, settlement: Settlement) -> None:
        """Take a settled matchday into account."""
        self.settlements.append(settlement)

    @property
    def reward(self) -> float:
        """The sum of the matchdays' log growths."""
        return math.fsum(each.log_growth for each in self.settlements)

    @property
    def bets(self) -> int:
        """The number of settled bets, forced ones among them."""
        return sum(len(each.bets) for each in self.settlements)

    @property
    def staked(self) -> float:
        """What was staked, in currency units."""
        return to_units(sum(each.staked for each in self.settlements))

    @property
    def profit(self) -> float:
        """Payouts less stakes, in currency units."""
        return to_units(sum(each.paid - each.staked for each in self.settlements))
