"""What the tests of agents of agents share: members that bet or watch, and a play of the whole."""

from pydantic import PrivateAttr

from doubles import Fixed, Level, Positive, small_season
from matchday import (
    Agent,
    Component,
    Diagnosis,
    hookimpl,
    play,
)
from matchday.events import (
    ActionTaken,
    SlipPlaced,
)
from matchday.ledger import Settlement

SEASON = small_season()


class Hears(Component):
    """Keeps each settlement that it is told of."""

    _settled: list[Settlement] = PrivateAttr(default_factory=list)

    @hookimpl
    def season_opened(self, season):
        self._settled = []

    @hookimpl
    def matchday_settled(self, settlement):
        self._settled.append(settlement)


class Alarm(Component):
    """A watch that raises an alarm on some matchdays."""

    on: tuple[int, ...] = (3,)

    @hookimpl
    def diagnose(self, day):
        return [Diagnosis(self.name, "doubt", 1.0, alarm=day.number in self.on, message="it is time")]


def backer(name, home=0.6, share=0.05, *extra):
    """An agent that sees value on home wins, and in nothing else."""
    return Agent(name, [Fixed(home=home), Positive(), Level(share=share), *extra])


def hears(agent):
    return agent.components["hears"]._settled


def events_of(component, rules=None, season=SEASON, seed=0):
    return list(play(Agent("whole", [("hybrid", component)]), season, rules, seed=seed))


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def bets_of(events):
    return [[(b.match_id, b.selection, b.stake, b.odds, b.share) for b in each.bets] for each in of(SlipPlaced, events)]


def acts(events, component="hybrid"):
    return [(e.matchday, e.action, e.cause) for e in of(ActionTaken, events) if e.component == component]


def on_record(component):
    """What a component put on record since the last time, as (action, cause) pairs."""
    return [(each.action, each.cause) for each in component.drain()]
