"""Checks on an agent's list, made when it is assembled and not when it plays."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from matchday.component import Component
from matchday.errors import AgentError, did_you_mean
from matchday.hooks import PROJECT, Hooks

if TYPE_CHECKING:
    from matchday.agent import Agent

Listed: TypeAlias = "Component | Agent"

#: Hook -> whether exactly one component answers it (and wrappers may stand around it).
ONE_ANSWERS = {
    name: bool(getattr(spec, f"{PROJECT}_spec")["firstresult"])
    for name, spec in vars(Hooks).items()
    if hasattr(spec, f"{PROJECT}_spec")
}
REMEDY = {
    "find_edges": "list an edge rule, e.g. 'value'",
    "size_stakes": "list a staking, e.g. 'kelly'",
    "blend": "list a blend, e.g. 'average'",
}


def implementations(component: object) -> dict[str, dict[str, Any]]:
    """Find the hook implementations of a component, or of its class, and the options each is marked with."""
    kind = component if isinstance(component, type) else type(component)
    return _implementations(kind)


@cache
def _implementations(kind: type) -> dict[str, dict[str, Any]]:
    found = {}
    for name in dir(kind):
        options = getattr(inspect.getattr_static(kind, name), f"{PROJECT}_impl", None)
        if options is not None:
            found[options.get("specname") or name] = options
    return found


def assemble(agent: str, listed: Sequence[Listed | tuple[str, Listed]]) -> dict[str, Listed]:
    """Name an agent's components and check that they make an agent; raises ``AgentError``."""
    components = _named(agent, listed)
    for name, component in components.items():
        _check_component(agent, name, component)
    _check_stages(agent, components)
    for name, component in components.items():
        if isinstance(component, Component):
            component.rename(name)
    return components


def _named(agent: str, listed: Sequence[Listed | tuple[str, Listed]]) -> dict[str, Listed]:
    components: dict[str, Listed] = {}
    for each in listed:
        name, component = each if isinstance(each, tuple) else (getattr(each, "name", ""), each)
        if not _is_component(component):
            what = f"class {component.__name__}" if isinstance(component, type) else repr(component)
            raise AgentError(f"Agent {agent!r}: {what} is not a component; rule: an object of a Component's class.")
        if name in components:
            raise AgentError(f"Agent {agent!r}: two components are named {name!r}; give one of them a name of its own.")
        if any(component is other for other in components.values()):
            raise AgentError(f"Agent {agent!r}: component {name!r} is listed twice; make a second one.")
        components[name] = component
    return components


def _is_component(listed: object) -> bool:
    from matchday.agent import Agent

    return isinstance(listed, Component | Agent)


def _check_component(agent: str, name: str, component: Listed) -> None:
    for hook, options in implementations(component).items():
        place = f"Agent {agent!r}: component {name!r}, hook {hook!r}"
        if hook not in ONE_ANSWERS:
            raise AgentError(f"{place}: there is no such hook; {did_you_mean(hook, ONE_ANSWERS)}")
        if options.get("tryfirst") or options.get("trylast"):
            raise AgentError(f"{place}: tryfirst and trylast are refused; the agent's list alone makes the order.")
        if options.get("hookwrapper"):
            raise AgentError(f"{place}: hookwrapper is the old form; write @hookimpl(wrapper=True).")
        if options.get("wrapper") and not ONE_ANSWERS[hook]:
            raise AgentError(f"{place}: it cannot be wrapped; wrappers are for {_listing(_single_hooks())}.")


def _check_stages(agent: str, components: Mapping[str, Listed]) -> None:
    found = {hook: answering(components, hook) for hook in ONE_ANSWERS}
    for hook in _single_hooks():
        if len(found[hook]) > 1:
            raise AgentError(
                f"Agent {agent!r}: {_listing(found[hook])} all answer {hook!r}, where one answers; "
                "keep one, or make the others wrappers."
            )
    if found["decide"]:
        _check_idle(agent, components, found["decide"][0])
        return
    needed = ["find_edges", "size_stakes"] + (["blend"] if len(found["forecast"]) > 1 else [])
    for hook in needed:
        if not found[hook]:
            models = f" for its models {_listing(found['forecast'])}" if hook == "blend" else ""
            raise AgentError(f"Agent {agent!r}: nothing answers {hook!r}{models}; {REMEDY[hook]}.")


def _check_idle(agent: str, components: Mapping[str, Listed], decides: str) -> None:
    """Refuse what chooses or sizes bets beside a component that decides: nobody would ask it."""
    for name, component in components.items():
        idle = {"find_edges", "size_stakes"} & implementations(component).keys()
        if idle and name != decides:
            raise AgentError(
                f"Agent {agent!r}: component {name!r} answers {_listing(sorted(idle))}, and nobody would ask it, since "
                f"{decides!r} decides; leave it out, or list it in an agent inside."
            )


def answering(components: Mapping[str, Listed], hook: str) -> list[str]:
    """Name the components that answer a hook; wrappers stand around an answer and give none."""
    found = {name: implementations(component).get(hook) for name, component in components.items()}
    return [name for name, options in found.items() if options is not None and not options.get("wrapper")]


def _single_hooks() -> list[str]:
    return [name for name, one in ONE_ANSWERS.items() if one]


def _listing(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
