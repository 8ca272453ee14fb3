"""Contracts on repetition: the same decisions from the same seed, in another process, at another hour."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from matchday.agent import Agent
from matchday.encoding import encode
from matchday.errors import MatchdayError, one_line
from matchday.events import ForecastMade
from matchday.nesting import AgentOfAgents
from matchday.rules import Rules
from matchday.testing.clock import another_clock
from matchday.testing.contract import Broken, NotApplicable, contract
from matchday.testing.differing import first_difference
from matchday.testing.elsewhere import Errand
from matchday.testing.scrambling import scrambled
from matchday.testing.specimen import Played, Specimen

_SEEDED = (
    "Draw random numbers from season.generator(self.name) alone, take the date from day.date, and keep no state in the "
    "class or its module."
)

#: Other fortunes than that of a bankroll of 100, in words.
_OTHER_MONEY = {
    "with a bankroll of 1,000,000": Rules(bankroll=1_000_000.0),
    "where no bet is placed": Rules(matchday_limit=1e-9, without_bet="off"),
}

_IN_ITSELF = "Keep all state in the object itself."

_ELSEWHERE = (
    "The second was played in another process, after another season. Sort what comes out of a set, use no hash(), and "
    "keep no answers in the class, its module or a cache of a function that do not follow from the arguments."
)


@contract("the same seed gives the same decisions")
def repeats_itself(specimen: Specimen) -> str:
    """Play the plain season again, with a fresh agent."""
    _ = specimen.honest
    if specimen.parting is not None:
        raise Broken(f"{specimen.parting}. {_SEEDED}")
    return f"{len(specimen.honest.events)} events alike in two plays"


@contract("it forgets the last season when one opens")
def forgets(specimen: Specimen) -> str:
    """Play another season first, and then the plain one, with the same agent."""
    honest, agent = specimen.steady, specimen.agent()
    specimen.play(specimen.another_season, agent=agent)
    remedy = "Build all fitted state anew in season_opened; keep it in private attributes, and none in the class."
    _same(honest, specimen.play(agent=agent), remedy)
    return f"{len(honest)} events alike, after another season"


@contract("what it decides does not depend on the future")
def does_not_look_ahead(specimen: Specimen) -> str:
    """Play the plain season with other results from a matchday on, and other prices after it."""
    honest, days = specimen.steady, (1, specimen.season.matchdays // 2, specimen.season.matchdays)
    for day in days:
        other = specimen.play(scrambled(specimen.season, day, seed=specimen.seed + 1), until=day)
        remedy = (
            f"Results from matchday {day} on were others. Use day.history, day.slate and what hooks are told alone."
        )
        _same(honest, other, remedy)
    return f"the same up to matchdays {', '.join(map(str, days[:-1]))} and {days[-1]}, with another future each"


@contract("its forecasts do not depend on money", "model", "blend", "calibrator", "agent of agents", "agent")
def forecasts_know_no_money(specimen: Specimen) -> str:
    """Play the plain season with a bankroll of 100, with one of a million, and where every bet is refused."""
    _ = specimen.steady
    poor = _forecasts(specimen, specimen.play(rules=Rules(bankroll=100.0)))
    if not poor:
        raise NotApplicable("it makes no forecasts")
    for other, rules in _OTHER_MONEY.items():
        made = _forecasts(specimen, specimen.play(rules=rules))
        last = min(poor[-1].matchday, made[-1].matchday if made else 0)
        lines = [[encode(each) for each in some if each.matchday <= last] for some in (poor, made)]
        if (parting := first_difference(*lines)) is not None:
            raise Broken(f"{parting}, {other}. Take neither settlement nor season.rules into it.")
    return f"{len(poor)} forecasts alike, with a bankroll of 100, of 1,000,000, and without a bet"


@contract("it does not go by the clock")
def ignores_the_clock(specimen: Specimen) -> str:
    """Play the plain season again under another clock."""
    honest = specimen.steady
    packages = {type(each).__module__.partition(".")[0] for each in specimen.components} - {"matchday"}
    with another_clock(*packages):
        played = specimen.play()
    _same(honest, played, "The computer's clock had another time. Take the date from day.date.")
    return f"{len(honest)} events alike under another clock"


@contract("it can be sent to another process")
def can_be_pickled(specimen: Specimen) -> str:
    """Pickle the agent before and after a season, as workers get it; play here with a copy, and with one elsewhere."""
    import cloudpickle

    copied = cloudpickle.loads(_pickled(specimen.agent(), "before a season"))
    _same(specimen.steady, specimen.play(agent=copied), f"The second was played by a copy. {_IN_ITSELF}")
    errand = Errand(_pickled(copied, "after a season"), (specimen.another_season, specimen.season), specimen.seed)
    here = specimen.play(agent=copied).lines()
    try:
        there = errand.run()
    except MatchdayError as error:
        raise Broken(f"in another process: {error} {_IN_ITSELF}") from error
    if there is None:
        raise NotApplicable("another process cannot import it: its module is not on Python's path")
    if (parting := first_difference(here[1:], there[1:])) is not None:  # the first event has the names of classes
        raise Broken(f"{parting}. {_ELSEWHERE}")
    return "copies play the same, here and in another process"


def _pickled(agent: Agent, when: str) -> bytes:
    import cloudpickle

    try:
        written: bytes = cloudpickle.dumps(agent)
        cloudpickle.loads(written)
    except Exception as error:
        kept = "Keep nothing that cannot be copied (open files, connections, locks, generators)"
        raise Broken(f"{when}: {one_line(error)}. {kept}.") from error
    return written


def _same(honest: Sequence[str], other: Played, remedy: str) -> None:
    """Raise ``Broken`` where another play parts from the honest one, or goes no further."""
    if (parting := first_difference(honest, other.lines())) is not None:
        raise Broken(f"{parting}. {remedy}")
    if other.failure is not None:
        raise Broken(f"{other.failure}. {remedy}")


def _forecasts(specimen: Specimen, played: Played) -> list[ForecastMade]:
    """List the forecasts; beside agents of agents their members' alone, for whom these listen to goes by money."""
    asking = {name for name, each in specimen.agent().components.items() if isinstance(each, AgentOfAgents)}
    made = [each for each in played.of(ForecastMade) if each.forecast.source not in asking]
    if asking:  # a member's forecast is the blended one on the days on which it alone is listened to
        made = [dataclasses.replace(each, blended=False) for each in made]
        made.sort(key=lambda each: (each.matchday, each.forecast.source))
    return made
