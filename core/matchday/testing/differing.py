"""Where two plays part: the first event that differs, and the first figure in it that does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def first_difference(before: Sequence[str], after: Sequence[str]) -> str | None:
    """Say in words where two sequences of encoded events part, as far as both go; None: they do not.

    >>> first_difference(['{"event":"A","matchday":1,"x":1}'], ['{"event":"A","matchday":1,"x":2}'])
    'matchday 1, A, x: 1, then 2'
    >>> first_difference(['{"event":"A","x":0.5}'], ['{"event":"A","x":0.5000000000000001}'])
    'A, x: 0.5, then 0.5000000000000001, as sums differ whose order does (threads, sets)'
    """
    for mine, other in zip(before, after, strict=False):
        if mine != other:
            return _told(json.loads(mine), json.loads(other))
    return None


def _told(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    day = f"matchday {before['matchday']}, " if before.get("matchday") else ""
    if before["event"] != after["event"]:
        return f"{day}{_title(before)}, then {_title(after)}"
    path, mine, other = next(_parting(before, after, ()))
    where, words = f"{day}{_title(before)}, {_place(path, before)}", (_short(mine), _short(other))
    if words[0] == words[1]:
        return f"{where}: {mine}, then {other}, as sums differ whose order does (threads, sets)"
    return f"{where}: {words[0]}, then {words[1]}"


def _title(event: Mapping[str, Any]) -> str:
    """Name an event as people do."""
    if event["event"] == "ForecastMade":
        return f"{'blended forecast' if event['blended'] else 'forecast'} of {event['forecast']['source']!r}"
    words = {"SlipPlaced": "slip", "SlipRefused": "refused slip", "Diagnosed": "diagnosis", "ActionTaken": "action"}
    return words.get(event["event"], str(event["event"]))


def _parting(mine: Any, other: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    if isinstance(mine, dict) and isinstance(other, dict):
        for key in {**mine, **other}:
            yield from _parting(mine.get(key), other.get(key), (*path, key))
    elif isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        for place, (one, two) in enumerate(zip(mine, other, strict=True)):
            yield from _parting(one, two, (*path, place))
    elif mine != other:
        yield path, mine, other


def _place(path: Sequence[Any], event: Any) -> str:
    """Write where a figure stands, with the match that its row is about."""
    match, node = "", event
    for step in path:
        if isinstance(node, dict) and "index" in node and isinstance(path[-1], int):
            match = f"{node['index'][path[-1]]}, "
        node = node[step] if isinstance(node, list) else node.get(step)
        if isinstance(node, dict) and "match_id" in node:
            match = f"{node['match_id']}, "
    words = [str(each) for each in path if isinstance(each, str) and each not in {"forecast", "probabilities", "bets"}]
    return f"{match}{' '.join(words) or 'bets'}"


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return f"{len(value)} of them"
    return repr(value) if isinstance(value, str) else "none" if value is None else str(value)
