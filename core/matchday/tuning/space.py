"""The space of a search: parameters of an agent's components, between bounds or among values."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from matchday.agentfile import AgentFile, build_agent
from matchday.component import Component
from matchday.errors import AgentError, MatchdayError, did_you_mean
from matchday.parts import parts_of
from matchday.tuning.domains import Choices, Range

#: Combinations of choices from which on nobody is going to try them all.
MANY = 10_000

#: Parameters by component: ``{"goals": {"half_life_days": 300}}``.
Overrides = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter that is searched: its name as component.parameter, where, and the agent's own value."""

    name: str
    domain: Range | Choices
    own: Any

    @property
    def component(self) -> str:
        """The component's name."""
        return self.name.rpartition(".")[0]


def read_space(file: AgentFile, wanted: Mapping[str, Range | Choices]) -> tuple[Parameter, ...]:
    """Find the parameters that are to be searched, by component.parameter, and try it out on the components.

    Raises ``AgentError`` for a component or a parameter that is not there, with a did-you-mean, for an end or a choice
    that the component refuses, and for no value where TOML could not say it.
    """
    if not wanted:
        raise MatchdayError(
            "There is nothing to tune; name a parameter and its bounds, as goals.half_life_days=100:800."
        )
    components = _components(file)
    space = tuple(_parameter(file.name, components, name, domain) for name, domain in wanted.items())
    return tuple(_tried_out(file, one, [each for each in space if each.component == one.component]) for one in space)


def _components(file: AgentFile, overrides: Overrides | None = None) -> dict[str, Component]:
    """Build the agent, and answer its components; those of agents inside it as member/component."""
    return {part.path: part.component for part in parts_of(build_agent(file, overrides=overrides))}


def combinations(space: Sequence[Parameter]) -> list[dict[str, Any]] | None:
    """List all there is to try, by component.parameter; None where it is without end, or as good as."""
    if not all(isinstance(each.domain, Choices) for each in space):
        return None
    if math.prod(len(each.domain.probes) for each in space) > MANY:
        return None
    names = [each.name for each in space]
    values = itertools.product(*(each.domain.probes for each in space))
    return [dict(zip(names, each, strict=True)) for each in values]


def by_component(chosen: Mapping[str, Any]) -> Overrides:
    """Part values by component.parameter into parameters by component.

    >>> by_component({"goals.half_life_days": 300, "value.minimum_edge": 0.1})
    {'goals': {'half_life_days': 300}, 'value': {'minimum_edge': 0.1}}
    """
    parted: Overrides = {}
    for name, value in chosen.items():
        component, _, key = name.rpartition(".")
        parted.setdefault(component, {})[key] = value
    return parted


def _parameter(agent: str, components: Mapping[str, Component], name: str, domain: Range | Choices) -> Parameter:
    component, dot, key = name.rpartition(".")
    if not dot:
        raise AgentError(f"Agent {agent!r}: {name!r} is not component.parameter, e.g. goals.half_life_days.")
    if component not in components:
        raise AgentError(f"Agent {agent!r}: no component is named {component!r}; {did_you_mean(component, components)}")
    found = components[component]
    fields = type(found).model_fields
    if key not in fields:
        raise AgentError(
            f"Agent {agent!r}: component {component!r} has no parameter {key!r}; {did_you_mean(key, fields)}"
        )
    if None in domain.probes and fields[key].get_default(call_default_factory=False) is not None:
        raise AgentError(f"Agent {agent!r}: {name} = none cannot be written in TOML; leave it out of the choices.")
    if isinstance(domain, Range) and _is_whole(fields[key].annotation):
        if not (isinstance(domain.low, int) and isinstance(domain.high, int)):
            raise AgentError(f"Agent {agent!r}: {name} = {domain}: the parameter is a whole number; give whole bounds.")
        domain = dataclasses.replace(domain, whole=True)
    return Parameter(name, domain, found.model_dump(mode="json")[key])


def _is_whole(annotation: Any) -> bool:
    """Whether a field takes whole numbers only, or none."""
    kinds = {annotation, *get_args(annotation)}
    return int in kinds and float not in kinds and str not in kinds


def _tried_out(file: AgentFile, parameter: Parameter, beside: Sequence[Parameter]) -> Parameter:
    """Build the component with each probe, and answer choices as the component writes them; refuse what it refuses."""
    key = parameter.name.rpartition(".")[2]
    built = [_built(file, parameter, probe, beside) for probe in parameter.domain.probes]
    if isinstance(parameter.domain, Range):
        return parameter
    return dataclasses.replace(parameter, domain=Choices(*(each.model_dump(mode="json")[key] for each in built)))


def _built(file: AgentFile, parameter: Parameter, probe: Any, beside: Sequence[Parameter]) -> Component:
    """Build the component with a probe; another that is searched of it may have to give way to it."""
    others = [each for each in beside if each is not parameter]
    ways = [{}, *({each.name: value} for each in others for value in each.domain.probes)]
    refused: AgentError | None = None
    for way in ways:
        try:
            return _components(file, by_component({**way, parameter.name: probe}))[parameter.component]
        except AgentError as error:
            refused = refused or error
    assert refused is not None
    raise refused
