"""Components with a fault each, which the contracts of the testing kit are there for; and one without, ``Says``."""

import datetime
import functools
import os
import socket
import threading
from collections.abc import Callable, Generator
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import ConfigDict, PrivateAttr, field_serializer

from matchday import AgentOfAgents, BetSlip, Component, Decision, Edges, Forecast, hookimpl
from matchday.testing import small_season
from matchday.testing.contracts import OF_COMPONENTS
from matchday.testing.specimen import Specimen

RESULT = ["home", "draw", "away"]


def broken_by(component, parameters=None, *, seed=0):
    """What is found broken about a component in a plain season of three matchdays: {contract's key: evidence}."""
    specimen = Specimen.of(component, parameters, seed=seed)
    specimen.season = small_season(matchdays=3, seed=seed)
    found = {each.key: each.find(specimen) for each in OF_COMPONENTS}
    return {key: each.evidence for key, each in found.items() if each.status == "broken"}


class Says(Component):
    """A model that says home wins with the probability that ``_home`` answers."""

    def _home(self, day):
        return 0.5

    @hookimpl
    def forecast(self, day):
        home = np.broadcast_to(self._home(day), len(day.slate))
        rest = (1 - home) / 2
        return Forecast(pd.DataFrame(np.stack([home, rest, rest], axis=1), day.slate.index, RESULT))


class TakesAnything(Says):
    strength: Any = 1


class TakesUnknown(Says):
    model_config = ConfigDict(extra="allow")


class CanBeChanged(Says):
    model_config = ConfigDict(frozen=False)

    strength: float = 1.0


class Rounds(Says):
    strength: float = 1.2345

    @field_serializer("strength")
    def _rounded(self, value):
        return round(value, 2)


class CannotBeWritten(Says):
    transform: Callable[[float], float] = abs


class Fails(Says):
    def _home(self, day):
        if day.number == 3:
            raise ZeroDivisionError("a fault")
        return 0.5


class Unseeded(Says):
    def _home(self, day):
        return np.random.default_rng().uniform(0.2, 0.8)


class DrawsGlobally(Says):
    def _home(self, day):
        return np.random.rand() / 2  # noqa: NPY002


class SeedsGlobally(Says):
    def _home(self, day):
        np.random.seed(day.number)  # noqa: NPY002
        return np.random.rand() / 2  # noqa: NPY002


class SharedState(Says):
    seen: ClassVar[list[int]] = []

    def _home(self, day):
        self.seen.append(day.number)
        return 1 / (2 + len(self.seen))


class Remembers(Says):
    _days: int = PrivateAttr(default=0)

    def _home(self, day):
        self._days += 1
        return 1 / (2 + self._days)


class Peeps(Says):
    def _home(self, day):
        goals = day.history._matches.loc[day.slate.index, "home_goals"].to_numpy()
        return 0.4 + goals / 50


class PeepsAtLaterPrices(Says):
    def _home(self, day):
        later = day.slate._odds["home"].iloc[day.slate._rows.stop :]
        return 1 / later.mean() if len(later) else 0.5


class KnowsMoney(Says):
    _rich: bool = PrivateAttr(default=False)

    @hookimpl
    def season_opened(self, season):
        self._rich = False

    @hookimpl
    def matchday_settled(self, settlement):
        self._rich = settlement.after > 1_000_000

    def _home(self, day):
        return 0.6 if self._rich else 0.5


class KnowsItsBets(Says):
    _won: int = PrivateAttr(default=0)

    @hookimpl
    def season_opened(self, season):
        self._won = 0

    @hookimpl
    def matchday_settled(self, settlement):
        self._won = sum(each.payout > 0 for each in settlement.bets)

    def _home(self, day):
        return 0.4 + self._won / 50


class KeepsScores(Component):
    @hookimpl(wrapper=True)
    def blend(self) -> Generator[None, Forecast, Forecast]:
        forecast = yield
        p = forecast.probabilities.assign(home=forecast.probabilities["home"] / 2)
        p["draw"] = 1 - p["home"] - p["away"]
        return Forecast(p, source=forecast.source, scores=forecast.scores)


class DoesNotAddUp(Component):
    @hookimpl
    def forecast(self, day):
        return Forecast(pd.DataFrame(0.4, index=day.slate.index, columns=RESULT))


class Overstakes(Component):
    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(0.5)


class Doubles(Component):
    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(slip.bets["share"] * 20, reason="all in")


