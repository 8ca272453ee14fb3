"""What is asked of a run, and what the answer was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matchday.auditing.sophistication.evidence import Evidence

Status = Literal["met", "partly", "not met", "not applicable", "not assessable"]

#: The share of a criterion's points that a status earns; where it is no number, the points are not counted at all.
EARNED: dict[Status, float | None] = {
    "met": 1.0,
    "partly": 0.5,
    "not met": 0.0,
    "not applicable": None,
    "not assessable": None,
}

#: A status, and what it rests on, in a sentence.
Verdict = tuple[Status, str]

#: The share of bets, matchdays or alarms from which on half of a criterion is met.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer to a criterion: ``points`` earned, and the ``evidence`` for it."""

    status: Status
    points: float
    evidence: str

    @property
    def counts(self) -> bool:
        """Whether its points could have been earned."""
        return EARNED[self.status] is not None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is asked of a run, worth so many ``points``; ``decided`` says by what."""

    name: str
    points: int
    asks: str
    decided: str
    judge: Callable[[Evidence], Verdict]

    def assess(self, evidence: Evidence) -> Assessment:
        """Judge a run."""
        status, why = self.judge(evidence)
        return Assessment(status, self.points * (EARNED[status] or 0.0), why)


def criterion(
    name: str, *, points: int = 1, asks: str, decided: str
) -> Callable[[Callable[[Evidence], Verdict]], Criterion]:
    """Make a criterion of the function that judges it."""
    return lambda judge: Criterion(name, points, asks, decided, judge)


def by_share(share: float) -> Status:
    """Answer the status of something that holds in a share of the cases.

    >>> by_share(1.0), by_share(0.6), by_share(0.2)
    ('met', 'partly', 'not met')
    """
    return "met" if share >= 1.0 else "partly" if share >= HALF else "not met"
