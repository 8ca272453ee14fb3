"""A matchday decided: the slip, and everything that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchday.actions import Action
from matchday.bets import BetSlip, Edges
from matchday.errors import MatchdayError
from matchday.forecast import Forecast
from matchday.slate import Diagnosis


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one component of the chain answered, or made, as a wrapper, of the answer before it.

    ``frame`` holds, column by column, the probabilities of a ``blend`` (``index`` has the match ids, then a column a
    selection), the candidate bets of ``find_edges``, or ``match_id``, ``selection`` and ``share`` of each bet of
    ``size_stakes``.
    """

    component: str
    hook: str
    frame: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A matchday decided, with everything that led to the slip; ``steps`` are those of the chain, in their order."""

    slip: BetSlip
    forecasts: tuple[Forecast, ...] = ()
    blended: Forecast | None = None
    edges: Edges | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.slip, BetSlip):
            raise MatchdayError(f"Decision: slip is {type(self.slip).__name__}; rule: a BetSlip.")
        for field in ("forecasts", "diagnoses", "actions", "notes", "steps"):
            kind = _CONTENTS[field]
            if not all(isinstance(each, kind) for each in getattr(self, field)):
                raise MatchdayError(f"Decision: {field} holds something else than {kind.__name__}.")
        if not isinstance(self.blended, Forecast | None):
            raise MatchdayError(f"Decision: blended is {type(self.blended).__name__}; rule: a Forecast, or None.")


_CONTENTS: dict[str, type] = {
    "forecasts": Forecast,
    "diagnoses": Diagnosis,
    "actions": Action,
    "notes": str,
    "steps": Step,
}
