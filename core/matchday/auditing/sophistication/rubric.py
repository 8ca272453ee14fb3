"""All criteria, in the order in which they are shown; the last ones are what no record can decide."""

from __future__ import annotations

from collections.abc import Mapping

from matchday.auditing.sophistication import chances, conduct, models, stakes
from matchday.auditing.sophistication.criterion import Criterion, Verdict, criterion
from matchday.auditing.sophistication.evidence import Evidence


@criterion(
    "no future information",
    asks="Does nothing depend on results that were not known?",
    decided="Not by a record: `matchday audit lookahead AGENT` replays the agent with another future",
)
def no_future(evidence: Evidence) -> Verdict:
    """Point to the look-ahead detector."""
    name = evidence.run.spec.agent["name"]
    return "not assessable", f"matchday audit lookahead {name} replays it with another future"


@criterion(
    "validated before the season",
    asks="Was the strategy tried on earlier seasons before money was put on it?",
    decided="Not by this run's record: `matchday compare` and `matchday tune` do it, on seasons of the past",
)
def validated(evidence: Evidence) -> Verdict:  # noqa: ARG001
    """Point to comparisons on earlier seasons."""
    return "not assessable", "matchday compare and matchday tune do it, and leave no trace in this run"


@criterion(
    "sound reasons",
    asks="Do features, models and thresholds have reasons that an expert would accept?",
    decided="Not by a record: a person reads the agent's `about`, and its code",
)
def reasons(evidence: Evidence) -> Verdict:  # noqa: ARG001
    """Point to a reader."""
    return "not assessable", "a person has to read the agent's description, and its code"


GROUPS: Mapping[str, tuple[Criterion, ...]] = {
    "stakes": (stakes.kelly, stakes.joint, stakes.cap, stakes.estimation_error),
    "models": (models.dynamic_ability, models.learning, models.promoted, models.calibration, models.nothing_idle),
    "chances": (chances.draws, chances.longshots),
    "conduct": (conduct.multiple_testing, conduct.diagnosis, conduct.sound, conduct.completed, conduct.no_ruin),
    "beyond a record": (no_future, validated, reasons),
}

RUBRIC: tuple[Criterion, ...] = tuple(criterion for group in GROUPS.values() for criterion in group)
