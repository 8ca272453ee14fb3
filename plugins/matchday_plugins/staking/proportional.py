"""Proportional stakes: the same share of the bankroll on every bet."""

from __future__ import annotations

from pydantic import Field

from matchday import BetSlip, Component, Edges, hookimpl


class Proportional(Component):
    """Stake ``fraction`` of the day's opening bankroll on every candidate; where they exceed it, equal parts of it."""

    fraction: float = Field(0.05, gt=0, le=1, description="share of the bankroll on each bet")

    @hookimpl
    def size_stakes(self, edges: Edges) -> BetSlip:
        """Answer the day's slip."""
        share = min(self.fraction, 1.0 / max(len(edges.bets), 1))
        return edges.slip(share, reason=f"{self.name}: {share:.4g} of the bankroll a bet")
