"""Agents built of what their TOML says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matchday.agent import Agent
from matchday.agentfile.members import overlaid
from matchday.agentfile.reading import AgentFile, component_class, read_agent
from matchday.catalogue import Catalogue
from matchday.component import RESERVED, Component
from matchday.errors import AgentError, explain, one_line
from matchday.places import error_place


def load_agent(
    target: str | Path,
    *,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    catalogue: Catalogue | None = None,
) -> Agent:
    """Load a bundled agent by name, or an agent file by path."""
    catalogue = catalogue or Catalogue()
    return build_agent(read_agent(target, catalogue), catalogue=catalogue, overrides=overrides)


def build_agent(
    file: AgentFile,
    *,
    catalogue: Catalogue | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> Agent:
    """Build an agent; ``overrides`` are parameters by component, as ``overlaid`` takes them."""
    catalogue = catalogue or Catalogue()
    file = overlaid(file, overrides or {}, catalogue)
    components = [
        (name, build_component(file.name, name, entry, catalogue))
        for name, entry in zip(file.names, file.component, strict=True)
    ]
    return Agent(file.name, components, summary=file.summary, tuned=file.tuned)


def build_component(agent: str, name: str, entry: Mapping[str, Any], catalogue: Catalogue) -> Component:
    """Build one component of an agent's list; raises ``AgentError`` or ``CatalogueError`` in the agent's name."""
    kind = component_class(agent, entry, catalogue)
    parameters = {key: value for key, value in entry.items() if key not in RESERVED}
    try:
        return kind(**parameters)
    except ValidationError as error:
        raise AgentError(f"Agent {agent!r}: component {name!r}: {explain(error, kind)}") from error
    except Exception as error:  # whatever a stranger's constructor raises
        place = error_place(error, kind)
        where = f" ({place})" if place else ""
        raise AgentError(f"Agent {agent!r}: component {name!r} cannot be made: {one_line(error)}{where}") from error
