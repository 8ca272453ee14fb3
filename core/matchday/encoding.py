"""Events as text: one canonical line of JSON each, the same bytes for the same event."""

from __future__ import annotations

import datetime
import json
import math
from dataclasses import fields
from functools import singledispatch
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from matchday.events import Event
from matchday.forecast import Forecast
from matchday.history import History
from matchday.slate import Matchday

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
#: Types that JSON holds as they are; asking for them first is cheap.
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def encode(event: Event) -> str:
    """Write an event as one line of JSON; NaN becomes null."""
    return _ENCODER.encode({"event": type(event).__name__, **_fields(event)})


def _fields(value: Any) -> dict[str, Any]:
    found = [(each.name, getattr(value, each.name)) for each in fields(value)]
    return {name: each if type(each) in _AS_THEY_ARE else plain(each) for name, each in found}


@singledispatch
def plain(value: Any) -> Any:
    """Turn a value into what JSON can hold."""
    return _fields(value)


@plain.register(str | int | bool | None)
def _as_it_is(value: Any) -> Any:
    return value


@plain.register
def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


@plain.register
def _date(value: datetime.date) -> str:
    return value.isoformat()


@plain.register
def _scalar(value: np.generic) -> Any:
    return plain(value.item())


@plain.register(set | frozenset)
def _set(value: Any) -> list[Any]:
    return sorted((plain(each) for each in value), key=str)


@plain.register(list | tuple)
def _sequence(value: Any) -> list[Any]:
    return [plain(each) for each in value]


@plain.register
def _mapping(value: dict) -> dict[str, Any]:  # type: ignore[type-arg]
    return {str(key): plain(each) for key, each in value.items()}


@plain.register
def _model(value: BaseModel) -> dict[str, Any]:
    return value.model_dump(mode="json")


@plain.register
def _frame(value: pd.DataFrame) -> dict[str, Any]:
    """Write a frame by column, NaN and NaT as null."""
    columns = value.to_numpy(dtype=object).T.tolist()
    named = zip(map(str, value.columns), columns, strict=True)
    return {"index": value.index.tolist(), **{name: list(map(_cell, column)) for name, column in named}}


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str | int) or value is None:
        return value
    return None if pd.isna(value) else str(value)


@plain.register
def _history(value: History) -> dict[str, int]:
    return {"matches": len(value)}


@plain.register
def _matchday(value: Matchday) -> dict[str, Any]:
    return {
        "number": value.number,
        "date": plain(value.date),
        "fixtures": plain(value.slate.fixtures),
        "odds": plain(value.slate.odds),
    }


@plain.register
def _forecast(value: Forecast) -> dict[str, Any]:
    return {
        "source": value.source,
        "probabilities": plain(value.probabilities),
        "standard_error": plain(value.standard_error),
        "explanation": plain(value.explanation),
    }
