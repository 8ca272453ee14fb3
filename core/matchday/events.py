"""What happened, in order. The events of a run suffice to rebuild it.

    SeasonOpened
      MatchdayOpened, Diagnosed*, ForecastMade*, StepTaken*, (Consulted | ActionTaken)*,
      SlipRefused?, SlipPlaced, MatchdaySettled
    SeasonClosed

What is indented is a matchday. ``ComponentFailed`` may stand anywhere in between.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from matchday.actions import Consultation
from matchday.decision import Step
from matchday.forecast import Forecast
from matchday.history import History
from matchday.ledger import Bet, Settlement
from matchday.rules import Rules
from matchday.slate import Diagnosis, Matchday


@dataclass(frozen=True, slots=True, eq=False)
class SeasonOpened:
    """A season begins; all that a plugin may know of it. ``agent`` is the agent's composition.

    ``closing`` names the bookmakers whose quotes are closing prices, ``not_bookmakers`` those of the quotes that nobody
    can bet at, as averages over the market are.
    """

    name: str
    competition: str
    source: str
    clubs: tuple[str, ...]
    rules: Rules
    seed: int
    agent: dict[str, Any]
    history: History
    closing: frozenset[str] = frozenset()
    not_bookmakers: frozenset[str] = frozenset()

    def generator(self, purpose: str) -> np.random.Generator:
        """Make the run's random generator for one purpose (a component's name): same seed, same numbers."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])


@dataclass(frozen=True, slots=True, eq=False)
class MatchdayOpened:
    """A matchday begins with this slate and this bankroll (pence)."""

    day: Matchday
    bankroll: int

    @property
    def matchday(self) -> int:
        """The number of the matchday, from 1."""
        return self.day.number


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A watch observed something."""

    matchday: int
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True, eq=False)
class ForecastMade:
    """A model's forecast, or, with ``blended``, the one that edges were looked for in."""

    matchday: int
    forecast: Forecast
    blended: bool


@dataclass(frozen=True, slots=True, eq=False)
class StepTaken:
    """A component answered a stage of the chain, or made something else, as a wrapper, of the answer before it."""

    matchday: int
    step: Step


@dataclass(frozen=True, slots=True)
class ActionTaken:
    """A component acted on what it saw: refitted, recalibrated, changed its fraction."""

    matchday: int
    component: str
    action: str
    cause: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """A component asked somebody outside, and took the answer, or its absence, into account.

    ``number`` is its place among the actions of the matchday, from 1.
    """

    matchday: int
    number: int
    consultation: Consultation


@dataclass(frozen=True, slots=True)
class SlipPlaced:
    """The day's bets, a forced one marked; ``dropped`` were too small to be bets."""

    matchday: int
    bets: tuple[Bet, ...]
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlipRefused:
    """A slip broke a rule and was refused whole."""

    matchday: int
    reason: str


@dataclass(frozen=True, slots=True)
class MatchdaySettled:
    """The day's bets are paid."""

    matchday: int
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class ComponentFailed:
    """A component raised; ``matchday`` 0 is before the first one. ``place`` is the file and the line, if known."""

    matchday: int
    component: str
    hook: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class SeasonClosed:
    """The season is over; money in pence, ``log_growth`` of the whole season."""

    reason: Literal["completed", "ruined"]
    matchdays: int
    bankroll_start: int
    bankroll_end: int
    log_growth: float


Event = (
    SeasonOpened
    | MatchdayOpened
    | Diagnosed
    | ForecastMade
    | StepTaken
    | ActionTaken
    | Consulted
    | SlipPlaced
    | SlipRefused
    | MatchdaySettled
    | ComponentFailed
    | SeasonClosed
)
