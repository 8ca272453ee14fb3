"""A scenario: a named season with the bankroll it is played from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """A season, its source's name, the starting bankroll in currency units, and whether it trains or tests agents."""

    title: str
    season: str
    bankroll: float
    split: str
    source: str
    competition: str = "E0"
