"""Calls from an agent to its components: pluggy's own, with answers checked and failures named."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pluggy

from matchday.assembly import answering, implementations
from matchday.errors import AgentError, ComponentError
from matchday.forecast import Forecast
from matchday.hooks import PROJECT, Hooks
from matchday.slate import Matchday

if TYPE_CHECKING:
    from collections.abc import Iterator


class Calls:
    """One plugin manager, made of one agent's components in list order.

    pluggy calls the last registered first, and wraps the first registered innermost. So collected answers are put
    back in list order, and wrappers act in list order as they are.
    """

    def __init__(self, agent: str, components: Mapping[str, Any], *, defaults: Mapping[str, object]) -> None:
        self._agent = agent
        self._components = components
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._register(defaults)

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

    def all(self, hook: str, **arguments: Any) -> None:
        """Tell every component."""
        with self._naming(hook, arguments):
            getattr(self._manager.hook, hook)(**arguments)

    def collect(self, hook: str, kind: type, **arguments: Any) -> dict[str, Any]:
        """Ask every component that implements a hook: ``{component: answer}`` in list order."""
        asked = [name for name, each in self._components.items() if hook in implementations(each)]
        with self._naming(hook, arguments):
            answers = getattr(self._manager.hook, hook)(**arguments)
        if len(answers) != len(asked):
            self._fail(
                " or ".join(map(repr, asked)), hook, arguments, f"answered None; rule: a {kind.__name__}."
            )
        named = dict(zip(asked, reversed(answers), strict=True))
        for name, answer in named.items():
            if not isinstance(answer, kind):
                self._fail(repr(name), hook, arguments, f"answered {_kind(answer)}; rule: a {kind.__name__}.")
            if isinstance(answer, Forecast):
                self.check_rows(hook, answer, arguments["day"], who=name)
        return named

    def one(self, hook: str, kind: type, **arguments: Any) -> Any:
        """Ask the component that answers a stage, through its wrappers."""
        with self._naming(hook, arguments):
            answer = getattr(self._manager.hook, hook)(**arguments)
        if not isinstance(answer, kind):
            self._fail(
                self._who_answers(hook),
                hook,
                arguments,
                f"answered {_kind(answer)}; rule: a {kind.__name__}.",
            )
        return answer

    def check_rows(self, hook: str, forecast: Forecast, day: Matchday, *, who: str = "") -> None:
        """Refuse a forecast whose rows are not the slate's."""
        if not forecast.probabilities.index.equals(day.slate.index):
            self._fail(
                repr(who) if who else self._who_answers(hook),
                hook,
                {"day": day},
                "answered other rows than the slate's; rule: probabilities indexed by day.slate.index, in its order.",
            )

    def _who_answers(self, hook: str) -> str:
        asked = [name for name, each in self._components.items() if hook in implementations(each)]
        return " or ".join(map(repr, asked)) or "'the core'"

    def _fail(self, who: str, hook: str, arguments: Mapping[str, Any], what: str) -> None:
        raise ComponentError(
            _sentence(self._agent, who, hook, arguments, what), component=who.strip("'"), hook=hook
        )

    @contextmanager
    def _naming(self, hook: str, arguments: Mapping[str, Any]) -> Iterator[None]:
        """Turn what a component raises into an error that names it; an inner agent's error has its name already."""
        try:
            yield
        except ComponentError:
            raise
        except Exception as error:
            who = self._culprit(error) or "the core"
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            message = _sentence(self._agent, repr(who), hook, arguments, f"failed: {reason}")
            raise ComponentError(message, component=who, hook=hook) from error

    def _culprit(self, error: Exception) -> str | None:
        """Find the component whose method is the last one in the traceback."""
        found, trace = None, error.__traceback__
        while trace is not None:
            actor = trace.tb_frame.f_locals.get("self")
            names = [name for name, component in self._components.items() if component is actor]
            found, trace = (names[0] if names else found), trace.tb_next
        return found


def _kind(answer: object) -> str:
    return "None" if answer is None else f"a {type(answer).__name__}"


def _sentence(agent: str, who: str, hook: str, arguments: Mapping[str, Any], what: str) -> str:
    day = arguments.get("day")
    when = f"matchday {day.number} ({day.date})" if isinstance(day, Matchday) else "no matchday"
    return f"Agent {agent!r}: component {who}, hook {hook!r}, {when}: {what}"
