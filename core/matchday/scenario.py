"""A scenario: a named season with the bankroll it is played from, and what others have published of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Published:
    """An agent's results as its authors published them; None where they did not.

    ``roi`` is the mean over its ``plays``, ``roi_best`` and ``roi_worst`` their extremes, as shares: −0.079 is −7.9 %.
    ``excess_log_loss`` is the model's log-loss minus the market's on the bets placed, in nats.
    """

    name: str
    kind: Literal["language model", "human-style baseline"]
    roi: float | None = None
    roi_best: float | None = None
    roi_worst: float | None = None
    ruined: bool | None = None
    bets: int | None = None
    sharpe: float | None = None
    excess_log_loss: float | None = None
    plays: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A season, its source's name, the starting bankroll in currency units, and whether it trains or tests agents.

    ``published`` are results that others have published of it, and ``publication`` says where.
    """

    title: str
    season: str
    bankroll: float
    split: str
    source: str
    competition: str = "E0"
    published: tuple[Published, ...] = ()
    publication: str = ""
