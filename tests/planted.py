"""Components that do, or only seem to do, what an audit of a run asks for; and a run of them on record."""

from collections.abc import Generator
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import PrivateAttr

from doubles import small_season
from matchday import BetSlip, Component, Decision, Diagnosis, Edges, Forecast, Rules, hookimpl
from matchday.auditing import audit
from matchday.events import MatchdaySettled
from matchday.spec import RunSpec
from matchday.store import Store, record

#: Long enough to see clubs move, and promoted clubs none.
SEASON = small_season(matchdays=24)


def on_record(store: Store, agent, season=SEASON, rules=None, *, stop_after=None) -> str:
    """Play and record, as far as a matchday if need be; answers the run's id."""
    rules, run_id = rules or Rules(), None
    for run_id, event in record(store, RunSpec.of(agent, season, rules, seed=0), agent, season):  # noqa: B007
        if isinstance(event, MatchdaySettled) and event.matchday == stop_after:
            break
    return run_id


def audited(store: Store, agent, season=SEASON, rules=None):
    """Play, record and audit: the assessments by criterion."""
    found = audit(store, on_record(store, agent, season, rules), agent=agent, season=season)
    return {criterion.name: assessment for criterion, assessment in found.rows}


class OwnKelly(Component):
    """A staking of somebody's own: a fraction of each bet's Kelly stake."""

    fraction: float = 0.25

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(self.fraction * edges.bets["edge"] / (edges.bets["odds"] - 1.0))


class Careful(Component):
    """A staking that takes a smaller fraction of Kelly's after each loss."""

    _fraction: float = PrivateAttr(default=0.5)

    @hookimpl
    def season_opened(self):
        self._fraction = 0.5

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(self._fraction * edges.bets["edge"] / (edges.bets["odds"] - 1.0))

    @hookimpl
    def matchday_settled(self, settlement):
        self._fraction *= 0.9 if settlement.after < settlement.before else 1.0


class Joint(Component):
    """A staking that looks at the whole slate: the more bets, the less on each."""

    traits: ClassVar = frozenset({"kelly", "joint"})

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(edges.bets["edge"] / (edges.bets["odds"] - 1.0) / (1.0 + len(edges.bets)))


class Called(OwnKelly):
    """Bet by bet, and called joint."""

    traits: ClassVar = frozenset({"joint"})


class Flat(Component):
    """A flat stake that is called Kelly's for the whole slate."""

    traits: ClassVar = frozenset({"kelly", "joint"})

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(0.01)


class Obedient(Joint):
    """One that keeps the rule for a bet, which all of its bets reach."""

    _most: float = PrivateAttr(default=1.0)

    @hookimpl
    def season_opened(self, season):
        self._most = season.rules.bet_limit

    @hookimpl
    def size_stakes(self, edges):
        slip = super().size_stakes(edges)
        return slip.with_shares(slip.bets["share"].clip(upper=self._most), reason="the rules")


class Moody(Joint):
    """One that says Kelly, and stakes as it likes."""

    _days: int = PrivateAttr(default=0)

    @hookimpl
    def size_stakes(self, edges):
        self._days += 1
        return edges.slip(0.001 * self._days)


class Cap(Component):
    """Cuts what is staked on a bet."""

    traits: ClassVar = frozenset({"cap"})

    share: float = 0.01

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(slip.bets["share"].clip(upper=self.share), reason="cut")


class Levels(Component):
    """Ends with the same share on every bet."""

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(np.full(len(slip), 0.0005), reason="level")


class Promises(Component):
    """Says that it caps, and hands on what it is handed."""

    traits: ClassVar = frozenset({"cap"})

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip


class Unsure(Component):
    """Stakes less, as it says, where less is known: here on longer odds."""

    traits: ClassVar = frozenset({"estimation-error"})

    factor: float = 0.5

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        factors = self.factor + (1.0 - self.factor) / slip.bets["odds"]
        return slip.with_shares(factors * slip.bets["share"], reason="unsure")


class Halves(Component):
    """Halves every stake, whatever is known."""

    traits: ClassVar = frozenset({"estimation-error"})

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(0.5 * slip.bets["share"], reason="half")


class Shrinking(Component):
    """A staking that shrinks by itself, after Baker & McHale."""

    traits: ClassVar = frozenset({"estimation-error", "kelly"})

    @hookimpl
    def size_stakes(self, edges):
        odds = edges.bets["odds"]
        alone = edges.bets["edge"] / (odds - 1.0)
        return edges.slip(0.5 * alone**3 / (alone**2 + (odds / (odds - 1.0) * 0.05) ** 2))


