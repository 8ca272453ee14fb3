"""The chain behind a matchday's bets: who forecast what, what the blend made of it, which edges, and which stakes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matchday.markets import SELECTIONS
from matchday.wording import figure

#: A selection of a match.
Key = tuple[str, str]

#: Who answered, and what, selection by selection.
Said = tuple[str, Mapping[Key, float | None]]

THEN = " -> "

#: What stands between an agent's name and that of a component inside it.
AGENT = "/"


@dataclass(slots=True)
class Chain:
    """A matchday's forecasts, and the steps from them to the slip, as they are on record.

    Steps inside an agent of agents have the agent's name before their own, as "agent/component"; their shares are of
    its own part of the bankroll.
    """

    models: list[Said] = field(default_factory=list)
    blends: list[Said] = field(default_factory=list)
    edges: list[Said] = field(default_factory=list)
    stakes: list[Said] = field(default_factory=list)

    @classmethod
    def of(cls, events: Iterable[Mapping[str, Any]]) -> Chain:
        """Read a matchday's events."""
        chain, blended = cls(), None
        for event in events:
            match event:
                case {"event": "ForecastMade", "forecast": forecast, "blended": last}:
                    said = (str(forecast["source"]), _by_column(forecast["probabilities"]))
                    blended = said if last else blended
                    chain.models += [] if last else [said]
                case {"event": "StepTaken", "step": {"component": who, "hook": hook, "frame": frame}}:
                    chain._step(who, hook, frame)
        if blended is not None and not chain.blends:  # a model alone, or agents of whose inside nothing is on record
            (chain.blends if chain.models else chain.models).append(blended)
        return chain

    def _step(self, who: str, hook: str, frame: Mapping[str, Any]) -> None:
        match hook:
            case "blend" if AGENT not in who:  # what an agent inside blends is its forecast
                self.blends.append((who, _by_column(frame)))
            case "find_edges":
                self.edges.append((who, _by_row(frame, "edge")))
            case "size_stakes":
                self.stakes.append((who, _by_row(frame, "share")))

    def behind(self, key: Key) -> str:
        """Say what led to a bet; "" where its probability and its share say it all."""
        models = [f"{who} {figure(values[key], '.3f')}" for who, values in self.models if key in values]
        blends = _told([(who, _probability(values.get(key))) for who, values in self.blends])
        betting = {_agent(who) for who, values in self.stakes if key in values}
        stakes = _told([(who, _share(values.get(key))) for who, values in self.stakes if _agent(who) in betting])
        if len(models) < 2 and THEN not in blends + stakes and not (models and blends):
            return ""
        return "; ".join(filter(None, [THEN.join(filter(None, [", ".join(models), blends])), stakes]))

    def totals(self) -> list[tuple[str, str]]:
        """Say in a line each, behind a label, how many edges there were and what was staked, and who changed it."""
        found = {_agent(who) for who, values in self.edges if values}
        edges = _told([(who, str(len(values))) for who, values in self.edges])
        stakes = _told([(who, _total(values)) for who, values in self.stakes if _agent(who) in found])
        return [(label, text) for label, text in (("edges", edges), ("stakes", stakes)) if text]

    def left(self) -> list[tuple[Key, str]]:
        """List the candidates without a bet, and who left them out or gave them nothing."""
        found = []
        for path in dict.fromkeys(_agent(who) for who, _ in self.edges):
            steps = [each for each in (*self.edges, *self.stakes) if _agent(each[0]) == path]
            for key, edge in steps[0][1].items():
                out = next((who for who, values in steps[1:] if key not in values), None)
                found += [] if out is None else [(key, f"{figure(edge, '+.1%')} ({out})")]
        return found

    def forecasts(self) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        """List, match by match, who said what of each selection, models first; three decimals."""
        said = [*self.models, *self.blends]
        matches = dict.fromkeys(match_id for _, values in said for match_id, _ in values)
        return [(each, [(who, _row(values, each)) for who, values in said]) for each in matches]


def _by_column(frame: Mapping[str, Any]) -> dict[Key, float | None]:
    return {
        (match_id, name): value
        for name in SELECTIONS
        if name in frame
        for match_id, value in zip(frame["index"], frame[name], strict=True)
    }


def _by_row(frame: Mapping[str, Any], column: str) -> dict[Key, float | None]:
    return dict(zip(zip(frame["match_id"], frame["selection"], strict=True), frame[column], strict=True))


def _row(values: Mapping[Key, float | None], match_id: str) -> list[str]:
    return [_probability(values[match_id, name]) if (match_id, name) in values else "" for name in SELECTIONS]


def _agent(who: str) -> str:
    """Name the agent inside which somebody is; "": in no other one."""
    return who.rpartition(AGENT)[0]


def _told(steps: Sequence[tuple[str, str]]) -> str:
    """Say who made it what, one step after the other, agent by agent; who changed nothing is left out."""
    chains: dict[str, list[str]] = {}
    before: dict[str, str] = {}
    for who, now in steps:
        path, name = _agent(who), who.rpartition(AGENT)[2]
        told = chains.setdefault(path, [])
        told += [f"{name} {now}"] if now != before.get(path) else []
        before[path] = now
    return "; ".join(f"{path}: {THEN.join(each)}" if path else THEN.join(each) for path, each in chains.items())


def _total(shares: Mapping[Key, float | None]) -> str:
    return f"{_share(sum(map(_number, shares.values())))} on {len(shares)}"


def _number(value: float | None) -> float:
    return 0.0 if value is None else value


def _probability(value: float | None) -> str:
    return figure(value, ".3f")


def _share(value: float | None) -> str:
    return f"{_number(value):.2%}"
