"""Calls from an agent to its components: pluggy's own, each watched over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pluggy

from matchday.assembly import ONE_ANSWERS, answering, implementations
from matchday.decision import Step
from matchday.errors import ComponentError
from matchday.hooks import PROJECT, Hooks
from matchday.supervision import Supervisor


class Calls:
    """One plugin manager, made of one agent's components in list order.

    Where everybody is asked or told, pluggy calls one component after the other, so that the order is the list's.
    Where one answers, pluggy makes one call of the answer and its wrappers; it wraps the first registered innermost,
    so that wrappers too act in list order. ``supervision`` says what happens around each call.
    """

    def __init__(self, agent: str, components: Mapping[str, Any], *, defaults: Mapping[str, object]) -> None:
        self._supervisor = Supervisor(agent)
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        for hook, answer in defaults.items():
            if not answering(components, hook):
                self._manager.register(answer, f"the core's {hook}")
        watched = {name: self._supervisor.watched(name, each) for name, each in components.items()}
        for name, each in watched.items():
            self._manager.register(each, name)
        self._each = {
            hook: {
                name: self._caller(hook, watched[name]) for name in watched if hook in implementations(components[name])
            }
            for hook, one in ONE_ANSWERS.items()
            if not one
        }

    def _caller(self, hook: str, watched: object) -> pluggy.HookCaller:
        """Make a caller of one component that implements a hook."""
        others = [each for each in self._manager.get_plugins() if each is not watched]
        return self._manager.subset_hook_caller(hook, others)

    def limit(self, seconds: float | None) -> None:
        """Let a call take so long and no longer; raises ``MatchdayError`` where it could not be cut off."""
        self._supervisor.limit(seconds)

    @contextmanager
    def traced(self) -> Iterator[list[Step]]:
        """Collect the steps that the stages take meanwhile."""
        steps: list[Step] = []
        self._supervisor.steps = steps
        try:
            yield steps
        finally:
            self._supervisor.steps = None

    def all(self, hook: str, **arguments: Any) -> None:
        """Tell every component, each with frames of its own; the first failure is raised when all have been told."""
        self._supervisor.day = arguments.get("day")
        failures = []
        for caller in self._each[hook].values():
            try:
                caller(**{key: _own(value) for key, value in arguments.items()})
            except ComponentError as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def collect(self, hook: str, **arguments: Any) -> dict[str, Any]:
        """Ask every component that implements a hook: ``{component: answer}`` in list order."""
        self._supervisor.day = arguments.get("day")
        return {name: caller(**arguments)[0] for name, caller in self._each[hook].items()}

    def one(self, hook: str, **arguments: Any) -> Any:
        """Ask the component that answers a stage, through its wrappers."""
        self._supervisor.day = arguments.get("day")
        return getattr(self._manager.hook, hook)(**arguments)


def _own(value: Any) -> Any:
    """Give a component a frame that it may write to without anybody noticing."""
    return value.copy(deep=False) if isinstance(value, pd.DataFrame) else value
