"""Another clock: years ahead, and a day further on at each reading."""

from __future__ import annotations

import datetime
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any
from unittest import mock

import pandas as pd

_DAY = 86_400.0
_YEARS = 1_000 * _DAY


@contextmanager
def another_clock(*packages: str) -> Iterator[None]:
    """Put Python's clock forward while this lasts, as the modules of these packages see it too.

    Changed are ``time``, ``datetime`` and pandas' ``Timestamp.now``, and what the packages' modules have imported from
    them by name. What reads the clock in compiled code, as NumPy's and pandas' "now" do, reads the true one.
    """
    new = _replacements()
    by_identity = {id(getattr(owner, name)): value for (owner, name), value in new.items()}
    with ExitStack() as patches:
        for module in _modules(packages):
            for name, value in list(vars(module).items()):
                if id(value) in by_identity:
                    patches.enter_context(mock.patch.object(module, name, by_identity[id(value)]))
        for (owner, name), value in new.items():
            patches.enter_context(mock.patch.object(owner, name, value))
        yield


def _modules(packages: tuple[str, ...]) -> list[ModuleType]:
    loaded = list(sys.modules.items())
    return [module for name, module in loaded if name.partition(".")[0] in packages and isinstance(module, ModuleType)]


def _replacements() -> dict[tuple[Any, str], Any]:
    """Answer, of what reads the clock, where it is found and what takes its place."""
    readings = itertools.count(1)

    def ahead() -> float:
        return _YEARS + _DAY * next(readings)

    def later(read: Callable[[], float]) -> Callable[[], float]:
        return lambda: read() + ahead()

    def later_ns(read: Callable[[], int]) -> Callable[[], int]:
        return lambda: read() + int(ahead() * 1e9)

    moment = later(time.time)
    readers = ("time", "monotonic", "perf_counter", "process_time")
    new: dict[tuple[Any, str], Any] = {(time, name): later(getattr(time, name)) for name in readers}
    new |= {(time, f"{name}_ns"): later_ns(getattr(time, f"{name}_ns")) for name in readers}
    new |= {(time, name): _at(getattr(time, name), moment) for name in ("localtime", "gmtime", "ctime")}
    new |= {(datetime, "datetime"): _moved_datetime(moment), (datetime, "date"): _moved_date(moment)}
    for name in ("now", "today"):
        new[pd.Timestamp, name] = lambda tz=None: pd.Timestamp(datetime.datetime.now(tz))
    return new


def _at(read: Callable[..., Any], moment: Callable[[], float]) -> Callable[..., Any]:
    return lambda seconds=None: read(moment() if seconds is None else seconds)


def _moved_datetime(moment: Callable[[], float]) -> type:
    true = datetime.datetime

    class _DateTime(true, metaclass=_passing(true)):  # type: ignore[misc,valid-type,metaclass]
        def __new__(cls, *given: Any, **named: Any) -> Any:
            return true(*given, **named)

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return true.fromtimestamp(moment(), tz)

        @classmethod
        def today(cls) -> Any:
            return true.fromtimestamp(moment())

        @classmethod
        def utcnow(cls) -> Any:
            return true.fromtimestamp(moment(), datetime.UTC).replace(tzinfo=None)

    return _DateTime


def _moved_date(moment: Callable[[], float]) -> type:
    true = datetime.date

    class _Date(true, metaclass=_passing(true)):  # type: ignore[misc,valid-type,metaclass]
        def __new__(cls, *given: Any, **named: Any) -> Any:
            return true(*given, **named)

        @classmethod
        def today(cls) -> Any:
            return true.fromtimestamp(moment())

    return _Date


def _passing(true: type) -> type:
    """Make a class of classes that pass for the true one."""

    class _Passes(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, true)

        def __subclasscheck__(cls, kind: type) -> bool:
            return issubclass(kind, true)

    return _Passes
