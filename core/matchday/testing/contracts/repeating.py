"""Contracts on repetition: the same decisions from the same seed, in another process, at another hour."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from matchday.agent import Agent
from matchday.encoding import encode
from matchday.errors import one_line
from matchday.events import ForecastMade
from matchday.nesting import AgentOfAgents
from matchday.rules import Rules
from matchday.testing.clock import another_clock
from matchday.testing.contract import Broken, NotApplicable, contract
from matchday.testing.differing import first_difference
from matchday.testing.scrambling import scrambled
from matchday.testing.seasons import small_season
from matchday.testing.specimen import Played, Specimen

_SEEDED = (
    "Draw random numbers from season.generator(self.name) alone, take the date from day.date, and keep no state in the "
    "class or its module."
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
    specimen.play(small_season(matchdays=3, seed=specimen.seed + 1), agent=agent)
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
    """Play the plain season with a bankroll of 100 and with one of a million."""
    _ = specimen.steady
    poor, rich = (_forecasts(specimen, specimen.play(rules=Rules(bankroll=money))) for money in (100.0, 1_000_000.0))
    if not poor:
        raise NotApplicable("it makes no forecasts")
    last = min(poor[-1].matchday, rich[-1].matchday if rich else 0)
    lines = [[encode(each) for each in made if each.matchday <= last] for made in (poor, rich)]
    if (parting := first_difference(*lines)) is not None:
        raise Broken(f"{parting}, with a bankroll of 1,000,000. Take neither settlement nor season.rules into it.")
    return f"{len(lines[0])} forecasts alike, with a bankroll of 100 and of 1,000,000"


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
    """Pickle the agent before and after the plain season, as workers get it, and play with the copies."""
    remedy = "The second was played by a copy. Keep all state in the object itself."
    _same(specimen.steady, specimen.play(agent=(copied := _copied(specimen.agent(), "before a season"))), remedy)
    again = _copied(copied, "after a season")
    _same(specimen.play(agent=copied).lines(), specimen.play(agent=again), remedy)
    return "copies made before and after a season play the same"


def _copied(agent: Agent, when: str) -> Agent:
    import cloudpickle

    try:
        copied: Agent = cloudpickle.loads(cloudpickle.dumps(agent))
    except Exception as error:
        kept = "Keep nothing that cannot be copied (open files, connections, locks, generators)"
        raise Broken(f"{when}: {one_line(error)}. {kept}.") from error
    return copied


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
