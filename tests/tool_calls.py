"""Calls of tools, drawn from the JSON schemas that agents are shown: fit ones, misfits, and those that miss the point.

Strings in braces, as ``{match 3}``, stand for what only the season knows; ``spelled_out`` puts that in.
"""

import json
import re
from typing import Any

from hypothesis import strategies as st

from matchday.environment.tools import TOOLS

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
_NUMBERS = st.integers(0, 400)
_DATES = st.dates().map(str) | _NUMBERS.map("{{date {}}}".format)

#: What agents would say, by the name of the argument; what else its schema allows is drawn besides.
LIKELY = {
    "match_id": st.just("{match}") | _NUMBERS.map("{{match {}}}".format) | _NUMBERS.map("{{later {}}}".format),
    "selection": st.sampled_from(["home", "home", "draw", "away", "over_2_5", "under_2_5"]),
    "stake": st.sampled_from([0.01, 0.05, 0.5, 1, 2.5]),
    "probability": st.none() | st.floats(0, 1),
    "clubs": st.lists(_NUMBERS.map("{{club {}}}".format), max_size=2),
    "player": st.just("") | _NUMBERS.map("{{player {}}}".format),
    "season": st.just("") | st.just("{season}"),
    "since": _DATES,
    "until": _DATES,
    "columns": st.lists(st.sampled_from(["date", "home_goals", "home", "player", "season"]), max_size=3),
    "page": st.integers(1, 3),
    "page_size": st.integers(1, 60),
    "model": st.sampled_from(["market", "elo", "pi-ratings", "sharp"]),
    "parameters": st.just({}),
    "matchday": st.none() | st.integers(1, 120),
}
LIKELY["bets"] = st.lists(
    st.fixed_dictionaries({name: LIKELY[name] for name in ("match_id", "selection", "stake")}), min_size=1, max_size=3
)


def calls() -> st.SearchStrategy[tuple[str, Any]]:
    """Calls as (name, arguments), of every tool, and of what is none."""
    fit = [_call(tool.name, tool.schema) for tool in TOOLS]
    return st.one_of(*fit, *fit, st.just(("cancel_bet", {})), st.tuples(st.text(max_size=12), _JSON))


def spelled_out(arguments: Any, known: dict[str, list[str]]) -> Any:
    """Put what the season knows in place of the strings in braces."""

    def known_of(found: re.Match[str]) -> str:
        names = known[found[1]]
        return names[int(found[2] or 0) % len(names)] if names else "none"

    return json.loads(re.sub(r"\{(\w+)(?: (\d+))?\}", known_of, json.dumps(arguments)))


def _call(name: str, schema: dict[str, Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.tuples(st.just(name), _value(schema, schema.get("$defs", {})))


def _value(schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Draw what a schema allows, of the keywords that the tools' schemas use."""
    if "$ref" in schema:
        return _value(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in schema:
        return st.one_of(*(_value(each, defs) for each in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    lowest = schema.get("minimum", schema.get("exclusiveMinimum"))
    match schema["type"]:
        case "object":
            return _object(schema, defs) if schema.get("properties") else st.dictionaries(st.text(max_size=9), _JSON)
        case "array":
            return st.lists(_value(schema["items"], defs), min_size=schema.get("minItems", 0), max_size=2)
        case "string":
            return st.text(max_size=min(20, schema.get("maxLength", 20)))
        case "integer":
            return st.integers(lowest, schema.get("maximum"))
        case "number":
            return st.floats(lowest, schema.get("maximum"), allow_nan=False)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case other:
            raise AssertionError(f"the tools' schemas have a new type {other!r}")


def _object(schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the properties: what is likely, else what the schema allows, seldom anything; what may be left out is."""
    drawn = {name: _property(name, inner, defs) for name, inner in schema["properties"].items()}
    needed = {name: drawn[name] for name in schema.get("required", ())}
    return st.fixed_dictionaries(needed, optional={name: drawn[name] for name in drawn if name not in needed})


def _property(name: str, schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    fit = _value(schema, defs)
    likely = LIKELY.get(name, fit)
    return st.integers(0, 11).flatmap(lambda n: _JSON if n == 0 else fit if n <= 2 else likely)
