"""What a bettor may set of a model that it asks: plain values, that import nothing and ask for no work without end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from matchday.component import Component
from matchday.errors import MatchdayError, short

#: How many times its default a whole number may be; what takes a model longer is mostly that.
TIMES = 10

#: The longest list.
LONGEST = 20

#: Names of things. What names a module, a file or an address has a dot, a colon or a slash.
_PLAIN = re.compile(r"[\w -]{0,50}")


def check_plain(name: str, parameters: Mapping[str, Any]) -> None:
    """Raise ``MatchdayError`` for a parameter of a model that is not a number, a name, or a short list of those.

    >>> check_plain("elo", {"k": 5.0})
    >>> check_plain("sklearn", {"estimator": "os:kill"})
    Traceback (most recent call last):
    matchday.errors.MatchdayError: model 'sklearn': estimator = 'os:kill'; rule: numbers, names, and lists of up to 20.
    """
    for key, value in parameters.items():
        several = value if isinstance(value, list) else [value]
        if len(several) > LONGEST or not all(map(_is_plain, [key, *several])):
            told = f"{key} = {short(value)}" if _is_plain(key) else short(key)
            raise MatchdayError(f"model {name!r}: {told}; rule: numbers, names, and lists of up to {LONGEST}.")


def check_size(name: str, component: Component) -> None:
    """Raise ``MatchdayError`` where a whole number, or the sum of a list of them, is far more than its default.

    Such are trees, epochs, units and threads, of which a billion would take the memory or the day of everybody else.
    """
    for key, usual, value in _sizes(component):
        if usual and value > TIMES * usual:
            raise MatchdayError(
                f"model {name!r}: {key} = {value}; rule: at most {TIMES * usual}, {TIMES} times its default."
            )


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, int | float) or (isinstance(value, str) and bool(_PLAIN.fullmatch(value)))


def _sizes(component: Component) -> Iterator[tuple[str, int, int]]:
    """Answer each parameter that is set, with its default and its value as sizes."""
    for key in component.model_fields_set:
        usual = type(component).model_fields[key].get_default(call_default_factory=True)
        yield key, _size(usual), _size(getattr(component, key))


def _size(value: object) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
