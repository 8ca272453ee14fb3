"""Where in somebody's source a thing stands: its file, named as the module is, and the line.

A message that goes on record must be the same on every machine, so a file is named from its package downwards.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import PurePath
from types import FrameType
from typing import Any

#: Packages whose lines say nothing about a mistake of somebody who uses them.
OURS = frozenset({"matchday", "pydantic", "builtins", "typing", "abc"})


def located(message: str, place: str | None) -> str:
    """Write a place, where it is known, behind what is said of it."""
    return f"{message} ({place})" if place else message


def function_place(function: Any) -> str:
    """Say where a function begins: "home_bias.py, line 22"; "" where it has no source.

    >>> function_place(len), function_place(function_place).partition(",")[0]
    ('', 'matchday/places.py')
    """
    plain = inspect.unwrap(getattr(function, "__func__", function))
    code = getattr(plain, "__code__", None)
    return "" if code is None else _place(plain.__module__, code.co_filename, code.co_firstlineno)


def error_place(error: BaseException, kind: type) -> str:
    """Say at which line of a class's packages an error was raised, the last one of them; "" where that is unknown."""
    packages = {each.__module__.partition(".")[0] for each in kind.__mro__} - OURS
    found = ""
    for frame, line in _frames(error):
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] in packages:
            found = _place(module, frame.f_code.co_filename, line)
    return found


def import_place(error: BaseException) -> str:
    """Say at which line a module failed that was being imported; "" where no line of one had begun to run."""
    places = [
        _place(str(frame.f_globals.get("__name__", "")), frame.f_code.co_filename, line)
        for frame, line in _frames(error)
        if frame.f_code.co_name == "<module>"
    ]
    return places[-1] if places and not isinstance(error, SyntaxError) else ""


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _place(module: str, file: str, line: int) -> str:
    """Name a file by as many of its last folders as its module has packages, and a line of it."""
    path = PurePath(file)
    packages = module.count(".") + (path.stem == "__init__")
    return f"{'/'.join(path.parts[-1 - packages :])}, line {line}"
