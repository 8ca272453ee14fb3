"""What is tested, and the plays that the contracts ask of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from matchday.agent import Agent
from matchday.assembly import implementations
from matchday.component import Component
from matchday.encoding import encode
from matchday.errors import AgentError, MatchdayError, one_line
from matchday.events import Event, SlipPlaced
from matchday.loop import play
from matchday.parts import parts_of
from matchday.rules import Rules
from matchday.season import Season
from matchday.testing.contract import NotApplicable
from matchday.testing.differing import first_difference
from matchday.testing.observing import Around, observed
from matchday.testing.seasons import small_season
from matchday.testing.subjects import TESTED, subject

#: What a component is called by the hook that it answers, and by the one that it wraps.
ANSWERS = {
    "forecast": "model",
    "blend": "blend",
    "find_edges": "edge rule",
    "size_stakes": "staking",
    "diagnose": "watch",
}
WRAPS = {"blend": "calibrator", "find_edges": "filter", "size_stakes": "guard"}
#: All kinds that contracts tell apart.
KINDS = (*ANSWERS.values(), *WRAPS.values(), "agent of agents", "listener", "agent", "source")


@dataclass(frozen=True, slots=True)
class Played:
    """A play as far as it went, and why it went no further."""

    events: tuple[Event, ...]
    failure: MatchdayError | None = None

    def lines(self) -> list[str]:
        """Write the events as text, one a line."""
        return [encode(event) for event in self.events]

    def of(self, kind: type[Any]) -> Iterator[Any]:
        """Go through the events of a kind."""
        return (event for event in self.events if isinstance(event, kind))


class Specimen:
    """An agent that is tested, or a component inside one; ``make`` makes it anew, ``seed`` draws season and run."""

    def __init__(
        self,
        make: Callable[[], Agent],
        kinds: frozenset[str],
        *,
        watched: Callable[[Around], Agent] | None = None,
        seed: int = 0,
    ) -> None:
        self.agent, self.kinds, self.seed = make, kinds, seed
        self._watched = watched
        self._hardships: dict[Callable[[int], Season], Played] = {}

    @classmethod
    def of(cls, component: type[Component], parameters: Mapping[str, Any] | None = None, *, seed: int = 0) -> Specimen:
        """Put a component class to the test; raises ``AgentError`` where it cannot be made, or makes no agent."""
        if not implementations(component):
            raise AgentError(f"Component {component.__name__} implements no hook; mark a method of it with @hookimpl.")
        subject(component, parameters)
        return cls(
            lambda: subject(component, parameters),
            kinds_of(component),
            watched=lambda around: subject(observed(component, around), parameters),
            seed=seed,
        )

    @cached_property
    def season(self) -> Season:
        """The plain season that most contracts are tried on, with a few hundred matches before it."""
        return small_season(matchdays=6, history=19, seed=self.seed)

    @cached_property
    def another_season(self) -> Season:
        """A short season of the same clubs and dates, in which all went otherwise."""
        return small_season(matchdays=3, seed=self.seed + 1)

    @cached_property
    def attempt(self) -> Played:
        """What it makes of the plain season, whether or not it plays it to its end."""
        return self.play()

    @property
    def honest(self) -> Played:
        """What it makes of the plain season; raises ``NotApplicable`` where it fails in it."""
        if self.attempt.failure is not None:
            raise NotApplicable("it does not play a season, so nobody can tell")
        return self.attempt

    @cached_property
    def parting(self) -> str | None:
        """Where a second play of the plain season, by a fresh agent, parts from the first; None: it does not."""
        first, shared = self.honest.lines(), _global_generators(draw=True)
        again = self.play()
        if (parting := first_difference(first, again.lines())) is not None:
            return parting
        if again.failure is not None:
            return str(again.failure)
        return None if _global_generators() == shared else "it seeds, or draws from, the generator that all share"

    @property
    def steady(self) -> Sequence[str]:
        """The events of the plain season; raises ``NotApplicable`` where they are others in every play."""
        if self.parting is not None:
            raise NotApplicable("it does not repeat itself, so nobody can tell")
        return self.honest.lines()

    def through(self, hardship: Callable[[int], Season]) -> Played:
        """What it makes of a season that a function draws from the seed."""
        if hardship not in self._hardships:
            self._hardships[hardship] = self.play(hardship(self.seed))
        return self._hardships[hardship]

    @property
    def components(self) -> Sequence[Component]:
        """The components that are tested: one, or all of an agent."""
        return _components(self.agent(), alone="agent" not in self.kinds)

    def agent_observed(self, around: Around) -> Agent:
        """Make the agent with each hook of the component called inside ``around``; of a whole agent, no hook is."""
        if self._watched is None:
            raise NotApplicable("of the components one by one: matchday check COMPONENT")
        return self._watched(around)

    def play(
        self,
        season: Season | None = None,
        *,
        agent: Agent | None = None,
        rules: Rules | None = None,
        until: int | None = None,
    ) -> Played:
        """Play a season with a fresh agent, or with the one given, to its end or to a matchday's slip."""
        events: list[Event] = []
        try:
            for event in play(agent or self.agent(), season or self.season, rules, seed=self.seed):
                events.append(event)
                if isinstance(event, SlipPlaced) and event.matchday == until:
                    break
        except MatchdayError as error:
            return Played(tuple(events), error)
        except Exception as error:  # what comes before the hooks, such as parameters that cannot be written down
            return Played(tuple(events), MatchdayError(f"{one_line(error)}."))
        return Played(tuple(events))


def kinds_of(component: type[Component]) -> frozenset[str]:
    """Say what kinds of component a class is, by the hooks that it answers and wraps.

    >>> from matchday.testing.components import Coin, Level
    >>> sorted(kinds_of(Coin) | kinds_of(Level))
    ['model', 'staking']
    """
    found = implementations(component)
    if "decide" in found:
        return frozenset({"agent of agents"})
    words = ((WRAPS if options.get("wrapper") else ANSWERS).get(hook) for hook, options in found.items())
    return frozenset(word for word in words if word) or frozenset({"listener"})


def _global_generators(*, draw: bool = False) -> object:
    """Answer the state of the random numbers that a process shares, after having drawn one where asked to."""
    if draw:
        random.random()
        np.random.random()  # noqa: NPY002
    _, keys, place, *rest = np.random.get_state(legacy=True)  # noqa: NPY002
    return random.getstate(), np.asarray(keys).tobytes(), place, rest


def _components(agent: Agent, *, alone: bool) -> list[Component]:
    if alone:
        tested = agent.components[TESTED]
        return [tested] if isinstance(tested, Component) else []
    return [part.component for part in parts_of(agent)]
