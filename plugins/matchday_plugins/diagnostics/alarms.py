"""Alarms, from the side of those who act on them: whose count, which are new, and how long one is acted on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator

from matchday import Agent, Catalogue, Component, Diagnosis, Matchday, MatchdayError
from matchday.assembly import implementations
from matchday.errors import CatalogueError, did_you_mean
from matchday.events import SeasonOpened
from matchday.nesting import AgentOfAgents, Composition

#: In place of a watch's name: whoever raises an alarm.
ANY = "any"

#: A parameter that says whose alarms count: names of watches, or ``ANY``; one name need not be a list.
Heeded = Annotated[tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)]


def alarms_of(diagnoses: Sequence[Diagnosis], heeded: Collection[str]) -> list[Diagnosis]:
    """Pick the alarms that count.

    >>> said = [Diagnosis("drift", "evidence", 5000.0, alarm=True), Diagnosis("drift", "log_loss_gap", 0.1)]
    >>> [each.measure for each in alarms_of(said, [ANY])], alarms_of(said, ["calibration-watch"])
    (['evidence'], [])
    """
    return [each for each in diagnoses if each.alarm and (ANY in heeded or each.source in heeded)]


def told(alarm: Diagnosis) -> str:
    """Write an alarm as the cause of an action."""
    return f"alarm of {alarm.source}: {alarm.message or f'{alarm.measure} {alarm.value:.4g}'}"


@dataclass(slots=True)
class NewAlarms:
    """Tells the alarms that are new on a morning from those that were raised on the one before, and still stand.

    An alarm is the same if watch, measure and match are. Asked twice on one morning it answers the same.
    """

    heeded: Collection[str]
    _matchday: int = 0
    _before: frozenset[tuple[str, str, str | None]] = frozenset()
    _now: frozenset[tuple[str, str, str | None]] = frozenset()

    def of(self, day: Matchday) -> list[Diagnosis]:
        """Answer the morning's new alarms."""
        if day.number != self._matchday:
            self._matchday, self._before = day.number, self._now
        raised = {(each.source, each.measure, each.match_id): each for each in alarms_of(day.diagnoses, self.heeded)}
        self._now = frozenset(raised)
        return [alarm for key, alarm in raised.items() if key not in self._before]


@dataclass(slots=True)
class Alert:
    """Lasts from the morning of an alarm until ``calm`` matchdays have passed without one, the last one's day counted.

    Without ``calm`` it lasts for the rest of the season. An alarm that stands prolongs it every morning.
    """

    heeded: Collection[str]
    calm: int | None
    since: int | None = field(default=None, init=False)  # the matchday of the last alarm; None: there is no alert

    def heed(self, day: Matchday) -> str | None:
        """Take note of a morning's alarms; where the alert begins or ends with it, answer why."""
        alarms, began = alarms_of(day.diagnoses, self.heeded), self.since is None
        if alarms:
            self.since = day.number
            return told(alarms[0]) if began else None
        if self.since is None or self.calm is None or day.number - self.since < self.calm:
            return None
        self.since = None
        return f"{self.calm} matchdays without an alarm"


def check_heeded(heeded: Collection[str], agent: Agent, *, parameter: str) -> None:
    """Raise ``MatchdayError`` where a parameter names somebody who is no watch of the agent."""
    wrong = misnamed(heeded, list(watches(agent.spec()))) if heeded else None
    if wrong:
        raise MatchdayError(f"{parameter} {wrong}")


def look_for_watches(component: Component, heeded: Collection[str], season: SeasonOpened) -> None:
    """Put on record that a component will have nothing to act on, where nobody in the agent raises alarms.

    Where the composition is not known, nothing is said.
    """
    if heeded and season.agent and not any(watches(season.agent)):
        component.act("will not act on any alarm", cause="the agent has no watch, as 'drift' is one")


def misnamed(heeded: Collection[str], known: Collection[str]) -> str | None:
    """Say which name is no watch's, and which one may be meant; None: all are known."""
    wrong = next((name for name in heeded if name not in {ANY, *known}), None)
    return None if wrong is None else f"names {wrong!r}, and no watch is called so; {did_you_mean(wrong, known)}"


def watches(agent: Composition) -> Iterator[str]:
    """Name those who may raise alarms in an agent, as its diagnoses do: all that diagnose.

    So may a component whose class cannot be looked up.
    """
    for entry in agent["component"]:
        if "agent" in entry:
            yield from watches(entry["agent"])
            continue
        kind = _class_of(entry)
        if kind is not None and issubclass(kind, AgentOfAgents):
            yield from (f"{inner['name']}/{name}" for inner in entry["agents"] for name in watches(inner))
        elif kind is None or "diagnose" in implementations(kind):
            yield entry["name"]


def _class_of(entry: dict[str, Any]) -> type[Component] | None:
    try:
        return Catalogue().component(entry["use"])
    except CatalogueError:
        return None
