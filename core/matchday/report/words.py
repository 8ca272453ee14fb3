"""Names, intervals and counts as a report writes them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from matchday.wording import figure

#: Names of the groups and selections for people to read; those that are not here are read as they are.
NAMES = {
    "home": "home win",
    "draw": "draw",
    "away": "away win",
    "over_2_5": "over 2.5 goals",
    "under_2_5": "under 2.5 goals",
    "match_result": "1X2",
    "total_goals_2_5": "over or under 2.5 goals",
    "longshots": "longshots (odds of 5 and more)",
}


def span(low: Any, high: Any, form: str) -> str:
    """Write an interval; nothing where neither end is known.

    >>> span(-0.1, 0.25, "+.1%"), span(float("nan"), None, ".1%")
    ('-10.0% to +25.0%', '')
    """
    if pd.isna(low) and pd.isna(high):
        return ""
    return f"{figure(low, form)} to {figure(high, form)}"


def named(word: str) -> str:
    """Name a group or a selection.

    >>> named("over_2_5"), named("2 to 3")
    ('over 2.5 goals', '2 to 3')
    """
    return NAMES.get(word, word)


def count(number: int, one: str, many: str = "") -> str:
    """Count things in words.

    >>> count(1, "play"), count(1200, "play"), count(2, "match", "matches")
    ('1 play', '1,200 plays', '2 matches')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def rounded(values: Iterable[Any], digits: int = 4) -> list[float | None]:
    """Round numbers to so many significant digits for a chart; NaN and infinity are None, and the chart leaves a gap.

    >>> rounded([1 / 3, 123.456789, float("nan"), 0.0], 3)
    [0.333, 123.0, None, 0.0]
    """
    array = np.asarray(list(values), dtype=np.float64)
    return [float(f"{value:.{digits}g}") if math.isfinite(value) else None for value in array.tolist()]
