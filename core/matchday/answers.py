"""What the answer of each hook has to be, and what is wrong with one that is not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.bets import BetSlip, Edges
from matchday.decision import Decision
from matchday.forecast import Forecast
from matchday.placing import real_number
from matchday.slate import Diagnosis, Matchday

#: What a hook's answer has to be, and how one is made; of the other hooks nothing is asked.
ANSWERS: Mapping[str, tuple[type, str]] = {
    "diagnose": (list, "a list of Diagnosis; return [] for nothing unusual"),
    "forecast": (Forecast, "Forecast; return Forecast(frame, source=self.name)"),
    "blend": (Forecast, "Forecast; return Forecast(frame, source=self.name)"),
    "find_edges": (Edges, "Edges; return Edges.where(chosen, slate=day.slate, forecast=forecast)"),
    "size_stakes": (BetSlip, "BetSlip; return edges.slip(shares)"),
    "decide": (Decision, "Decision; return Decision(slip)"),
}


def wrong_kind(hook: str, answer: object) -> str:
    """Say what an answer is that is not what its hook asks for, and what that would be; "": it is."""
    kind, rule = ANSWERS[hook]
    if not isinstance(answer, kind):
        said = "None" if answer is None else f"a {type(answer).__name__}"
    elif isinstance(answer, list) and not all(isinstance(each, Diagnosis) for each in answer):
        said = "a list of something else"
    else:
        return ""
    return f"{said}; rule: {rule}"


def wrong_contents(answer: object, day: Matchday | None) -> str:
    """Say which rows or numbers of an answer make no sense, and the rule; "": none.

    A slip that makes sense may still break a rule of the game, which is judged when it is placed.
    """
    match answer:
        case Forecast() if day and not answer.probabilities.index.equals(day.slate.index):
            return "other rows than the slate's; rule: probabilities indexed by day.slate.index, in its order"
        case Edges():
            return _no_numbers(answer.bets, {"probability": True, "odds": False, "edge": True})
        case BetSlip():
            return _no_numbers(answer.bets, {"share": False})
        case Decision():
            return _no_numbers(answer.slip.bets, {"share": False})
    return ""


def _no_numbers(bets: pd.DataFrame, columns: Mapping[str, bool]) -> str:
    """Say which bet has no finite number in one of the columns; where a column may be open, NaN is no opinion."""
    if not bets.columns.is_unique:
        return "a column twice; rule: one of each"
    for column, may_be_open in columns.items():
        if _are_numbers(bets[column].to_numpy(), may_be_open):
            continue
        for place, value in enumerate(bets[column].tolist()):
            if math.isfinite(real_number(value)) or (may_be_open and _is_open(value)):
                continue
            match_id, selection = bets["match_id"].iloc[place], bets["selection"].iloc[place]
            rule = "a finite number" + (", or NaN for no opinion" if may_be_open else "")
            return f"{column} {value!r} for {match_id!r} {selection!r}; rule: {rule}"
    return ""


def _are_numbers(values: npt.NDArray[Any], may_be_open: bool) -> bool:
    """Tell a column of numbers that are all in order at a glance."""
    if values.dtype.kind not in "fiu":
        return False
    return bool((np.isfinite(values) | np.isnan(values) if may_be_open else np.isfinite(values)).all())


def _is_open(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))
