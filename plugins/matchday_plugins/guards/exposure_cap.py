"""A cap on what is at risk in one day."""

from __future__ import annotations

from collections.abc import Generator
from typing import ClassVar

from pydantic import Field

from matchday import BetSlip, Component, hookimpl


class ExposureCap(Component):
    """Scale the slip down, all bets alike, where its shares add up to more than ``share`` of the bankroll."""

    traits: ClassVar[frozenset[str]] = frozenset({"cap"})

    share: float = Field(0.33, gt=0, le=1, description="largest share of the bankroll on one matchday")

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, capped."""
        slip = yield
        total = float(slip.bets["share"].sum())
        if total <= self.share + 1e-12:
            return slip
        scale = self.share / total
        return slip.with_shares(slip.bets["share"] * scale, reason=f"{self.name}: {total:.3f} in all, × {scale:.3f}")
