"""An agent: a list of components, composed by pluggy, that turns a matchday into a slip."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from pydantic_core import PydanticSerializationError

from matchday.actions import Action
from matchday.assembly import answering, assemble, implementations
from matchday.bets import BetSlip, Edges
from matchday.calls import Calls
from matchday.component import Component
from matchday.decision import Decision
from matchday.errors import AgentError, MatchdayError, did_you_mean
from matchday.forecast import Forecast
from matchday.hooks import hookimpl
from matchday.slate import Matchday
from matchday.tuned import Tuned

if TYPE_CHECKING:
    import pandas as pd

    from matchday.events import SeasonClosed, SeasonOpened
    from matchday.ledger import Settlement


@runtime_checkable
class Nest(Protocol):
    """What an agent of agents is, seen from the agent that lists it."""

    def drain_inside(self) -> list[Action]:
        """Hand over what was put on record inside."""


class Agent:
    """A named list of components; itself a component that answers ``forecast`` with its blend.

    ``components`` are components, or (name, component) pairs; names are unique, by default the component's own.
    Raises ``AgentError`` in one line where the list does not make an agent: a misspelt hook, a stage that nobody or
    more than one answers, several models and no blend, a parameter that names somebody who is not there. ``tuned`` is
    the search that its parameters come from.

    One agent plays one run at a time; ``season_opened`` makes it forget the last one.
    """

    def __init__(
        self,
        name: str,
        components: Sequence[Component | Agent | tuple[str, Component | Agent]],
        *,
        summary: str = "",
        tuned: Tuned | None = None,
    ) -> None:
        self.name = name
        self.summary = summary
        self.tuned = tuned
        self.components = assemble(name, components)
        self._check_names()
        self._act(self.components)

    def _check_names(self) -> None:
        """Let every component look whether what its parameters name is in the list."""
        for name, component in self.components.items():
            if isinstance(component, Component):
                try:
                    component.check_agent(self)
                except MatchdayError as error:
                    raise AgentError(f"Agent {self.name!r}: component {name!r}: {error}") from error

    def _act(self, acting: Mapping[str, Any]) -> None:
        self._acting = acting
        self._nests = {name: each for name, each in acting.items() if isinstance(each, Nest)}
        self._calls = Calls(self.name, acting, defaults={"decide": _Chain(self), "blend": _SoleModel()})

    def with_stand_ins(self, stand_ins: Mapping[str, object]) -> Agent:
        """Answer the same agent, in which others act for some of its components, by name; its spec stays this one's."""
        other = Agent(self.name, list(self.components.items()), summary=self.summary, tuned=self.tuned)
        other._act({**self.components, **stand_ins})
        return other

    def decide(self, day: Matchday, bankroll: float) -> Decision:
        """Decide a matchday with a bankroll in currency units; raises ``ComponentError`` where a component fails."""
        decision: Decision = self._calls.one("decide", day=day, bankroll=bankroll)
        taken = self.drain()
        return dataclasses.replace(decision, actions=(*decision.actions, *taken)) if taken else decision

    def observe(self, day: Matchday) -> Decision:
        """Say what it thinks of a matchday on which it does not bet: watches and models speak, and nobody picks."""
        day = self.diagnosed(day)
        forecasts, blended = self.opinion(day)
        said = blended if forecasts else None
        return Decision(BetSlip.empty(), forecasts, said, None, day.diagnoses, tuple(self.drain()))

    def need_model(self, name: str, *, parameter: str) -> None:
        """Raise ``MatchdayError`` where none of the components that forecast has a name that a parameter gives."""
        models = answering(self.components, "forecast")
        if name not in models:
            raise MatchdayError(f"{parameter} {name!r}: no model has that name; {did_you_mean(name, models)}")

    def hears(self, hook: str) -> bool:
        """Whether any of its components implements a hook."""
        return any(hook in implementations(component) for component in self.components.values())

    def spec(self) -> dict[str, Any]:
        """Describe the agent completely: its name, each component's class, name and parameters, and their search."""
        made_of = [component_spec(name, each) for name, each in self.components.items()]
        search = {} if self.tuned is None else {"tuned": self.tuned.model_dump(mode="json")}
        return {"name": self.name, "component": made_of, **search}

    def drain(self) -> list[Action]:
        """Hand over what the components put on record since the last time."""
        taken: list[Action] = []
        for name, component in self._acting.items():
            if isinstance(component, Agent):
                taken += component.drain()
            else:
                taken += [dataclasses.replace(each, component=name) for each in component.drain()]
                taken += self._nests[name].drain_inside() if name in self._nests else []
        return taken

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Tell every component; its hook calls take as long as the season's rules allow."""
        self._calls.limit(season.rules.call_seconds)
        self.drain()
        self._calls.all("season_opened", season=season)

    @hookimpl
    def matchday_opened(self, day: Matchday) -> None:
        """Tell every component."""
        self._calls.all("matchday_opened", day=day)

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Answer the blended forecast, under the agent's own name."""
        return dataclasses.replace(self.opinion(self.diagnosed(day))[1], source=self.name)

    @hookimpl
    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """Tell every component."""
        self._calls.all("matchday_settled", day=day, results=results, settlement=settlement)

    @hookimpl
    def season_closed(self, closed: SeasonClosed) -> None:
        """Tell every component."""
        self._calls.all("season_closed", closed=closed)

    def diagnosed(self, day: Matchday) -> Matchday:
        """Answer the matchday with what the agent's watches say of it."""
        answers = self._calls.collect("diagnose", day=day)
        observed = [diagnosis for answer in answers.values() for diagnosis in answer]
        return day.with_diagnoses((*day.diagnoses, *observed))

    def opinion(self, day: Matchday) -> tuple[tuple[Forecast, ...], Forecast]:
        """Forecast a matchday: every model's answer in list order, and their blend."""
        answers = self._calls.collect("forecast", day=day)
        forecasts = tuple(dataclasses.replace(answer, source=name) for name, answer in answers.items())
        lent = [forecast.copy() for forecast in forecasts]
        blended: Forecast = self._calls.one("blend", day=day, forecasts=lent)
        for forecast in forecasts:
            if blended.same_as(forecast):
                return forecasts, forecast
        return forecasts, blended

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the list; plugin managers are made anew, and nobody stands in."""
        return _rebuild, (self.name, list(self.components.items()), self.summary, self.tuned)

    def __repr__(self) -> str:
        return f"Agent({self.name!r}, {list(self.components)})"


class _SoleModel:
    """The core's own blend: a single model needs none, and without a model there is no opinion."""

    @hookimpl
    def blend(self, day: Matchday, forecasts: list[Forecast]) -> Forecast:
        return forecasts[0] if forecasts else Forecast.silent(day.slate.index)


