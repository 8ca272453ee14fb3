"""An opinion as a model writes it, read with patience; and what of it can be acted on.

    p'_j ∝ p_j · e^{s_j}        s: the shifts of one market's selections, 0 where none is asked for

Where one selection of a market is shifted, its log-odds move by exactly its shift, and the others keep their ratio.
Where several are, no log-odds move by more than max s − min s; shifts that lie further apart than the bound are scaled
down together.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field, ValidationError

from matchday.errors import MatchdayError, explain
from matchday.markets import MARKET_OF, SELECTIONS, Market
from matchday_plugins.language.replies import short_line

#: What stands for all selections of a match in a veto.
WHOLE_MATCH = "all"

#: Characters of an answer that are looked at, the last ones.
LONGEST_ANSWER = 50_000


class Nonsense(MatchdayError):
    """An answer that is no opinion; says why, in one line."""


class Adjustment(BaseModel):
    """A probability to be moved: ``log_odds`` is what is added to its log-odds."""

    match_id: str
    selection: str = Field(json_schema_extra={"enum": list(SELECTIONS)})
    log_odds: float
    reason: str = ""


class Veto(BaseModel):
    """A bet that is not to be placed, or, of "all" selections, a match on which none is."""

    match_id: str
    selection: str = Field(WHOLE_MATCH, json_schema_extra={"enum": [*SELECTIONS, WHOLE_MATCH]})
    reason: str = ""


class Written(BaseModel):
    """The answer that is asked for."""

    adjustments: list[Adjustment] = Field(default_factory=list)
    vetoes: list[Veto] = Field(default_factory=list)


def schema() -> dict[str, Any]:
    """Answer the JSON schema of an opinion, in which everything is needed and nothing else allowed."""
    made = Written.model_json_schema()
    for each in (made, *made["$defs"].values()):
        each |= {"required": list(each["properties"]), "additionalProperties": False}
        for field in each["properties"].values():
            field.pop("default", None)
    return made


def read(text: str) -> Written:
    r"""Read an answer, in a fence or among other words too; raises ``Nonsense``.

    >>> read('Here: ```json\n{"vetoes": [{"match_id": "A v B", "reason": "injuries"}]}\n```').vetoes[0].selection
    'all'
    """
    found = [each for each in _objects(text[-LONGEST_ANSWER:]) if {"adjustments", "vetoes"} & each.keys()]
    if not found:
        raise Nonsense("there is no JSON object with adjustments or vetoes in it")
    try:
        return Written.model_validate(found[-1])
    except ValidationError as error:
        raise Nonsense(explain(error)) from None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Find the JSON objects in a text, in their order: who thinks aloud may write several, the answer last."""
    place = text.find("{")
    while place >= 0:
        try:
            found, end = json.JSONDecoder().raw_decode(text, place)
            yield found
        except (ValueError, RecursionError):
            end = place + 1
        place = text.find("{", end)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What can be acted on: shifts and their reasons by match and selection, vetoes, and what was left out or cut."""

    shifts: Mapping[tuple[str, str], float]
    reasons: Mapping[tuple[str, str], str]
    vetoes: Mapping[tuple[str, str], str]
    corrections: tuple[str, ...] = ()

    def vetoed(self, match_id: str, selection: str) -> str | None:
        """Say why a bet is vetoed; None: it is not."""
        whole = self.vetoes.get((match_id, WHOLE_MATCH))
        return self.vetoes.get((match_id, selection), whole)


#: What stands where nobody has an opinion.
SILENT = Opinion({}, {}, {})


def weighed(written: Written, probabilities: pd.DataFrame, *, bound: float) -> Opinion:
    """Hold an answer against a forecast (index match ids, columns selections): what is left of it within ``bound``."""
    corrections: list[str] = []
    shifts: dict[tuple[str, str], float] = {}
    reasons: dict[tuple[str, str], str] = {}
    for each in written.adjustments:
        where = (each.match_id, each.selection)
        if problem := _problem(where, probabilities) or _no_shift(each, where in shifts):
            corrections.append(f"{each.match_id!r} {each.selection}: {problem}")
        else:
            shifts[where], reasons[where] = each.log_odds, _short(each.reason)
    vetoes: dict[tuple[str, str], str] = {}
    for veto in written.vetoes:
        if problem := _unknown(veto, probabilities.index):
            corrections.append(f"veto of {veto.match_id!r} {veto.selection}: {problem}")
        else:
            vetoes.setdefault((veto.match_id, veto.selection), _short(veto.reason))
    bounded = dict(_bounded(shifts, bound, corrections))
    return Opinion(bounded, reasons, vetoes, tuple(map(_short, corrections)))


def shift_table(shifts: Mapping[tuple[str, str], float], index: pd.Index[str], market: Market) -> np.ndarray:
    """Lay shifts out as a table (n, k): one row a match, one column a selection of the market."""
    return np.array([[shifts.get((each, name), 0.0) for name in market.selections] for each in index.tolist()])


def _problem(where: tuple[str, str], probabilities: pd.DataFrame) -> str:
    match_id, selection = where
    if match_id not in probabilities.index:
        return "there is no such match today"
    if selection not in MARKET_OF:
        return "there is no such selection"
    if selection not in probabilities.columns or pd.isna(probabilities[selection][match_id]):
        return "the forecast has no opinion to be moved"
    return ""


def _no_shift(adjustment: Adjustment, twice: bool) -> str:
    if twice:
        return "adjusted twice; the first one counts"
    return "" if math.isfinite(adjustment.log_odds) else f"log_odds is {adjustment.log_odds}; rule: a number"


def _unknown(veto: Veto, index: pd.Index[str]) -> str:
    if veto.match_id not in index:
        return "there is no such match today"
    return "" if veto.selection in {*SELECTIONS, WHOLE_MATCH} else "there is no such selection"


def _bounded(
    shifts: Mapping[tuple[str, str], float], bound: float, corrections: list[str]
) -> Iterator[tuple[tuple[str, str], float]]:
    """Scale the shifts of each market down to where no log-odds move by more than the bound, and say so."""
    for (match_id, selection), shift in shifts.items():
        market = [shifts.get((match_id, name), 0.0) for name in MARKET_OF[selection].selections]
        spread = max(market) - min(market)
        scaled = shift if spread <= bound else shift * (bound / spread)
        if scaled != shift:
            corrections.append(f"{match_id!r} {selection}: {shift:+.3f} cut to {scaled:+.3f}, the bound is {bound:g}")
        if scaled:
            yield (match_id, selection), scaled


def _short(text: str) -> str:
    """Write a reason in one line of bounded length."""
    return short_line(text) or "no reason given"
