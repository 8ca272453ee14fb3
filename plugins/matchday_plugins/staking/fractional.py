"""A fraction of whatever the staking says: less growth, far less risk."""

from __future__ import annotations

from collections.abc import Generator

from pydantic import Field

from matchday import BetSlip, Component, hookimpl


class Fractional(Component):
    """Multiply every share of the slip by ``fraction``: after a Kelly staking, fractional Kelly.

    MacLean, L. C., Ziemba, W. T. & Blazenko, G. (1992). Growth versus security in dynamic investment analysis.
    Management Science 38(11), 1562-1585.
    """

    fraction: float = Field(0.25, gt=0, le=1, description="what is left of each share")

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, scaled."""
        slip = yield
        return slip.with_shares(self.fraction * slip.bets["share"], reason=f"{self.name}: × {self.fraction:g}")
