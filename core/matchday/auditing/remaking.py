"""Agents made again of what ``Agent.spec`` says of them, whole agents among their components included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchday.agent import Agent
from matchday.tuned import Tuned


def remade(spec: Mapping[str, Any], *, where: str) -> Agent:
    """Make an agent; raises ``AgentError`` or ``CatalogueError``, the former beginning with ``where`` or its name."""
    from matchday.agentfile import build_agent, build_component, parse_agent
    from matchday.catalogue import Catalogue

    inside = {entry["name"]: entry["agent"] for entry in spec["component"] if "agent" in entry}
    if not inside:
        return build_agent(parse_agent(spec, where=where))
    name, catalogue = spec["name"], Catalogue()
    components = [
        (entry["name"], remade(inside[entry["name"]], where=where))
        if entry["name"] in inside
        else (entry["name"], build_component(name, entry["name"], entry, catalogue))
        for entry in spec["component"]
    ]
    tuned = None if spec.get("tuned") is None else Tuned.model_validate(spec["tuned"])
    return Agent(name, components, tuned=tuned)
