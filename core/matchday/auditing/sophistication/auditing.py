"""The sophistication audit: what a run's record, and its components' traits, say of how well it was thought through."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from matchday.agent import Agent
from matchday.auditing.remaking import remade
from matchday.auditing.sophistication.criterion import Assessment, Criterion
from matchday.auditing.sophistication.evidence import Evidence
from matchday.auditing.sophistication.record import days_of
from matchday.auditing.sophistication.rubric import GROUPS, RUBRIC
from matchday.comparison.comparison import composition
from matchday.comparison.replaying import season_of
from matchday.errors import MatchdayError, StoreError
from matchday.parts import Part, parts_of
from matchday.season import Season
from matchday.store import Run, Store


@dataclass(frozen=True, slots=True)
class Audit:
    """A run's criteria and their assessments; ``run.summary`` has the money, which no point depends on."""

    run: Run
    rows: tuple[tuple[Criterion, Assessment], ...]

    @property
    def points(self) -> float:
        """The points that were earned."""
        return sum(earned for earned, _ in self.groups.values())

    @property
    def possible(self) -> int:
        """The points that could have been: those of criteria that apply and that the record decides."""
        return sum(possible for _, possible in self.groups.values())

    @property
    def groups(self) -> dict[str, tuple[float, int]]:
        """The points that were earned and that could have been, by group; without groups in which none could."""
        found = dict(self.rows)
        counted = {name: [(found[each], each.points) for each in group] for name, group in GROUPS.items()}
        added = {
            name: (sum(each.points for each, _ in pairs), sum(points for each, points in pairs if each.counts))
            for name, pairs in counted.items()
        }
        return {name: pair for name, pair in added.items() if pair[1]}

    def frame(self) -> pd.DataFrame:
        """Tabulate it, a row a criterion: ``status, points, of, evidence``."""
        rows = [
            (assessment.status, assessment.points, criterion.points, assessment.evidence)
            for criterion, assessment in self.rows
        ]
        index = pd.Index([criterion.name for criterion, _ in self.rows], name="criterion", dtype="str")
        return pd.DataFrame(rows, index=index, columns=["status", "points", "of", "evidence"])


def audit(store: Store, run_id: str, *, agent: Agent | None = None, season: Season | None = None) -> Audit:
    """Audit a run of the store; its id may be cut short to the digits that only it has.

    ``agent`` and ``season`` are needed where they were made in Python, and can not be made again from the record. What
    cannot be had is said by the criteria that need it. Raises ``StoreError`` for a run that is not there, for an agent
    or a season that is not what was played.
    """
    run = store.run(run_id)
    evidence = _evidence(store, run, agent, season)
    return Audit(run, tuple((criterion, criterion.assess(evidence)) for criterion in RUBRIC))


def _evidence(store: Store, run: Run, agent: Agent | None, season: Season | None) -> Evidence:
    opened, days = days_of(store.events(run.id))
    missing: dict[str, str] = {}
    parts: tuple[Part, ...] | None = None
    try:
        parts = tuple(parts_of(_agent(run, agent)))
    except StoreError:
        raise
    except MatchdayError as error:
        missing["parts"] = f"its components cannot be made again: {error}"
    if season is None and run.spec.source_parameters is None:
        missing["season"] = "its season was made in Python, and not given: audit(store, run_id, season=...)"
    elif season is None:
        try:
            season = season_of(run)
        except MatchdayError as error:
            missing["season"] = f"its season cannot be loaded: {error}"
    elif season.fingerprint != run.spec.data:
        raise StoreError(f"Run {run.id!r} was not played on this season ({season.fingerprint}); give that one.")
    return Evidence(run, opened, days, parts, season, missing, _variants(store, run))


def _agent(run: Run, agent: Agent | None) -> Agent:
    if agent is None:
        return remade(run.spec.agent, where=f"Run {run.id!r}")
    if agent.spec() != run.spec.agent:
        raise StoreError(
            f"Run {run.id!r} was not played by this agent, {agent.name!r}; give the one that is on record."
        )
    return agent


def _variants(store: Store, run: Run) -> int:
    """Count the agents of this name that have played this season, by what they are made of."""
    mine = run.spec
    return len(
        {
            composition(spec.agent)
            for spec in store.specs()
            if (spec.agent["name"], spec.season, spec.source, spec.competition)
            == (mine.agent["name"], mine.season, mine.source, mine.competition)
        }
    )