class WritesToTheForecast(Component):
    @hookimpl
    def find_edges(self, day, forecast):
        forecast.probabilities["home"] = 0.9
        return Edges.where(day.slate.odds.notna(), slate=day.slate, forecast=forecast)


class WritesToTheEdges(Component):
    @hookimpl
    def size_stakes(self, edges):
        edges.bets["mine"] = 1.0
        return edges.slip(0.01)


class WritesToTheSlip(Component):
    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        slip.bets["share"] = slip.bets["share"] / 2
        return slip


class WritesToTheSettlement(Says):
    @hookimpl
    def matchday_settled(self, settlement):
        object.__setattr__(settlement, "after", 1)


class EmptiesTheList(Component):
    @hookimpl
    def blend(self, forecasts):
        return forecasts.pop(0)


class NeedsTwoMatches(Says):
    def _home(self, day):
        return 0.5 + 0.0 * len(day.slate.fixtures["home"].iloc[1])


class NeedsEveryPrice(Says):
    def _home(self, day):
        if day.slate.odds.isna().any(axis=None):
            raise ValueError("a price is missing")
        return 0.5


class NeedsEveryOpinion(Component):
    @hookimpl
    def blend(self, forecasts):
        return Forecast(sum(each.probabilities[RESULT].fillna(0.0) for each in forecasts) / len(forecasts))


class NeedsAProbability(Component):
    @hookimpl
    def size_stakes(self, edges):
        return edges.slip((edges.bets["edge"] / 100).clip(0, 0.01))


class NeedsKnownClubs(Says):
    _strength: dict[str, float] = PrivateAttr(default_factory=dict)

    @hookimpl
    def season_opened(self, season):
        self._strength = dict.fromkeys(season.history.matches["home"], 0.5)

    def _home(self, day):
        return [self._strength[club] for club in day.slate.fixtures["home"]] if self._strength else 0.5


class NeedsAPast(Says):
    def _home(self, day):
        return 0.3 + 0.1 / (day.history.matches["home_goals"].iloc[0] + 1)


class NeedsWeeks(Says):
    """A model that takes every matchday to be a week after the last one."""

    _last: datetime.date | None = PrivateAttr(default=None)

    @hookimpl
    def season_opened(self, season):
        self._last = None

    def _home(self, day):
        days = (day.date - self._last).days if self._last else 7
        self._last = day.date
        return self._after(days)

    def _after(self, days):
        return {7: 0.5}[days]


class NeedsNoGap(NeedsWeeks):
    def _after(self, days):
        if days > 100:
            raise ValueError("a season has no gaps")
        return 0.5


class NeedsShots(Says):
    def _home(self, day):
        return 0.5 + 0.0 * len(day.history.matches["home_shots"])


class HoldsALock(Says):
    _lock: Any = PrivateAttr(default=None)

    @hookimpl
    def season_opened(self, season):
        self._lock = threading.Lock()


class GoesByHashes(Says):
    def _home(self, day):
        return [0.3 + hash(club) % 1000 / 5000 for club in day.slate.fixtures["home"]]


class RemembersDates(Says):
    """A model that works out a date once in a process, whatever season it is in."""

    def _home(self, day):
        return _once(day.date, _Past(day))


class _Past:
    """A past that is equal to every other one."""

    def __init__(self, day):
        self.goals = day.history.matches["home_goals"].tail(20).sum()

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


@functools.cache
def _once(date, past):
    return 0.3 + past.goals / 200


class GoesByTheClock(Says):
    def _home(self, day):
        return 0.3 + (datetime.date.today().toordinal() % 1000) / 5000


class ReadsAFile(Says):
    @hookimpl
    def matchday_opened(self, day):
        with open("/etc/hostname") as file:
            file.read()


class ListsAFolder(Says):
    @hookimpl
    def matchday_opened(self, day):
        os.listdir("/etc")


class OpensASocket(Says):
    @hookimpl
    def matchday_settled(self, results):
        socket.socket().close()


class StartsAProcess(Says):
    def _home(self, day):
        os.system("true")
        return 0.5


class AsksEveryTime(OpensASocket):
    effects = frozenset({"network"})


class FailsInside(AgentOfAgents):
    def _begin(self, season):
        pass

    def _whole(self, day, forecasts):
        return None

    def _parts(self, settlement):
        return {}

    @hookimpl
    def decide(self, day, bankroll):
        return Decision(self._ask("nobody", day, bankroll).slip)
