"""Agents inside an agent: which there are, and an agent's parameters set anew, also those inside of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from matchday.agentfile.reading import AgentFile, component_class, listed_agent, spelled_out
from matchday.catalogue import Catalogue
from matchday.errors import AgentError, MatchdayError, did_you_mean
from matchday.nesting import AgentOfAgents


class Member(NamedTuple):
    """An agent inside an agent: the position of the ``component`` that lists it, its ``place`` there, and its file."""

    component: int
    place: int
    agent: AgentFile


def overlaid(
    file: AgentFile, overrides: Mapping[str, Mapping[str, Any]], catalogue: Catalogue | None = None
) -> AgentFile:
    """Answer an agent with other parameters, by component: ``{"goals": {"half_life_days": 300}}``.

    A component of an agent that an agent of agents lists is member/component, as on record; that member is spelled out
    in the answer. Raises ``AgentError`` for a component or a member that is not there, with a did-you-mean.
    """
    names = file.names
    entries = [{**entry, **overrides.get(name, {})} for name, entry in zip(names, file.component, strict=True)]
    file = file.model_copy(update={"component": entries})
    left = {path: parameters for path, parameters in overrides.items() if path not in names}
    for path in left:
        if "/" not in path:
            raise AgentError(f"Agent {file.name!r}: no component is named {path!r}; {did_you_mean(path, names)}")
    return _overlaid_members(file, left, catalogue) if left else file


def _overlaid_members(
    file: AgentFile, overrides: Mapping[str, Mapping[str, Any]], catalogue: Catalogue | None
) -> AgentFile:
    """Spell out the members of which something is set; the agent's own components stay."""
    entries, members = [dict(entry) for entry in file.component], members_of(file, catalogue)
    for path in overrides:
        known = [member.agent.name for member in members]
        if not any(path.startswith(f"{name}/") for name in known):
            name = path.partition("/")[0]
            raise AgentError(f"Agent {file.name!r}: no agent in it is named {name!r}; {did_you_mean(name, known)}")
    for member in members:
        if within := inside(overrides, member.agent.name):
            agents = entries[member.component]["agents"] = list(entries[member.component]["agents"])
            agents[member.place] = spelled_out(overlaid(member.agent, within, catalogue))
    return file.model_copy(update={"component": entries})


def inside(overrides: Mapping[str, Mapping[str, Any]], member: str) -> dict[str, Mapping[str, Any]]:
    """Answer the parameters that are of a member's components, by what those are called there.

    >>> inside({"human-quant/kelly": {"hedge": True}, "goals": {"half_life_days": 300}}, "human-quant")
    {'kelly': {'hedge': True}}
    """
    above = f"{member}/"
    return {path.removeprefix(above): each for path, each in overrides.items() if path.startswith(above)}


def has_component(file: AgentFile, path: str, catalogue: Catalogue | None = None) -> bool:
    """Whether an agent has a component, or as member/component one of its members does."""
    if path in file.names or "/" not in path:
        return path in file.names
    return any(
        has_component(member.agent, within, catalogue)
        for member in members_of(file, catalogue)
        for within in inside({path: {}}, member.agent.name)
    )


def members_of(file: AgentFile, catalogue: Catalogue | None = None) -> list[Member]:
    """Read the agents inside an agent, in order; raises ``AgentError`` or ``CatalogueError`` for one that is none."""
    catalogue = catalogue or Catalogue()
    found = []
    for position, (name, entry) in enumerate(zip(file.names, file.component, strict=True)):
        agents = entry.get("agents")
        if isinstance(agents, list | tuple) and issubclass(component_class(file.name, entry, catalogue), AgentOfAgents):
            try:
                found += [Member(position, place, listed_agent(each, catalogue)) for place, each in enumerate(agents)]
            except MatchdayError as error:
                raise AgentError(f"Agent {file.name!r}: component {name!r}: {error}") from error
    return found