class _Chain:
    """The core's own decision: the stages, one after the other."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    @hookimpl
    def decide(self, day: Matchday, bankroll: float) -> Decision:
        agent, calls = self._agent, self._agent._calls
        day = agent.diagnosed(day)
        with calls.traced() as steps:
            forecasts, blended = agent.opinion(day)
            edges: Edges = calls.one("find_edges", day=day, forecast=blended)
            slip: BetSlip = calls.one("size_stakes", day=day, edges=edges, bankroll=bankroll)
        said = blended if forecasts else None
        return Decision(slip, forecasts, said, edges, day.diagnoses, notes=edges.notes, steps=tuple(steps))


def component_spec(name: str, component: Component | Agent) -> dict[str, Any]:
    """Describe a component completely: its class, its name in the agent, and its parameters."""
    if isinstance(component, Agent):
        return {"agent": component.spec(), "name": name}
    kind = type(component)
    try:
        parameters = component.model_dump(mode="json")
    except PydanticSerializationError as error:
        rule = "rule: parameters are values that TOML can hold"
        raise AgentError(f"Component {name!r} cannot be written down: {error}; {rule}.") from error
    for key in parameters:
        if isinstance(getattr(component, key), set | frozenset):  # whose order differs from process to process
            parameters[key] = sorted(parameters[key], key=str)
    return {"use": f"{kind.__module__}:{kind.__qualname__}", "name": name, **parameters}


def _rebuild(name: str, components: list[tuple[str, Component | Agent]], summary: str, tuned: Tuned | None) -> Agent:
    return Agent(name, components, summary=summary, tuned=tuned)
