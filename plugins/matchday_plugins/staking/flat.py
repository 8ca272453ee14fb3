"""Flat stakes: the same money on every bet."""

from __future__ import annotations

from pydantic import Field

from matchday import BetSlip, Component, Edges, hookimpl


class Flat(Component):
    """Stake ``stake`` currency units on every candidate; where the bankroll cannot cover all, equal parts of it."""

    stake: float = Field(1.0, gt=0, allow_inf_nan=False, description="currency units on each bet")

    @hookimpl
    def size_stakes(self, edges: Edges, bankroll: float) -> BetSlip:
        """Answer the day's slip."""
        stake = min(self.stake, bankroll / max(len(edges.bets), 1))
        return edges.slip(stake / bankroll, reason=f"{self.name}: {stake:.4g} a bet")
