"""Which agents are best played by one worker: those that list a model alike, so that it forecasts once for them all."""

from __future__ import annotations

import json
from collections.abc import Sequence

from matchday.agent import Agent, component_spec
from matchday.forecastcache.key import shareable
from matchday.nesting import AgentOfAgents


def share_models(agents: Sequence[Agent]) -> list[list[Agent]]:
    """Part agents into groups that have no model in common; order is kept, within the groups and of their firsts.

    A model is what ``ForecastCache`` can keep: two are the same where class, name and parameters are, and the world
    that an agent of agents shows them.
    """
    groups: list[tuple[set[str], list[Agent]]] = []
    for agent in agents:
        models, members = _models(agent), [agent]
        for group in [each for each in groups if each[0] & models]:
            groups.remove(group)
            models, members = models | group[0], group[1] + members
        groups.append((models, sorted(members, key=list(agents).index)))
    return sorted((members for _, members in groups), key=lambda members: list(agents).index(members[0]))


def _models(agent: Agent, worlds: tuple[str, ...] = ()) -> set[str]:
    """Write down the models that an agent lists, those of the agents inside it too."""
    models = set()
    for name, each in agent.components.items():
        if shareable(each):
            models.add(json.dumps([component_spec(name, each), worlds], sort_keys=True))
        elif isinstance(each, AgentOfAgents):
            around = each.worlds(worlds)
            models |= set().union(*(_models(member, around) for member in each.members.values()))
    return models
