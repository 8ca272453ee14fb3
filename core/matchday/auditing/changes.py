"""Where two records of the same matchdays part: the first answer of the chain that is another one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Any

from matchday.money import to_units

Event = dict[str, Any]
#: What is compared of an event: by (match, selection, what exactly), or by as much of that as there is.
Values = dict[tuple[str | None, str | None, str], Any]


@dataclass(frozen=True, slots=True)
class Change:
    """The first answer that is another one: ``matchday``, ``what`` is answered, by which ``component``, about what.

    ``played`` and ``replayed`` are the answers, None where there is none; stakes are in currency units, shares of
    the bankroll.
    """

    matchday: int
    date: str
    what: str
    component: str
    match_id: str | None
    selection: str | None
    played: Any
    replayed: Any


@dataclass(frozen=True, slots=True)
class Chain:
    """Who answers in an agent: its ``models``, agents inside it among them, and who ``decides``, be it the agent."""

    models: Collection[str]
    decides: str = "the agent"

    def first_change(self, honest: Sequence[str], other: Sequence[str]) -> Change | None:
        """Compare events, line by line, and find the first answer that differs, in the order in which they are made.

        ``honest`` may go on where ``other`` ends with a slip, at which the comparison ends.
        """
        last = _day(json.loads(other[-1])) if other else 0
        for mine, theirs in zip_longest(honest[: len(other)], other):
            if mine != theirs:
                events = [json.loads(line) for line in (mine, theirs) if line is not None]
                number = min(map(_day, events)) or last
                return self._answer(number, honest, other) or _unexplained(number, events[0])
        return None

    def _answer(self, number: int, honest: Sequence[str], other: Sequence[str]) -> Change | None:
        """Find the answer that differs on a matchday; None: something differs that is no component's answer."""
        days = [[event for event in map(json.loads, lines) if _day(event) == number] for lines in (honest, other)]
        mine, theirs = (dict(self._answers(events)) for events in days)
        date = next((event["day"]["date"] for event in days[0] if event["event"] == "MatchdayOpened"), "")
        for key in sorted({**mine, **theirs}, key=lambda key: key.rank):
            played, replayed = (_values(side[key]) if key in side else {} for side in (mine, theirs))
            for place in {**played, **replayed}:
                values = played.get(place), replayed.get(place)
                if values[0] != values[1]:
                    match_id, selection, detail = place
                    return Change(number, date, _what(key, detail), key.component, match_id, selection, *values)
            if mine.get(key) != theirs.get(key):
                values = _first_apart(*(_order(side.get(key, {})) for side in (mine, theirs)))
                return Change(number, date, _what(key, "order"), key.component, None, None, *values)
        return None

    def _answers(self, events: Sequence[Event]) -> Iterator[tuple[Key, Event]]:
        """Name a matchday's answers, each with its place in the chain."""
        told, blenders = set(), []
        for event in events:
            if event["event"] == "ForecastMade" and not event["blended"]:
                told.add(event["forecast"]["source"])
            elif event["event"] == "StepTaken" and event["step"]["hook"] == "blend":
                blenders.append(event["step"]["component"])
        own = Counter[tuple[int, str, str]]()
        for event in events:
            found = self._named(event, told, blenders)
            if found is not None:
                own[found] += 1
                yield Key(*found, own[found]), event

    def _named(self, event: Event, told: Collection[str], blenders: Sequence[str]) -> tuple[int, str, str] | None:
        match event:
            case {"event": "ComponentFailed", "component": who}:
                return 0, "failure", who
            case {"event": "Diagnosed", "diagnosis": {"source": who}}:
                return 1, "diagnosis", who
            case {"event": "ForecastMade", "blended": False, "forecast": {"source": who}}:
                return 2, "forecast", who
            case {"event": "ForecastMade", "forecast": {"source": who}}:
                if who in self.models and who not in told and who not in blenders:
                    return 2, "forecast", who
                return 4, "blend", blenders[-1] if blenders else self.decides or who
            case {"event": "StepTaken", "step": {"hook": hook, "component": who}} if hook in _STEPS:
                return (*_STEPS[hook], who)
            case {"event": "SlipRefused"}:
                return 7, "refusal", self.decides
            case {"event": "SlipPlaced"}:
                return 8, "slip", self.decides
            case {"event": "ActionTaken", "component": who}:
                return 9, "action", who
        return None


