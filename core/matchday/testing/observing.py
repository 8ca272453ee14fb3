"""A component's class with somebody looking over its shoulder: what each hook is handed, and what became of that."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import Any

from matchday.assembly import implementations
from matchday.component import Component

#: Called with a hook's name and what it is handed, by name; answers what stands around the call.
Around = Callable[[str, dict[str, Any]], AbstractContextManager[None]]


def observed(kind: type[Component], around: Around) -> type[Component]:
    """Derive a class that does the same, each call of a hook inside ``around(hook, arguments)``.

    A wrapper's call has two parts, before its ``yield`` and after; the second is handed the "answer" too.
    """
    hooks = {name: _observed(kind, name, options, around) for name, options in implementations(kind).items()}
    derived: type[Component] = types.new_class(kind.__name__, (kind,), exec_body=lambda body: body.update(hooks))
    derived.__module__ = kind.__module__
    return derived


def _observed(kind: type[Component], hook: str, options: dict[str, Any], around: Around) -> Callable[..., Any]:
    method = getattr(kind, hook)
    names = list(inspect.signature(method).parameters)[1:]

    @functools.wraps(method)
    def call(self: Component, *given: Any) -> Any:
        with around(hook, dict(zip(names, given, strict=False))):
            return method(self, *given)

    @functools.wraps(method)
    def wrapper(self: Component, *given: Any) -> Generator[None, Any, Any]:
        arguments = dict(zip(names, given, strict=False))
        with around(hook, arguments):
            inside = method(self, *given)
            next(inside)
        try:
            answer = yield
        except BaseException as error:
            return _rest(functools.partial(inside.throw, error))
        with around(hook, {**arguments, "answer": answer}):
            return _rest(functools.partial(inside.send, answer))

    return wrapper if options.get("wrapper") else call


def _rest(go_on: Callable[[], Any]) -> Any:
    """Let a wrapper go on to its end, and answer what it returns."""
    try:
        go_on()
    except StopIteration as done:
        return done.value
    raise RuntimeError("a wrapper yields once")
