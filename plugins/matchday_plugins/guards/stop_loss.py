"""A line below which the season is over."""

from __future__ import annotations

from collections.abc import Generator

from pydantic import Field, PrivateAttr

from matchday import BetSlip, Component, hookimpl

#: Bankrolls are whole pence; what a product of floats adds or takes is far less than this.
HALF_A_PENNY = 0.005


class StopLoss(Component):
    """Bet no more for the rest of the season once ``loss`` of the bankroll is gone.

    The line is 1 − ``loss`` of the bankroll of the first matchday seen this season, which for an agent that plays with
    a part of the money is that part. A bankroll that is below it in the morning stops the season, whatever comes later.
    Where the rules ask for a bet each matchday, the forced ones go on.
    """

    loss: float = Field(0.5, gt=0, lt=1, description="share of the opening bankroll that may be lost")

    _opening: float | None = PrivateAttr(default=None)
    _stopped: bool = PrivateAttr(default=False)

    @hookimpl
    def season_opened(self) -> None:
        """Forget the last season."""
        self._opening, self._stopped = None, False

    @hookimpl(wrapper=True)
    def size_stakes(self, bankroll: float) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, or an empty one once the line is crossed."""
        slip = yield
        if self._opening is None:
            self._opening = bankroll
        line = (1.0 - self.loss) * self._opening
        if not self._stopped and bankroll < line - HALF_A_PENNY:
            self._stopped = True
            self.act("stopped for the season", cause=f"bankroll {bankroll:.2f} is below the line of {line:.2f}")
        if not self._stopped:
            return slip
        return slip.with_shares(0.0 * slip.bets["share"], reason=f"{self.name}: stopped at a line of {line:.2f}")
