"""Checks on an agent's list, made when it is assembled and not when it plays."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from inspect import Parameter
from typing import TYPE_CHECKING, Any, TypeAlias

from matchday.component import Component
from matchday.errors import AgentError, did_you_mean, short
from matchday.hooks import PROJECT, Hooks
from matchday.places import function_place

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
    if not isinstance(agent, str) or not agent:
        raise AgentError(f"Agent {short(agent)}: that is no name; rule: a text that is not empty.")
    components = _named(agent, listed)
    for name, component in components.items():
        if isinstance(component, Component):
            _check_component(f"Agent {agent!r}: component {name!r}", component)
    _check_stages(agent, components)
    for name, component in components.items():
        if isinstance(component, Component):
            component.rename(name)
    return components


def _named(agent: str, listed: Sequence[Listed | tuple[str, Listed]]) -> dict[str, Listed]:
    components: dict[str, Listed] = {}
    if not isinstance(listed, list | tuple):
        raise AgentError(f"Agent {agent!r}: components is a {type(listed).__name__}; rule: a list of components.")
    for each in listed:
        pair = isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], str)
        name, component = each if pair else (getattr(each, "name", ""), each)
        if not _is_component(component):
            raise AgentError(f"Agent {agent!r}: {_not_a_component(component)}")
        if name in components:
            raise AgentError(f"Agent {agent!r}: two components are named {name!r}; give one of them a name of its own.")
        if any(component is other for other in components.values()):
            raise AgentError(f"Agent {agent!r}: component {name!r} is listed twice; make a second one.")
        components[name] = component
    return components


def _is_component(listed: object) -> bool:
    from matchday.agent import Agent

    return isinstance(listed, Component | Agent)


def _not_a_component(listed: object) -> str:
    """Say what somebody listed who listed no component, and what to list instead."""
    rule = "rule: an object of a Component's class, or a pair of a name and one"
    if isinstance(listed, type):
        made = f"; write {listed.__name__}(), which makes one" if issubclass(listed, Component) else f"; {rule}"
        return f"class {listed.__name__} is not a component{made}."
    if callable(getattr(listed, "seasons", None)):
        return f"{type(listed).__name__} is a source, not a component; an agent is played on a season of it."
    if isinstance(listed, str):
        return f"{listed!r} is not a component; {rule}, as Catalogue().component({listed!r})() makes of a name."
    return f"{short(listed)} is not a component; {rule}."


def _check_component(subject: str, component: Component) -> None:
    """Check a component's hooks, each where it is written."""
    found = implementations(component)
    for hook in ONE_ANSWERS:
        method = inspect.getattr_static(component, hook, None)
        if hook not in found and inspect.isroutine(getattr(component, hook, None)):
            _refuse(subject, hook, method, "it is not marked, so nobody would call it; write @hookimpl above it")
    for hook, options in found.items():
        problem = _problem(component, hook, options)
        if problem:
            _refuse(subject, hook, getattr(component, hook, None), problem)
    if not found:
        raise AgentError(f"{subject} has no hook, so nobody would call it; mark a method of it with @hookimpl.")


def _refuse(subject: str, hook: str, method: Any, problem: str) -> None:
    place = function_place(method) if method else ""
    raise AgentError(f"{subject}, hook {hook!r}{f' ({place})' if place else ''}: {problem}.".replace("?.", "?"))


def _problem(component: Component, hook: str, options: Mapping[str, Any]) -> str:
    """Say what is wrong with a method that is marked as a hook; "": nothing."""
    if options.get("specname"):
        return "specname is refused; name the method as the hook is named"
    if hook not in ONE_ANSWERS:
        return f"there is no such hook; {did_you_mean(hook, ONE_ANSWERS).rstrip('.')}"
    if options.get("tryfirst") or options.get("trylast"):
        return "tryfirst and trylast are refused; the agent's list alone makes the order"
    if options.get("hookwrapper"):
        return "hookwrapper is the old form; write @hookimpl(wrapper=True)"
    if options.get("wrapper") and not ONE_ANSWERS[hook]:
        return f"it cannot be wrapped; wrappers are for {_listing(_single_hooks())}"
    method = inspect.unwrap(getattr(component, hook))
    if inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method):
        return "it is async, and nobody would await it; write def in place of async def"
    yields = inspect.isgeneratorfunction(method)
    if options.get("wrapper") and not yields:
        return "it is a wrapper and does not yield; write answer = yield, once, and return an answer"
    if yields and not options.get("wrapper"):
        return "it yields, and is not marked as a wrapper; write @hookimpl(wrapper=True), or return the answer"
    return _wrong_argument(component, hook)


def _wrong_argument(component: Component, hook: str) -> str:
    """Say which argument of a method its hook does not hand over; "": none."""
    known = [name for name in inspect.signature(getattr(Hooks, hook)).parameters if name != "self"]
    method = inspect.getattr_static(component, hook)
    if inspect.isfunction(method) and next(iter(inspect.signature(method).parameters), known[0]) in known:
        return "its first argument is not self; write self before the others"
    for name, parameter in inspect.signature(getattr(component, hook)).parameters.items():
        if parameter.kind in {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY}:
            star = "*, " if parameter.kind is Parameter.KEYWORD_ONLY else ""
            written = f"{star}{str(parameter).partition(':')[0]}"
            return f"{written!r} is not handed over; write (self, {', '.join(known)}), or those of them that it uses"
        if name not in known and parameter.default is Parameter.empty:
            return f"it takes {name!r}, which the hook does not hand over; {did_you_mean(name, known).rstrip('.')}"
    return ""


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
