"""Agents of agents: a component that asks whole agents, and tells each of them what it needs to go on.

Each member decides as it would alone: it has the run's seed, components of its own and its own part of the settlement.
What it says is on record with its name before its component's, as "member/component".
"""

from __future__ import annotations

import copy
import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

import pandas as pd
from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, model_validator

from matchday.actions import Action
from matchday.agent import Agent
from matchday.component import Component
from matchday.decision import Decision, Step
from matchday.errors import AgentError, ComponentError, MatchdayError
from matchday.events import SeasonClosed, SeasonOpened
from matchday.forecast import Forecast
from matchday.hooks import hookimpl
from matchday.ledger import Settlement
from matchday.slate import Diagnosis, Matchday

#: An agent spelled out, as ``Agent.spec`` answers it and a TOML file has it.
Composition = dict[str, Any]

#: The bundled names and files that are being read, each on behalf of the one before it.
_reading: ContextVar[tuple[str, ...]] = ContextVar("_reading", default=())


class AgentOfAgents(Component):
    """The base of components that answer ``decide`` by asking agents.

    ``agents`` are bundled names, TOML files (relative to the working directory), inline tables, or ``Agent`` objects,
    which are copied. They are kept spelled out, so that a run's record says all of them. Guards and watches belong to
    the members: what would choose or size bets beside such a component is refused, and nothing else there is asked.

    Whoever derives from this implements ``decide``, asking members in the order of the list with ``_ask`` and answering
    with ``_answer``; ``_begin``, which forgets the last season; ``_whole``, the forecast of the whole; and ``_parts``,
    which says whose bets were whose. What is kept from the agents is kept from them in ``_shown``. Asked for no more
    than its opinion, as a member that does not bet is, it answers ``diagnose`` and ``forecast`` for its members.
    """

    agents: tuple[Composition, ...] = Field(
        min_length=1, description="the agents: bundled names, TOML files, or tables as in one"
    )

    _members: dict[str, Agent] = PrivateAttr(default_factory=dict)
    _observed: dict[str, Decision] = PrivateAttr(default_factory=dict)
    _actions_inside: list[Action] = PrivateAttr(default_factory=list)

    @model_validator(mode="wrap")
    @classmethod
    def _assembled(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Make the agents, and spell them out."""
        listed = data.get("agents") if isinstance(data, dict) else None
        if not isinstance(listed, list | tuple):
            return handler(data)
        try:
            agents = _made(listed)
        except MatchdayError as error:
            raise ValueError(str(error)) from error
        made = handler({**data, "agents": [agent.spec() for agent in agents]})
        made._members = {agent.name: agent for agent in agents}
        return made

    @property
    def members(self) -> Mapping[str, Agent]:
        """The agents by name, in the order of the list."""
        return self._members

    @property
    def world(self) -> str:
        """What sets the world that the agents are shown apart from the one there is, in a word; "": nothing does.

        Forecasts that are shared are shared within a world: one that overrides ``_shown`` must answer so here.
        """
        return ""

    def worlds(self, around: tuple[str, ...]) -> tuple[str, ...]:
        """Name the worlds around its agents, the outermost first; ``around`` are those around itself."""
        return around if self.world in ("", *around[-1:]) else (*around, self.world)

    def lent(self, lend: Callable[[Agent], Agent]) -> Self:
        """Answer the same component with other agents in place of its own, as a forecast cache lends them."""
        other = copy.copy(self)
        other._members = {name: lend(agent) for name, agent in self._members.items()}
        return other

    def drain_inside(self) -> list[Action]:
        """Hand over what was put on record inside, each component's name behind its agent's."""
        taken, self._actions_inside = self._actions_inside, []
        return taken + [each for name, agent in self._members.items() for each in _named(name, agent.drain())]

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season, and tell every agent."""
        self._observed, self._actions_inside = {}, []
        self._begin(season)
        self._tell(lambda name, agent: agent.season_opened(self._season_of(name, season)))

    @hookimpl
    def matchday_opened(self, day: Matchday) -> None:
        """Tell every agent."""
        self._observed = {}
        self._tell(lambda _, agent: agent.matchday_opened(self._shown(day)))

    @hookimpl
    def diagnose(self, day: Matchday) -> list[Diagnosis]:
        """Say what the agents' watches say; asked only where the whole does not bet."""
        return list(_diagnoses(self._opinions(day)))

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Answer the forecast of the whole; asked only where it does not bet."""
        said = self._whole(day, _forecasts(self._opinions(day)))
        return Forecast.silent(day.slate.index, source=self.name) if said is None else said

    @hookimpl
    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """Tell every agent what happened, and what became of its own bets."""
        parts = self._parts(settlement)
        idle = dataclasses.replace(settlement, after=settlement.before, bets=())
        self._tell(lambda name, agent: agent.matchday_settled(day, results, parts.get(name, idle)))

    @hookimpl
    def season_closed(self, closed: SeasonClosed) -> None:
        """Tell every agent."""
        self._tell(lambda _, agent: agent.season_closed(closed))

    def _begin(self, season: SeasonOpened) -> None:
        """Forget the last season."""
        raise NotImplementedError

    def _whole(self, day: Matchday, forecasts: Mapping[str, Forecast]) -> Forecast | None:
        """Answer the forecast of the whole from those of the agents that have one, by name; None: no opinion."""
        raise NotImplementedError

    def _parts(self, settlement: Settlement) -> Mapping[str, Settlement]:
        """Answer each agent's part of a settlement; one that is left out has bet nothing."""
        raise NotImplementedError

    def _season_of(self, name: str, season: SeasonOpened) -> SeasonOpened:
        """Answer the season as an agent sees it."""
        return dataclasses.replace(season, agent=self._members[name].spec())

    def _shown(self, day: Matchday) -> Matchday:
        """Answer a matchday as the agents are shown it; where that is not as it is, ``world`` has a word for it."""
        return day

    def _ask(self, name: str, day: Matchday, bankroll: float | None) -> Decision:
        """Let an agent decide with a bankroll in currency units; without one it says what it thinks, and bets nothing.

        It hears its own watches alone.
        """
        agent, day = self._members[name], self._shown(day).with_diagnoses(())
        with _inside(name):
            decision = agent.observe(day) if bankroll is None else agent.decide(day, bankroll)
        self._actions_inside += _named(name, decision.actions)
        return decision

    def _answer(
        self, day: Matchday, decisions: Mapping[str, Decision], decision: Decision, *, notes: Sequence[str] = ()
    ) -> Decision:
        """Make a decision of the agents' own, and of the one whose slip it is, with further notes."""
        forecasts = _forecasts(decisions)
        return Decision(
            decision.slip,
            tuple(forecasts.values()),
            self._whole(day, forecasts),
            decision.edges,
            tuple(_diagnoses(decisions)),
            notes=(*decision.notes, *notes),
            steps=tuple(_steps(decisions)),
        )

    def _opinions(self, day: Matchday) -> Mapping[str, Decision]:
        """Ask every agent what it thinks, once a matchday."""
        if not self._observed:
            self._observed = {name: self._ask(name, day, None) for name in self._members}
        return self._observed

    def _tell(self, tell: Callable[[str, Agent], None]) -> None:
        """Tell every agent; the first failure is raised when all have been told."""
        failures = []
        for name, agent in self._members.items():
            try:
                with _inside(name):
                    tell(name, agent)
            except ComponentError as error:
                failures.append(error)
        if failures:
            raise failures[0]


def _made(listed: Sequence[Any]) -> list[Agent]:
    """Make the agents of a list; raises ``AgentError`` or ``CatalogueError``."""
    agents = [_agent(each) for each in listed]
    names = [agent.name for agent in agents]
    for name in names:
        if names.count(name) > 1:
            raise AgentError(f"two agents are called {name!r}; give one of them a name of its own")
    return agents


def _agent(listed: Any) -> Agent:
    """Make one agent: of a bundled name, of a TOML file, of a table as in one, or as a copy of an agent."""
    from matchday.agentfile import build_agent, listed_agent

    if isinstance(listed, Agent):
        return copy.deepcopy(listed)
    return _read(listed) if isinstance(listed, str) else build_agent(listed_agent(listed))


def _read(target: str) -> Agent:
    """Load an agent by name or path, unless it is being loaded already."""
    from matchday.agentfile import load_agent

    known, above = os.path.abspath(target), _reading.get()
    if known in above:
        chain = " -> ".join(os.path.basename(each) for each in (*above[above.index(known) :], known))
        raise AgentError(f"agent {target!r} lists itself ({chain}); take it out of the list")
    token = _reading.set((*above, known))
    try:
        return load_agent(target)
    finally:
        _reading.reset(token)


@contextmanager
def _inside(name: str) -> Iterator[None]:
    """Put an agent's name before that of its component that fails."""
    try:
        yield
    except ComponentError as error:
        component = f"{name}/{error.component}"
        raise ComponentError(error.message, component=component, hook=error.hook, place=error.place) from error


def _named(name: str, actions: Sequence[Action]) -> list[Action]:
    return [dataclasses.replace(each, component=f"{name}/{each.component}") for each in actions]


def _diagnoses(decisions: Mapping[str, Decision]) -> Iterator[Diagnosis]:
    for name, decision in decisions.items():
        yield from (dataclasses.replace(each, source=f"{name}/{each.source}") for each in decision.diagnoses)


def _steps(decisions: Mapping[str, Decision]) -> Iterator[Step]:
    for name, decision in decisions.items():
        yield from (dataclasses.replace(each, component=f"{name}/{each.component}") for each in decision.steps)


def _forecasts(decisions: Mapping[str, Decision]) -> dict[str, Forecast]:
    """Find the forecasts of the agents that have one, under the agents' names."""
    said = {name: each.blended for name, each in decisions.items()}
    return {name: dataclasses.replace(each, source=name) for name, each in said.items() if each is not None}
