"""Calls from an agent to its components: pluggy's own, with answers checked and failures named."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd
import pluggy

from matchday.assembly import ONE_ANSWERS, answering, implementations
from matchday.errors import AgentError, ComponentError
from matchday.forecast import Forecast
from matchday.hooks import PROJECT, Hooks
from matchday.slate import Diagnosis, Matchday

if TYPE_CHECKING:
    from collections.abc import Iterator


class Calls:
    """One plugin manager, made of one agent's components in list order.

    Where everybody is asked or told, pluggy calls one component after the other, so that the order is the list's and a
    failure has its component's name. Where one answers, pluggy makes one call of the answer and its wrappers; it
    wraps the first registered innermost, so that wrappers too act in list order.
    """

    def __init__(self, agent: str, components: Mapping[str, Any], *, defaults: Mapping[str, object]) -> None:
        self._agent = agent
        self._components = components
        self._manager = _Manager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._register(defaults)
        self._each = {hook: self._callers(hook) for hook, one in ONE_ANSWERS.items() if not one}

    def _register(self, defaults: Mapping[str, object]) -> None:
        """Register the components, and the core's own answer to each stage that none of them answers."""
        try:
            for hook, answer in defaults.items():
                if not answering(self._components, hook):
                    self._manager.register(answer, f"the core's {hook}")
            for name, component in self._components.items():
                self._manager.register(component, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            reason = " ".join(str(error).split())
            raise AgentError(f"Agent {self._agent!r}: {reason}") from error

    def _callers(self, hook: str) -> dict[str, pluggy.HookCaller]:
        """Make a caller of each component that implements a hook, in list order."""
        plugins = self._manager.get_plugins()
        asked = [(name, each) for name, each in self._components.items() if hook in implementations(each)]
        return {name: self._manager.subset_hook_caller(hook, plugins - {each}) for name, each in asked}

    def all(self, hook: str, **arguments: Any) -> None:
        """Tell every component, each with frames of its own; the first failure is raised when all have been told."""
        failures = []
        for name, caller in self._each[hook].items():
            try:
                with self._naming(hook, arguments, who=name):
                    caller(**{key: _own(value) for key, value in arguments.items()})
            except ComponentError as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def collect(self, hook: str, kind: type, **arguments: Any) -> dict[str, Any]:
        """Ask every component that implements a hook: ``{component: answer}`` in list order."""
        answers = {}
        for name, caller in self._each[hook].items():
            with self._naming(hook, arguments, who=name):
                answered = caller(**arguments)
            answer = answered[0] if answered else None
            self._check(answer, kind, who=repr(name), hook=hook, arguments=arguments)
            answers[name] = answer
        return answers

    def one(self, hook: str, kind: type, **arguments: Any) -> Any:
        """Ask the component that answers a stage, through its wrappers."""
        with self._naming(hook, arguments):
            answer = getattr(self._manager.hook, hook)(**arguments)
            answer = _checked_again(answer)
        self._check(answer, kind, who=self._who_answers(hook), hook=hook, arguments=arguments)
        return answer

    def _check(self, answer: Any, kind: type, *, who: str, hook: str, arguments: Mapping[str, Any]) -> None:
        if not isinstance(answer, kind):
            self._fail(who, hook, arguments, f"answered {_kind(answer)}; rule: {kind.__name__}.")
        if isinstance(answer, Forecast) and not answer.probabilities.index.equals(arguments["day"].slate.index):
            rule = "rule: probabilities indexed by day.slate.index, in its order."
            self._fail(who, hook, arguments, f"answered other rows than the slate's; {rule}")
        if hook == "diagnose" and not all(isinstance(each, Diagnosis) for each in answer):
            self._fail(who, hook, arguments, "answered a list of something else; rule: a list of Diagnosis.")

    def _who_answers(self, hook: str) -> str:
        asked = [name for name, each in self._components.items() if hook in implementations(each)]
        return " or ".join(map(repr, asked)) or "'the core'"

    def _fail(self, who: str, hook: str, arguments: Mapping[str, Any], what: str) -> None:
        raise ComponentError(_sentence(self._agent, who, hook, arguments, what), component=who.strip("'"), hook=hook)

    @contextmanager
    def _naming(self, hook: str, arguments: Mapping[str, Any], *, who: str = "") -> Iterator[None]:
        """Turn what a component raises into an error that names it; an inner agent's error has its name already."""
        try:
            yield
        except ComponentError:
            raise
        except (Exception, SystemExit) as error:
            name = who or self._culprit(error)
            label = repr(name) if name else self._who_answers(hook)
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            message = _sentence(self._agent, label, hook, arguments, f"failed: {reason}")
            raise ComponentError(message, component=name or label.strip("'"), hook=hook) from error

    def _culprit(self, error: BaseException) -> str | None:
        """Find the component whose method is the last one in the traceback."""
        found, trace = None, error.__traceback__
        while trace is not None:
            actor = trace.tb_frame.f_locals.get("self")
            names = [name for name, component in self._components.items() if component is actor]
            found, trace = (names[0] if names else found), trace.tb_next
        return found


class _Manager(pluggy.PluginManager):
    """A plugin manager that searches the hundred attributes of a component once a class, and not once an agent."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> pluggy.HookimplOpts | None:
        """Find what an attribute is marked with, if it implements a hook."""
        found = implementations(plugin)
        renamed = any(options["specname"] for options in found.values())
        return super().parse_hookimpl_opts(plugin, name) if name in found or renamed else None


def _checked_again(answer: Any) -> Any:
    """Rebuild an answer, so that it is validated as it is now and not as it was before a wrapper wrote to it."""
    return dataclasses.replace(answer) if dataclasses.is_dataclass(answer) and not isinstance(answer, type) else answer


def _own(value: Any) -> Any:
    """Give a component a frame that it may write to without anybody noticing."""
    return value.copy(deep=False) if isinstance(value, pd.DataFrame) else value


def _kind(answer: object) -> str:
    return "None" if answer is None else f"a {type(answer).__name__}"


def _sentence(agent: str, who: str, hook: str, arguments: Mapping[str, Any], what: str) -> str:
    day = arguments.get("day")
    when = f"matchday {day.number} ({day.date})" if isinstance(day, Matchday) else "no matchday"
    return f"Agent {agent!r}: component {who}, hook {hook!r}, {when}: {what}"
