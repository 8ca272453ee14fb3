"""The space of a search: parameters of an agent's components, between bounds or among values."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from matchday.agentfile import AgentFile, build_agent
from matchday.component import Component
from matchday.errors import AgentError, MatchdayError, did_you_mean

if TYPE_CHECKING:
    from optuna import Trial

#: Parameters by component: ``{"goals": {"half_life_days": 300}}``.
Overrides = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers from ``low`` to ``high``, both included; ``log`` searches their orders of magnitude alike.

    ``whole`` is set for parameters that are whole numbers. What is tried has four digits, of itself or of the width, so
    that an agent's file stays readable: the differences of neighbours are far below what seasons can tell.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise MatchdayError(f"Range {self}; rule: two numbers, the smaller one first.")
        if self.log and self.low <= 0:
            raise MatchdayError(f"Range {self}; rule: above 0, to have an order of magnitude.")

    @property
    def probes(self) -> tuple[Any, ...]:
        """What a component has to take, for the rest to make sense: both ends, and a fraction if there are any."""
        between = () if self.whole else (self.rounded(self.low + 0.382 * (self.high - self.low)),)
        return self.low, *between, self.high

    def holds(self, value: Any) -> bool:
        """Whether a value lies in it."""
        kinds = int if self.whole else int | float
        return isinstance(value, kinds) and not isinstance(value, bool) and self.low <= value <= self.high

    def suggest(self, name: str, trial: Trial) -> Any:
        """Let Optuna choose a value."""
        if self.whole:
            return trial.suggest_int(name, int(self.low), int(self.high), log=self.log)
        return self.rounded(trial.suggest_float(name, self.low, self.high, log=self.log))

    def written(self, value: Any) -> Any:
        """Write a value as Optuna keeps it."""
        return value

    def rounded(self, value: float) -> float:
        """Answer a value without the digits that nothing depends on.

        >>> Range(100, 800).rounded(412.3456), Range(0, 0.15).rounded(0.0523456)
        (412.3, 0.0523)
        >>> Range(1e-5, 1.0, log=True).rounded(2.3456e-4)
        0.0002346
        """
        places = 3 - math.floor(math.log10(self.high - self.low))
        short = float(f"{value:.4g}") if self.log else round(value, places)
        return min(max(short, float(self.low)), float(self.high))

    def __str__(self) -> str:
        return f"{self.low}:{self.high}{':log' if self.log else ''}"


@dataclass(frozen=True, slots=True, init=False)
class Choices:
    """A few values, of any kind that TOML has; None is no value."""

    values: tuple[Any, ...]

    def __init__(self, *values: Any) -> None:
        object.__setattr__(self, "values", values)
        if len({self.written(value) for value in values}) < max(2, len(values)):
            raise MatchdayError(f"Choices {', '.join(map(str, values))}; rule: two or more, each once.")

    @property
    def probes(self) -> tuple[Any, ...]:
        """What a component has to take: all of it."""
        return self.values

    def holds(self, value: Any) -> bool:
        """Whether a value is among them."""
        return self.written(value) in map(self.written, self.values)

    def suggest(self, name: str, trial: Trial) -> Any:
        """Let Optuna choose a value."""
        named = {self.written(value): value for value in self.values}
        return named[trial.suggest_categorical(name, list(named))]

    def written(self, value: Any) -> str:
        """Write a value as Optuna keeps it, which knows no lists."""
        return json.dumps(value, default=str, sort_keys=True)


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
    components = build_agent(file).components
    space = tuple(_parameter(file.name, components, name, domain) for name, domain in wanted.items())
    for parameter in space:
        _try_probes(file, parameter, [each for each in space if each.component == parameter.component])
    return space


def combinations(space: Sequence[Parameter]) -> list[dict[str, Any]] | None:
    """List all there is to try, by component.parameter; None where it is without end, or as good as."""
    if not all(isinstance(each.domain, Choices) for each in space):
        return None
    names = [each.name for each in space]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*(s.domain.probes for s in space))]


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


def _parameter(agent: str, components: Mapping[str, Any], name: str, domain: Range | Choices) -> Parameter:
    component, dot, key = name.rpartition(".")
    if not dot:
        raise AgentError(f"Agent {agent!r}: {name!r} is not component.parameter, e.g. goals.half_life_days.")
    if component not in components:
        raise AgentError(f"Agent {agent!r}: no component is named {component!r}; {did_you_mean(component, components)}")
    found = components[component]
    fields = type(found).model_fields if isinstance(found, Component) else {}
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


def _try_probes(file: AgentFile, parameter: Parameter, beside: Sequence[Parameter]) -> None:
    """Build the agent with each probe; what is searched of the same component may have to give way to it."""
    others = [each for each in beside if each is not parameter]
    for probe in parameter.domain.probes:
        refused: AgentError | None = None
        for values in itertools.product(*((each.own, *each.domain.probes) for each in others)):
            chosen = {parameter.name: probe, **{each.name: value for each, value in zip(others, values, strict=True)}}
            try:
                build_agent(file, overrides=by_component(chosen))
                break
            except AgentError as error:
                refused = refused or error
        else:
            assert refused is not None
            raise refused
