"""A small season and small components, so that the core can be tested with nothing else installed."""

from collections.abc import Generator
from typing import ClassVar

from pydantic import PrivateAttr

from matchday import Agent, BetSlip, Component, Diagnosis, Forecast, hookimpl
from matchday.testing.components import Coin, Everything, Fixed, Level, Mean, Positive
from matchday.testing.seasons import CLUBS, ODDS, small_season

__all__ = ["CLUBS", "ODDS", "Coin", "Everything", "Faulty", "Fixed", "Level", "Mean", "Minus", "Positive", "Times"]
__all__ += ["Watch", "gambler", "small_season"]


class Times(Component):
    """A wrapper that multiplies shares."""

    factor: float = 0.5

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(slip.bets["share"] * self.factor, reason=f"{self.name}: × {self.factor:g}")


class Minus(Component):
    """A wrapper that takes shares away; with ``Times`` it shows the order of effects."""

    less: float = 0.01

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(slip.bets["share"] - self.less, reason=f"{self.name}: - {self.less:g}")


class Watch(Component):
    """A diagnostic that counts what it is told, and acts on it."""

    _told: list[str] = PrivateAttr(default_factory=list)

    @hookimpl
    def season_opened(self, season):
        self._told.append(f"opened {season.name} after {len(season.history)}")

    @hookimpl
    def diagnose(self, day):
        self.act("looked", cause=f"{len(day.history)} matches")
        return [Diagnosis(self.name, "matches", float(len(day.history)))]

    @hookimpl
    def matchday_settled(self, day, results, settlement):
        self._told.append(f"settled {day.number}: {len(results)} results, {len(settlement.bets)} bets")

    @hookimpl
    def season_closed(self, closed):
        self._told.append(f"closed {closed.reason}")


class Faulty(Component):
    """A model that raises on one matchday, as long as it is broken."""

    broken: ClassVar[bool] = True

    matchday: int = 3

    @hookimpl
    def forecast(self, day):
        if self.broken and day.number == self.matchday:
            raise ZeroDivisionError("a fault\nof two lines")
        return Forecast.silent(day.slate.index)


def gambler(*extra: Component, share: float = 0.02) -> Agent:
    """An agent that bets at random."""
    return Agent("gambler", [Coin(), Positive(), Level(share=share), *extra])
