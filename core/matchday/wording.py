"""Figures, lists and strangers' words as people read them, on the screen, in a report and in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

#: What stands for a figure that is not known.
UNKNOWN = "–"


def figure(value: Any, form: str) -> str:
    """Write a number that may not be known (None, NaN), or be without bound.

    >>> figure(0.0375, ".1%"), figure(None, ".1%"), figure(float("nan"), "+.3f"), figure(float("inf"), ".0f")
    ('3.8%', '–', '–', '∞')
    """
    if value is None or value != value:
        return UNKNOWN
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return format(int(value) if form.endswith("d") else float(value), form)


def listed(words: Iterable[str], *, most: int | None = None) -> str:
    """Join words as a sentence does; of more than ``most`` only the ends, and how many there are.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["2014-15", "2015-16", "2016-17"], most=2)
    ('a', 'a, b and c', '2014-15 to 2016-17 (3)')
    """
    named = list(words)
    if most is not None and len(named) > most:
        return f"{named[0]} to {named[-1]} ({len(named)})"
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def printable(text: str) -> str:
    r"""Put blanks for what no screen, page or file can hold: control characters, line ends, and halves of characters.

    >>> printable("late,\n\x1b[31mtwice \ud800")
    'late,  [31mtwice  '
    """
    return "".join(each if each.isprintable() else " " for each in text)