class Strengths(Component):
    """A model of clubs' strengths, which walk by ``step`` a matchday; ``refit`` puts a refit on record now and then."""

    step: float = 0.0
    refit: int = 0

    _rng: np.random.Generator = PrivateAttr()
    _strengths: dict[str, float] = PrivateAttr(default_factory=dict)

    @hookimpl
    def season_opened(self, season):
        self._rng = season.generator(self.name)
        self._strengths = {club: self._rng.normal() * 0.4 for club in season.clubs}

    @hookimpl
    def forecast(self, day):
        for club in self._strengths:
            self._strengths[club] += self.step * self._rng.normal()
        if self.refit and day.number % self.refit == 0:
            self.act("refitted", cause=f"{len(day.history)} matches")
        fixtures = day.slate.fixtures
        home, away = (fixtures[side].map(self._strengths).to_numpy() for side in ("home", "away"))
        gap = home - away
        odds = np.stack([np.exp(0.3 + gap), np.full(len(gap), 0.8), np.ones(len(gap))], axis=1)
        p = odds / odds.sum(axis=1, keepdims=True)
        return Forecast(pd.DataFrame(p, index=day.slate.index, columns=["home", "draw", "away"]), source=self.name)


class Moving(Strengths):
    traits: ClassVar = frozenset({"dynamic-ability", "learns-in-season", "promoted"})

    step: float = 0.15


class Fading(Strengths):
    traits: ClassVar = frozenset({"time-weighted"})

    step: float = 0.15


class Copies(Component):
    """Says what the price says, and that it has been fitted again."""

    @hookimpl
    def forecast(self, day):
        self.act("refitted", cause="the price")
        p = 1.0 / day.slate.odds[["home", "draw", "away"]]
        return Forecast(p.div(p.sum(axis=1), axis=0), source=self.name)


class Looks(Component):
    """A watch that says it knows newcomers."""

    traits: ClassVar = frozenset({"promoted"})

    @hookimpl
    def diagnose(self):
        return []


class First(Component):
    """A blend that listens to the first model alone."""

    @hookimpl
    def blend(self, forecasts):
        return Forecast(forecasts[0].probabilities.copy(), source=self.name)


class Calibrator(Component):
    """Draws a forecast towards the even one from some matchday on, and says so."""

    traits: ClassVar = frozenset({"calibrates", "learns-in-season"})

    since: int = 5

    @hookimpl(wrapper=True)
    def blend(self, day) -> Generator[None, Forecast, Forecast]:
        forecast = yield
        if day.number < self.since:
            return forecast
        if day.number == self.since:
            self.act("corrects match_result", cause="its forecasts")
        frame = 0.9 * forecast.probabilities + 0.1 / 3.0
        return Forecast(frame, source=self.name)


class Saying(Component):
    """A model that always says the same of home, draw and away."""

    home: float = 0.4
    draw: float = 0.3

    @hookimpl
    def forecast(self, day):
        row = [[self.home, self.draw, 1.0 - self.home - self.draw]] * len(day.slate)
        return Forecast(pd.DataFrame(row, index=day.slate.index, columns=["home", "draw", "away"]), source=self.name)


class Doubt(Component):
    """A watch that raises alarms on some matchdays."""

    on: tuple[int, ...] = (3, 9)

    @hookimpl
    def diagnose(self, day):
        return [Diagnosis(self.name, "doubt", 1.0, alarm=day.number in self.on)]


class Rambles(Component):
    """Acts for reasons in which the name of a watch is part of another word."""

    @hookimpl
    def forecast(self, day):
        self.act("stakes less", cause="undoubtedly")
        return Forecast.silent(day.slate.index, source=self.name)


class Heeds(Component):
    """Acts on alarms up to some matchday."""

    until: int = 99

    @hookimpl
    def forecast(self, day):
        alarms = [each for each in day.diagnoses if each.alarm]
        if alarms and day.number <= self.until:
            self.act("stakes less", cause=f"alarm of {alarms[0].source}")
        return Forecast.silent(day.slate.index, source=self.name)


class Decider(Component):
    """Decides by itself, a share on the first home win."""

    share: float = 0.01

    @hookimpl
    def decide(self, day):
        chosen = pd.DataFrame({"home": [True, *[False] * (len(day.slate) - 1)]}, index=day.slate.index)
        edges = Edges.where(chosen, slate=day.slate, forecast=Forecast.silent(day.slate.index))
        return Decision(edges.slip(self.share))
