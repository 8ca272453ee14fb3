"""A run as it is on record, matchday by matchday, laid out for those who judge it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from matchday.parts import agent_of

#: An event, as it stands in the store.
Event = Mapping[str, Any]

#: A bet: match and selection.
Key = tuple[str, str]

#: A component's answer to a stage: its path in the agent, and the answer's frame, column by column.
Answer = tuple[str, Mapping[str, Any]]


@dataclass(slots=True)
class Chain:
    """What one agent's stages answered on a matchday, in the order of the chain."""

    blends: list[Answer] = field(default_factory=list)
    edges: list[Answer] = field(default_factory=list)
    stakes: list[Answer] = field(default_factory=list)

    def add(self, component: str, hook: str, frame: Mapping[str, Any]) -> None:
        """Put one more answer behind the others of its stage."""
        {"blend": self.blends, "find_edges": self.edges, "size_stakes": self.stakes}[hook].append((component, frame))

    @property
    def candidates(self) -> pd.DataFrame:
        """The candidate bets that were sized: ``match_id, selection, probability, odds, edge``."""
        frame = dict(self.edges[-1][1]) if self.edges else {}
        columns = ("match_id", "selection", "probability", "odds", "edge")
        made = pd.DataFrame({name: frame.get(name, []) for name in columns})
        return made.astype(dict.fromkeys(columns[2:], "float64"))

    @property
    def sized(self) -> list[tuple[str, dict[Key, float]]]:
        """What each component of the staking answered: the share of each bet."""
        return [(who, shares_of(frame)) for who, frame in self.stakes]

    @property
    def sized_last(self) -> dict[Key, float]:
        """The shares with which the chain ended."""
        return shares_of(self.stakes[-1][1]) if self.stakes else {}


class Day:
    """What is on record of one matchday; number 0 holds what belongs to none."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.events: list[Event] = []

    def of(self, kind: str) -> list[Event]:
        """The day's events of a kind, in order."""
        return [each for each in self.events if each["event"] == kind]

    @cached_property
    def opened(self) -> Event:
        """The matchday as the agent was shown it."""
        day: Event = self.of("MatchdayOpened")[0]["day"]
        return day

    @property
    def bankroll(self) -> int:
        """The bankroll in the morning, in pence."""
        return int(self.of("MatchdayOpened")[0]["bankroll"])

    @cached_property
    def chains(self) -> dict[str, Chain]:
        """The chains of the agents that bet, by the agent's path: "" is the agent itself."""
        found: dict[str, Chain] = defaultdict(Chain)
        for event in self.of("StepTaken"):
            step = event["step"]
            found[agent_of(step["component"])].add(step["component"], step["hook"], step["frame"])
        return dict(found)

    @cached_property
    def chosen(self) -> list[Event]:
        """The bets that were placed and that nobody was forced to."""
        return [bet for placed in self.of("SlipPlaced") for bet in placed["bets"] if not bet["forced"]]

    @property
    def odds(self) -> pd.DataFrame:
        """The odds on offer, index ``match_id``, a column a selection."""
        return framed(self.opened["odds"])

    @property
    def fixtures(self) -> pd.DataFrame:
        """Who played whom, and when; index ``match_id``."""
        fixtures = dict(self.opened["fixtures"])
        frame = pd.DataFrame({"home": fixtures["home"], "away": fixtures["away"]}, index=fixtures["index"])
        return frame.assign(kickoff=pd.to_datetime(pd.Series(fixtures["kickoff"], index=frame.index, dtype="object")))


def days_of(lines: Iterable[str]) -> tuple[Event, list[Day]]:
    """Read a run's events: how the season opened, and the matchdays; day 0 is there if anything happened on it."""
    opened: Event = {}
    days: dict[int, Day] = {}
    for event in map(json.loads, lines):
        if event["event"] == "SeasonOpened":
            opened = event
        elif event["event"] != "SeasonClosed":
            number = event["day"]["number"] if event["event"] == "MatchdayOpened" else event["matchday"]
            days.setdefault(number, Day(number)).events.append(event)
    return opened, list(days.values())


def framed(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Make a frame of numbers of a recorded one; null is NaN."""
    index = pd.Index(columns["index"], dtype="str")
    return pd.DataFrame(
        {name: each for name, each in columns.items() if name != "index"}, index=index, dtype=np.float64
    )


def shares_of(frame: Mapping[str, Any]) -> dict[Key, float]:
    """Read the shares of a recorded answer of the staking."""
    keys = zip(frame["match_id"], frame["selection"], strict=True)
    return dict(zip(keys, map(float, frame["share"]), strict=True))
