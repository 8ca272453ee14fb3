"""What a model says of its inputs, as columns of its forecast's explanation, and how others read it there.

========================= =================================================================================
``novelty_p``             conformal p-value: how often a match of the past would be as unusual; NaN: not known
``novelty_cases``         how many matches of the past that counts, n; the least p-value is 1 / (n + 1)
``novelty_`` + a distance the share of past matches that are less far by it; more than 1: farther than all
========================= =================================================================================

So a model of anybody's may say it, and what it has said is kept and shared with its forecasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchday import Forecast, MatchdayError
from matchday.markets import Array
from matchday_plugins.lens.novelty.score import Novelty

PREFIX = "novelty_"
P, CASES = f"{PREFIX}p", f"{PREFIX}cases"


def novelty_columns(novelty: Novelty | None, inputs: Array, index: pd.Index[str]) -> pd.DataFrame:
    """Answer the columns for a day's inputs (n, d); without a ``novelty``, that nothing is known yet."""
    if novelty is None:
        return pd.DataFrame({P: np.nan, CASES: 0.0}, index=index)
    ranks = novelty.ranks(inputs)
    named = {f"{PREFIX}{name}": rank for name, rank in ranks.items()}
    return pd.DataFrame({P: novelty.p_values(ranks), CASES: float(novelty.cases), **named}, index=index)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a ``model`` said of its inputs of a matchday; ``p`` has a p-value a match, ``cases`` is n.

    ``most`` names, match by match, the distance by which it is the most unusual; "" where the model names none.
    """

    model: str
    cases: int
    p: Mapping[str, float]
    most: Mapping[str, str]

    def unusual(self, p0: float) -> list[str]:
        """Name the matches of a p-value of at most ``p0``."""
        return [match_id for match_id, p in self.p.items() if p <= p0]

    def describe(self, match_id: str) -> str:
        """Say in a line how unusual a match is."""
        by = f", most by {self.most[match_id]}" if self.most[match_id] else ""
        return f"inputs of {self.model!r}: p {self.p[match_id]:.3g} of {self.cases} past matches{by}"


def read(forecasts: Sequence[Forecast], model: str | None) -> Reading | None:
    """Read what a model said, or the first in the list that says anything; None: there is none.

    Raises ``MatchdayError`` on a p-value that is none.
    """
    for forecast in forecasts:
        numbers = forecast.explanation
        if model in {None, forecast.source} and numbers is not None and {P, CASES} <= set(numbers.columns):
            _check(forecast.source, numbers)
            p = dict(zip(numbers.index, numbers[P].tolist(), strict=True))
            return Reading(forecast.source, int(numbers[CASES].min()), p, _most(numbers))
    return None


def _check(model: str, numbers: pd.DataFrame) -> None:
    """Refuse what cannot be a p-value, or the number of cases behind one."""
    for name, most in ((P, 1.0), (CASES, np.finfo(np.float64).max)):
        sound = numbers[name].between(0.0, most) | (numbers[name].isna() & (name == P))
        wrong = numbers[~sound]
        if len(wrong):
            rule = "0 to 1, or NaN for not known" if name == P else "finite, and at least 0"
            said = wrong[name].iloc[0]
            raise MatchdayError(f"Forecast of {model!r} on {wrong.index[0]!r}: {name} is {said:g}; rule: {rule}.")


def _most(numbers: pd.DataFrame) -> dict[str, str]:
    """Name, of each match, the distance by which most of the past is less far."""
    ranks = numbers[[name for name in numbers.columns if str(name).startswith(PREFIX) and name not in {P, CASES}]]
    if ranks.empty:
        return dict.fromkeys(numbers.index, "")
    names = [str(name).removeprefix(PREFIX) for name in ranks.columns]
    largest = np.argmax(ranks.fillna(0.0).to_numpy(dtype=np.float64), axis=1)
    return {match_id: names[place] for match_id, place in zip(numbers.index, largest, strict=True)}
