"""A matchday in words that a language model can read: fixtures, prices, forecasts and a digest of the past, as JSON.

The same matchday gives the same text. Its length is bounded: where it would be too long, the least of it is left out
first, and the fixtures of the day last. Nothing in it tells of money.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from matchday import Forecast, Matchday
from matchday.markets import SELECTIONS
from matchday_plugins.language.past import clubs_of, table_of
from matchday_plugins.track_record import fair_prices

#: Numbers of a model's explanation that are told of each match.
EXPLAINED = 8

Digest = dict[str, Any]


def digest_of(day: Matchday, blended: Forecast, forecasts: Sequence[Forecast], *, season: str, longest: int) -> str:
    """Write a matchday of a ``season`` in at most ``longest`` characters, or with one match where that is more."""
    alarms = [f"{each.source}: {each.message or each.measure}" for each in day.diagnoses if each.alarm]
    told: Digest = {"date": str(day.date), "matchday": day.number, "matches": _matches(day, blended, forecasts)}
    told |= {"alarms": alarms} if alarms else {}
    told["clubs"] = clubs_of(day.slate, day.history, season=season)
    told["table"] = table_of(day.history, season=season)
    text = ""
    for shorter in _shorter_and_shorter(told):
        text = json.dumps(shorter, ensure_ascii=False, separators=(",", ":"))
        if len(text) <= longest:
            break
    return text


def _shorter_and_shorter(told: Digest) -> Iterator[Digest]:
    """Answer the digest, and then less and less of it."""
    yield told
    told = {**told, "matches": _each_without("explanation", told["matches"])}
    yield told
    clubs = dict(zip(told["clubs"], _each_without("latest", told["clubs"].values()), strict=True))
    yield {**told, "clubs": clubs}
    told = {name: value for name, value in told.items() if name not in {"clubs", "table"}}
    yield told
    matches = _each_without("models", told["matches"])
    yield {**told, "matches": matches}
    for count in range(len(matches) - 1, 0, -1):
        yield {**told, "matches": matches[:count], "matches_left_out": len(matches) - count}


def _each_without(key: str, tables: Iterable[Digest]) -> list[Digest]:
    return [{name: value for name, value in each.items() if name != key} for each in tables]


def _matches(day: Matchday, blended: Forecast, forecasts: Sequence[Forecast]) -> list[Digest]:
    """Tell of each fixture its odds, what they imply, what the models say, and what the blend does."""
    slate = day.slate
    odds = _by_match(slate.odds.to_numpy(dtype=np.float64), slate.odds.columns, digits=2)
    market = _by_match(fair_prices(slate), SELECTIONS, digits=4)
    blend = _by_match(blended.probabilities.to_numpy(dtype=np.float64), blended.probabilities.columns, digits=4)
    models = {
        each.source: _by_match(each.probabilities.to_numpy(), each.probabilities.columns, 4) for each in forecasts
    }
    reasons = {each.source: _explanation(each) for each in (*forecasts, blended) if each.explanation is not None}
    fixtures = slate.fixtures
    told = []
    for row, (match_id, home, away) in enumerate(zip(fixtures.index, fixtures["home"], fixtures["away"], strict=True)):
        match: Digest = {"match_id": match_id, "home": home, "away": away, "odds": odds[row], "market": market[row]}
        match["blend"] = blend[row]
        match["models"] = {name: said[row] for name, said in models.items() if said[row]}
        match["explanation"] = {name: numbers[row] for name, numbers in reasons.items() if numbers[row]}
        told.append({key: value for key, value in match.items() if value != {}})
    return told


def _by_match(table: np.ndarray, columns: Sequence[str] | pd.Index[str], digits: int) -> list[dict[str, float]]:
    """Write a table row by row: what is known of each match, rounded."""
    names = list(columns)
    return [
        {name: round(value, digits) for name, value in zip(names, row, strict=True) if not math.isnan(value)}
        for row in table.tolist()
    ]


def _explanation(forecast: Forecast) -> list[dict[str, float]]:
    assert forecast.explanation is not None
    first = forecast.explanation.iloc[:, :EXPLAINED]
    return _by_match(first.to_numpy(dtype=np.float64), first.columns, digits=3)
