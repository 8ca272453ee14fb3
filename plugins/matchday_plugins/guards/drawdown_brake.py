"""A brake that grips as the bankroll falls from its peak."""

from __future__ import annotations

from collections.abc import Generator

from pydantic import Field, PrivateAttr, model_validator

from matchday import BetSlip, Component, Matchday, hookimpl

#: What float64 arithmetic may add to a drawdown that is just at a limit.
ROUNDING = 1e-9


class DrawdownBrake(Component):
    """Multiply every share by a fraction that falls as the drawdown deepens.

    The drawdown d = (peak − bankroll) / peak is measured each morning, against the highest morning bankroll so far. The
    fraction is 1 up to d = ``begin``, falls linearly to ``least`` at d = ``full``, and stays there.

    Once it grips, the brake never gives way by degrees: the fraction is that of the deepest drawdown since, until d is
    back to ``release`` or less; then the brake is off, and may grip again. A small fraction wins back a deep drawdown
    slowly, perhaps never. With ``patience``, the brake comes off after that many matchdays in any case, and the peak is
    taken anew from the bankroll of that morning; without it, a deep drawdown brakes for the rest of the season.

    Grossman, S. J. & Zhou, Z. (1993). Optimal investment strategies for controlling drawdowns. Mathematical Finance
    3(3), 241-276, where the stake is proportional to the distance from the largest drawdown allowed; this is the same
    idea, with a beginning, an end and a latch.
    """

    begin: float = Field(0.1, ge=0, lt=1, description="drawdown up to which nothing is braked")
    full: float = Field(0.5, gt=0, le=1, description="drawdown from which on the fraction is the least")
    least: float = Field(0.1, ge=0, lt=1, description="what is left of each share at the full drawdown; 0: no bets")
    release: float = Field(0.05, ge=0, lt=1, description="drawdown at which the brake comes off again")
    patience: int | None = Field(None, ge=1, description="matchdays after which it comes off in any case; none: never")

    _peak: float = PrivateAttr(default=0.0)
    _deepest: float | None = PrivateAttr(default=None)
    _since: int = PrivateAttr(default=0)

    @model_validator(mode="after")
    def _in_order(self) -> DrawdownBrake:
        if self.begin >= self.full:
            raise ValueError(f"begin {self.begin:g} is not below full {self.full:g}; rule: begin < full")
        if self.release > self.begin:
            raise ValueError(f"release {self.release:g} is above begin {self.begin:g}; rule: release <= begin")
        return self

    @hookimpl
    def season_opened(self) -> None:
        """Forget the last season's peak, and take the brake off."""
        self._peak, self._deepest, self._since = 0.0, None, 0

    @hookimpl(wrapper=True)
    def size_stakes(self, day: Matchday, bankroll: float) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, braked."""
        slip = yield
        drawdown = self._watch(day.number, bankroll)
        if self._deepest is None:
            return slip
        fraction = self.fraction(self._deepest)
        worst = f", {percent(self._deepest)} at worst" if self._deepest > drawdown else ""
        why = f"{self.name}: × {fraction:.2f} (drawdown {percent(drawdown)}{worst})"
        return slip.with_shares(fraction * slip.bets["share"], reason=why)

    def fraction(self, drawdown: float) -> float:
        """What is left of each share at a drawdown in [0, 1].

        >>> brake = DrawdownBrake(begin=0.1, full=0.5, least=0.1)
        >>> [round(brake.fraction(d), 3) for d in (0.05, 0.1, 0.3, 0.5, 0.9)]
        [1.0, 1.0, 0.55, 0.1, 0.1]
        """
        along = (drawdown - self.begin) / (self.full - self.begin)
        return 1.0 - (1.0 - self.least) * min(max(along, 0.0), 1.0)

    def _watch(self, matchday: int, bankroll: float) -> float:
        """Take the morning's bankroll into account; answer the drawdown."""
        self._peak = max(self._peak, bankroll)
        drawdown = (self._peak - bankroll) / self._peak if self._peak > 0.0 else 0.0
        if self._deepest is None:
            if drawdown > self.begin + ROUNDING:
                self._deepest, self._since = drawdown, matchday
                self.act("brake on", cause=f"drawdown {percent(drawdown)} from {self._peak:.2f}")
        elif drawdown <= self.release + ROUNDING:
            self._deepest = None
            self.act("brake off", cause=f"drawdown back to {percent(drawdown)}")
        elif self.patience is not None and matchday - self._since >= self.patience:
            self._peak, self._deepest = bankroll, None
            self.act("brake off", cause=f"patience of {self.patience} matchdays; peak taken anew at {bankroll:.2f}")
            return 0.0
        else:
            self._deepest = max(self._deepest, drawdown)
        return drawdown


def percent(share: float) -> str:
    """Write a share as people do.

    >>> percent(0.31)
    '31.0 %'
    """
    return f"{100 * share:.1f} %"
