"""An agent's components, those of agents inside it too, and what they declare of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matchday.agent import Agent
from matchday.assembly import implementations
from matchday.component import Component
from matchday.nesting import AgentOfAgents


@dataclass(frozen=True, slots=True)
class Part:
    """A component at its place: ``path`` is its name, behind those of the agents that it stands in."""

    path: str
    component: Component

    @property
    def agent(self) -> str:
        """The path of its agent; "" is the one that plays."""
        return agent_of(self.path)

    @property
    def source(self) -> str:
        """The name under which what it forecasts is on record: its own, or that of the outermost agent around it."""
        return self.path.partition("/")[0]

    @property
    def traits(self) -> frozenset[str]:
        """What it declares of itself."""
        return self.component.traits - self.component.lacks

    @property
    def is_model(self) -> bool:
        """Whether it has forecasts of its own, and not those of agents inside it."""
        return self.answers("forecast") and not isinstance(self.component, AgentOfAgents)

    def answers(self, hook: str) -> bool:
        """Whether it answers a hook."""
        found = implementations(self.component).get(hook)
        return found is not None and not found.get("wrapper")

    def wraps(self, hook: str) -> bool:
        """Whether it acts on the answer of a stage."""
        found = implementations(self.component).get(hook)
        return found is not None and bool(found.get("wrapper"))

    def takes_part(self, hook: str) -> bool:
        """Whether it answers a stage, or acts on its answer."""
        return hook in implementations(self.component)


def parts_of(agent: Agent, *, above: str = "") -> Iterator[Part]:
    """List an agent's components in order, each followed by those of the agents inside it."""
    for name, component in agent.components.items():
        path = f"{above}{name}"
        if isinstance(component, Agent):
            yield from parts_of(component, above=f"{path}/")
            continue
        yield Part(path, component)
        if isinstance(component, AgentOfAgents):
            for member_name, member in component.members.items():
                yield from parts_of(member, above=f"{above}{member_name}/")


def agent_of(path: str) -> str:
    """Answer the agent that a component stands in.

    >>> agent_of("kelly"), agent_of("human-quant/kelly")
    ('', 'human-quant')
    """
    return path.rpartition("/")[0]
