"""Contracts on parameters: the same in TOML, on the command line and in Python."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from typing import Any

from matchday.agent import component_spec
from matchday.agentfile import build_agent, parse_agent
from matchday.component import Component
from matchday.errors import MatchdayError, one_line
from matchday.testing.contract import Broken, contract
from matchday.testing.specimen import Specimen
from matchday.wording import listed

_PLAIN = "Make them numbers, text, dates, and lists and tables of those, and what is made of them a private attribute."


class _Nonsense:
    """What no parameter can take."""

    def __repr__(self) -> str:
        return "an object of no meaning"


@contract("its parameters are validated, and survive TOML")
def parameters_survive(specimen: Specimen) -> str:
    """Refuse unknown and senseless values, and make each component again of what TOML says of it."""
    for component in specimen.components:
        _refuses(component)
        _survives(component)
    if "agent" in specimen.kinds:
        _agent_survives(specimen)
    names = [name for each in specimen.components for name in type(each).model_fields]
    return listed(names) if 0 < len(names) <= 8 else f"{len(names)} parameters"


def _refuses(component: Component) -> None:
    kind, given = type(component), _given(component)
    if _takes(kind, {**given, "no_such_parameter": 1}):
        raise Broken(f'{kind.__name__} takes unknown parameters. Leave model_config as it is: extra="forbid".')
    for name in kind.model_fields:
        if _takes(kind, {**given, name: _Nonsense()}):
            raise Broken(
                f"parameter {name!r} takes anything. Give it a type, such as {name}: float = Field(1.0, gt=0)."
            )
    for name in kind.model_fields:
        if not _is_frozen(component, name):
            raise Broken(
                f"parameter {name!r} can be changed. Leave model_config frozen; keep state in private attributes."
            )


def _takes(kind: type[Component], parameters: Mapping[str, Any]) -> bool:
    try:
        kind(**parameters)
    except Exception:
        return False
    return True


def _is_frozen(component: Component, name: str) -> bool:
    try:
        setattr(component, name, getattr(component, name))
    except ValueError:
        return True
    return False


def _survives(component: Component) -> None:
    """Write the parameters as TOML, read them, and make the component again."""
    try:
        spec = _parameters(component)
    except Exception as error:
        raise Broken(f"its parameters cannot be written down: {one_line(error)}. {_PLAIN}") from error
    try:
        again = type(component)(**tomllib.loads(as_toml(spec)))
    except Exception as error:
        raise Broken(f"it cannot be made of its own parameters as TOML has them: {one_line(error)}.") from error
    for name in spec:
        mine, other = _value_of(component, name), _value_of(again, name)
        if mine != other:
            raise Broken(f"parameter {name!r} is {mine}, and {other} after being written as TOML and read.")


def _value_of(component: Component, name: str) -> str:
    value = getattr(component, name)
    return repr(sorted(value, key=str) if isinstance(value, set | frozenset) else value)


def _given(component: Component) -> dict[str, Any]:
    return {name: getattr(component, name) for name in type(component).model_fields}


def _parameters(component: Component) -> dict[str, Any]:
    """Answer the parameters as a record has them; TOML has no word for none, which is left out."""
    spec = component_spec("", component)
    return {name: value for name, value in spec.items() if name not in {"use", "name"} and value is not None}


def _agent_survives(specimen: Specimen) -> None:
    """Make the whole agent again of what TOML says of it."""
    spec = specimen.agent().spec()
    text = as_toml({name: value for name, value in spec.items() if name != "tuned"})
    try:
        again = build_agent(parse_agent(tomllib.loads(text), where="the agent, as TOML has it")).spec()
    except MatchdayError as error:
        raise Broken(f"the agent cannot be made again of what it lists: {error}") from error
    if again["component"] != spec["component"]:
        raise Broken("the agent that is made of what it lists lists something else.")


def as_toml(values: Mapping[str, Any]) -> str:
    r"""Write plain values as TOML, tables inline; none is left out.

    >>> as_toml({"a": 1, "b": [True, "x"], "c": {"d": 0.5, "e": None}})
    'a = 1\nb = [true, "x"]\nc = {"d" = 0.5}'
    """
    return "\n".join(f"{_key(name)} = {_value(value)}" for name, value in values.items() if value is not None)


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = (f"{_text(str(name))} = {_value(each)}" for name, each in value.items() if each is not None)
        return f"{{{', '.join(inside)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