@dataclass(frozen=True, slots=True)
class Key:
    """An answer's name: its place in the chain, what it is, whose, and which of several that are alike."""

    rank: int
    what: str
    component: str
    number: int


def _unexplained(number: int, event: Event) -> Change:
    return Change(number, "", f"event {event['event']}", "the agent", None, None, None, None)


#: The stages whose steps are on record: their place in the chain, and what is answered.
_STEPS = {"blend": (3, "blend"), "find_edges": (5, "edges"), "size_stakes": (6, "stakes")}


def _day(event: Event) -> int:
    """Answer the matchday of an event; 0 before the first, and for what belongs to none."""
    return int(event.get("matchday") or event.get("day", {}).get("number", 0))


def _what(key: Key, detail: str) -> str:
    return f"{key.what} ({detail})" if detail else key.what


def _values(event: Event) -> Values:
    """Answer what an event says, each figure by itself."""
    match event:
        case {"event": "ForecastMade", "forecast": said}:
            parts = {"": "probabilities", "standard error": "standard_error", "explanation": "explanation"}
            return {key: value for part, name in parts.items() for key, value in _cells(said[name], part)}
        case {"event": "StepTaken", "step": {"hook": "blend", "frame": frame}}:
            return dict(_cells(frame, ""))
        case {"event": "StepTaken", "step": {"frame": frame}}:
            names = [name for name in ("share", "probability", "odds", "edge") if name in frame]
            return dict(_bets(_rows(frame), {name: "" if name == "share" else name for name in names}))
        case {"event": "SlipPlaced", "bets": bets, "notes": notes}:
            stakes = [{**bet, "stake": to_units(bet["stake"])} for bet in bets]
            named = {"stake": "", "reason": "reason"}
            return {**dict(_bets(stakes, named)), (None, None, "notes"): "; ".join(notes) or None}
        case {"event": "Diagnosed", "diagnosis": seen}:
            about = seen["match_id"]
            return {
                (about, None, seen["measure"]): seen["value"],
                (about, None, "alarm"): seen["alarm"],
                (None, None, "text"): seen["message"],
            }
        case {"event": "ActionTaken", "action": action, "cause": cause}:
            return {(None, None, ""): f"{action} ({cause})"}
        case {"event": "ComponentFailed", "message": message} | {"event": "SlipRefused", "reason": message}:
            return {(None, None, ""): message}
    return {}


def _cells(frame: Mapping[str, Any] | None, part: str) -> Iterator[tuple[tuple[str, str | None, str], Any]]:
    """Take a frame apart, match by match; of an explanation a column is a detail, and no selection."""
    columns = {name: values for name, values in (frame or {}).items() if name != "index"}
    for row, match_id in enumerate((frame or {}).get("index", ())):
        for name, values in columns.items():
            yield (match_id, None, name) if part == "explanation" else (match_id, name, part), values[row]


def _rows(frame: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = [name for name in frame if name != "index"]
    return [dict(zip(names, row, strict=True)) for row in zip(*(frame[name] for name in names), strict=True)]


def _order(event: Event) -> list[str]:
    """Name the bets of an answer in the order in which they stand."""
    rows = event["bets"] if "bets" in event else _rows(event.get("step", {}).get("frame", {}))
    return [f"{row['match_id']} {row['selection']}" for row in rows if "selection" in row]


def _first_apart(one: Sequence[str], other: Sequence[str]) -> tuple[str | None, str | None]:
    pairs = zip_longest(one, other)
    return next((pair for pair in pairs if pair[0] != pair[1]), (None, None))


def _bets(
    rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> Iterator[tuple[tuple[str | None, str | None, str], Any]]:
    """Take bets apart; of several on one selection the first speaks for all."""
    ordered = sorted(rows, key=lambda row: (row["match_id"], row["selection"]))
    for (match_id, selection), same in groupby(ordered, key=lambda row: (row["match_id"], row["selection"])):
        first = next(same)
        for name, detail in names.items():
            yield (match_id, selection, detail), first[name]
