"""A cap on each bet."""

from __future__ import annotations

from collections.abc import Generator
from typing import ClassVar

import numpy as np
from pydantic import Field

from matchday import BetSlip, Component, hookimpl


class StakeCap(Component):
    """Cut every bet of more than ``share`` of the bankroll down to it."""

    traits: ClassVar[frozenset[str]] = frozenset({"cap"})

    share: float = Field(0.05, gt=0, le=1, description="largest share of the bankroll on one bet")

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, each bet capped."""
        slip = yield
        shares = slip.bets["share"].to_numpy(dtype=np.float64)
        if not (shares > self.share).any():
            return slip
        reasons = [f"{self.name}: {share:.4f} of the bankroll to {self.share:g}" for share in shares]
        return slip.with_shares(np.minimum(shares, self.share), reason=reasons)
