"""What happens around each call of a component: its time is limited, its answer checked, its failure named.

pluggy composes the calls. What it is handed in place of a component has a function for each of its hooks, which makes
one call and looks at what comes of it; so a mistake is found where it is made, and nobody is blamed for the one before.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, NoReturn

from matchday.answers import ANSWERS, wrong_contents, wrong_kind
from matchday.assembly import implementations
from matchday.bets import EDGE_COLUMNS
from matchday.decision import Step
from matchday.errors import ComponentError, one_line
from matchday.hooks import hookimpl
from matchday.places import error_place, function_place
from matchday.slate import Matchday
from matchday.timelimit import OutOfTime, check_possible, time_limit


class Supervisor:
    """Watches over the calls of one agent's components on a ``day``, if it is one.

    ``seconds`` limits each of them. ``steps`` collects the answers of the stages, where it is a list.
    """

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.day: Matchday | None = None
        self.seconds: float | None = None
        self.steps: list[Step] | None = None

    def limit(self, seconds: float | None) -> None:
        """Let a call take so long and no longer; raises ``MatchdayError`` where it could not be cut off."""
        if seconds is not None:
            check_possible(seconds)
        self.seconds = seconds

    def watched(self, name: str, component: object) -> object:
        """Answer what pluggy is handed in place of a component: its hooks, each call of them watched over."""
        watched = _Watched()
        for hook, options in implementations(component).items():
            post = _Post(self, name, component, hook)
            setattr(watched, hook, hookimpl(**options)(post.wrapper() if options.get("wrapper") else post.plain()))
        return watched


class _Watched:
    """Stands for a component where pluggy sees it."""


class _Post:
    """Where one hook of one component is watched."""

    def __init__(self, supervisor: Supervisor, name: str, component: object, hook: str) -> None:
        self._supervisor, self._name, self._hook = supervisor, name, hook
        self._kind = type(component)
        self._call: Callable[..., Any] = getattr(component, hook)

    def plain(self) -> Callable[..., Any]:
        """Make the function that stands for the hook."""

        @functools.wraps(self._call)
        def call(*arguments: Any, **optional: Any) -> Any:
            with self._working():
                answer = self._call(*arguments, **optional)
            return self._passed(answer)

        return call

    def wrapper(self) -> Callable[..., Generator[None, Any, Any]]:
        """Make the wrapper that stands for the hook, and hands on to the component's own what it is handed."""

        @functools.wraps(self._call)
        def call(*arguments: Any, **optional: Any) -> Generator[None, Any, Any]:
            with self._working():
                inside = self._call(*arguments, **optional)
                if next(inside, inside) is inside:
                    self._fail("returned before it yielded; rule: answer = yield, once, whatever the day")
            try:
                handed = yield
            except Exception as error:
                answer = self._end_of(inside, functools.partial(inside.throw, error))
            except BaseException:  # somebody stops the play, which is nothing that a wrapper may mend
                with suppress(Exception):
                    inside.close()
                raise
            else:
                answer = self._end_of(inside, functools.partial(inside.send, handed))
            return self._passed(answer)

        return call

    def _end_of(self, inside: Generator[None, Any, Any], go_on: Callable[[], None]) -> Any:
        """Let a wrapper go on after its yield, and answer what it returns."""
        with self._working():
            try:
                go_on()
            except StopIteration as done:
                return done.value
        inside.close()
        return self._fail("yielded twice; rule: answer = yield, once, then return an answer")

    def _passed(self, answer: Any) -> Any:
        """Check an answer, as it is now and not as it was before somebody wrote to it, and put it among the steps."""
        if self._hook not in ANSWERS:
            return None
        if wrong := wrong_kind(self._hook, answer):
            self._fail(f"answered {wrong}")
        if isinstance(answer, list):
            return answer
        with self._working():
            answer = _checked_again(answer)
        if wrong := wrong_contents(answer, self._supervisor.day):
            self._fail(f"answered {wrong}")
        self._trace(answer)
        return answer

    def _trace(self, answer: Any) -> None:
        """Put an answer among the steps, if it is another one than that before it."""
        steps = self._supervisor.steps
        frame = None if steps is None else _frame(self._hook, answer)
        if steps is None or frame is None:
            return
        if not (steps and steps[-1].hook == self._hook and steps[-1].frame == frame):
            steps.append(Step(self._name, self._hook, frame))

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Limit what the component does, and name it where it fails; an inner agent's error has its name already."""
        seconds = self._supervisor.seconds
        try:
            with nullcontext() if seconds is None else time_limit(seconds):
                yield
        except (ComponentError, KeyboardInterrupt):
            raise
        except OutOfTime as error:
            rule = f"was cut off after {seconds:g} s; rule: call_seconds {seconds:g}"
            self._fail(rule, place=error_place(error, self._kind))
        except BaseException as error:  # whatever a stranger's code raises, a way out of the program among it
            raise self._error(f"failed: {one_line(error)}", error_place(error, self._kind)) from error

    def _fail(self, what: str, *, place: str | None = None) -> NoReturn:
        raise self._error(what, function_place(self._call) if place is None else place) from None

    def _error(self, what: str, place: str) -> ComponentError:
        day = self._supervisor.day
        when = f"matchday {day.number} ({day.date})" if day else "no matchday"
        head = f"Agent {self._supervisor.agent!r}: component {self._name!r}, hook {self._hook!r}, {when}"
        return ComponentError(f"{head}: {what}", component=self._name, hook=self._hook, place=place)


def _checked_again(answer: Any) -> Any:
    """Rebuild an answer, which checks it."""
    return dataclasses.replace(answer)


def _frame(hook: str, answer: Any) -> dict[str, list[Any]] | None:
    """Answer what goes on record of a stage's answer, so that nobody can change it any more."""
    if hook == "blend":
        p = answer.probabilities
        return {"index": p.index.tolist(), **dict(zip(p.columns, p.to_numpy().T.tolist(), strict=True))}
    if hook in _COLUMNS:
        return {name: answer.bets[name].tolist() for name in _COLUMNS[hook]}
    return None


_COLUMNS = {"find_edges": EDGE_COLUMNS, "size_stakes": ("match_id", "selection", "share")}
