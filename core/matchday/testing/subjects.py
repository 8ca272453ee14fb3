"""How a component that is tested becomes an agent: the smallest one that bets and has it inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from matchday.agent import Agent
from matchday.assembly import implementations
from matchday.component import Component
from matchday.errors import AgentError, explain, one_line
from matchday.nesting import AgentOfAgents
from matchday.testing.components import Alarm, Coin, Everything, Fixed, Level, Scores

#: What a component under test is called in its agent.
TESTED = "tested"


def subject(component: type[Component] | Component, parameters: Mapping[str, Any] | None = None) -> Agent:
    """Make the smallest agent that bets and has a component in it, by the name "tested".

    ``component`` is a class, made with ``parameters``, or an object. What it does not do itself is done by the plain
    components of ``matchday.testing.components``: a model that draws at random (and another one where a blend is
    tested), a watch that raises an alarm now and then, an edge rule that proposes everything, a level staking. One
    that decides by itself stands alone; an agent of agents that is given none gets two that bet, or one where it takes
    no more. Raises ``AgentError`` where the component cannot be made, or makes no agent.

    >>> from matchday.testing.components import Positive
    >>> list(subject(Positive).components)
    ['scores', 'alarm', 'tested', 'level']
    """
    tested = component if isinstance(component, Component) else made(component, parameters)
    answers = {hook for hook, options in implementations(tested).items() if not options.get("wrapper")}
    if "decide" in answers:
        return Agent(f"with {tested.name}", [(TESTED, tested)])
    listed: list[Component | Agent | tuple[str, Component | Agent]] = []
    listed += [] if "forecast" in answers else [Scores()]
    listed += [Coin()] if "blend" in answers else []
    listed += [] if "diagnose" in answers else [Alarm()]
    listed.append((TESTED, tested))
    listed += [] if "find_edges" in answers else [Everything()]
    listed += [] if "size_stakes" in answers else [Level(share=0.01)]
    return Agent(f"with {tested.name}", listed)


def made(kind: type[Component], parameters: Mapping[str, Any] | None = None) -> Component:
    """Make a component of a class, an agent of agents with agents; raises ``AgentError`` in one line."""
    chosen = dict(parameters or {})
    if issubclass(kind, AgentOfAgents) and "agents" not in chosen:
        return _nest(kind, chosen)
    try:
        return kind(**chosen)
    except ValidationError as error:
        raise AgentError(f"Component {kind.__name__}: {explain(error, kind)}") from error
    except Exception as error:  # whatever a stranger's constructor raises
        raise AgentError(f"Component {kind.__name__} cannot be made: {one_line(error)}") from error


def _nest(kind: type[Component], parameters: dict[str, Any]) -> Component:
    """Make an agent of two agents, or of one where it takes no more."""
    agents = [Agent("bold", [Scores(), Alarm(), Everything(), Level(share=0.01)])]
    agents += [Agent("meek", [Fixed(home=0.6), Everything(), Level(share=0.002)])]
    try:
        return made(kind, {**parameters, "agents": agents})
    except AgentError as refused:
        try:
            return made(kind, {**parameters, "agents": agents[:1]})
        except AgentError:
            raise refused from None
