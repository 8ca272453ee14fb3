"""The tasks of a comparison: made when a worker is free, so that only a few seasons are in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchday.agent import Agent
from matchday.comparison.measures import Record
from matchday.comparison.schedule import Schedule
from matchday.comparison.sharing import share_models
from matchday.comparison.working import OnRecord, Task
from matchday.episode import Episode
from matchday.errors import MatchdayError
from matchday.season import Season
from matchday.spec import RunSpec
from matchday.store import Store

if TYPE_CHECKING:
    from matchday.comparison.gathering import Gathering


@dataclass(slots=True, eq=False)
class Tasks:
    """Every agent and every schedule, as tasks: one for each schedule and group of agents that share models.

    An iterator that workers read ahead in other threads must not raise: what goes wrong with a season is kept as the
    ``problem``, and no task follows it.
    """

    agents: Sequence[Agent]
    schedules: Sequence[Schedule]
    store: Store
    forecasts: Path | None = None
    problem: MatchdayError | None = None
    _loaded: tuple[tuple[Any, ...], Season] | None = field(default=None)

    def left(self, gathering: Gathering) -> Iterator[Task]:
        """Make the tasks whose plays have not been gathered yet."""
        groups = share_models(self.agents)
        for number, schedule in enumerate(self.schedules):
            missing = [[agent for agent in group if not gathering.has(number, agent.name)] for group in groups]
            try:
                yield from (self._task(number, schedule, group) for group in missing if group)
            except MatchdayError as error:
                self.problem = error
                return

    def _task(self, number: int, schedule: Schedule, agents: Sequence[Agent]) -> Task:
        season = self.load(schedule)
        specs = {
            agent.name: RunSpec.of(
                agent,
                season,
                schedule.rules,
                seed=schedule.seed,
                source_parameters=schedule.parameters,
                partial=schedule.partial,
            )
            for agent in agents
        }
        return Task(number, season, tuple(agents), specs, self._on_record(specs), self.forecasts)

    def load(self, schedule: Schedule) -> Season:
        """Load a season, unless it is the one that was loaded last, as with many seeds of a season that has none.

        Raises ``SourceError`` where it cannot be loaded, or has no such prices as the rules ask for.
        """
        if self._loaded is None or self._loaded[0] != schedule.data:
            season = schedule.load()
            Episode(season, schedule.rules)  # which refuses a season that has no such prices
            self._loaded = schedule.data, season
        return self._loaded[1]

    def _on_record(self, specs: dict[str, RunSpec]) -> dict[str, OnRecord]:
        finished = self.store.finished(spec.key for spec in specs.values() if spec.rules.reproducible)
        found = {name: finished[spec.key] for name, spec in specs.items() if spec.key in finished}
        return {name: OnRecord(run.id, run.summary, read_record(self.store, run.id)) for name, run in found.items()}


def read_record(store: Store, run_id: str) -> Record:
    """Read what a play's measures are made of."""
    forecasts = store.frame("forecasts", run_id)
    return Record(
        matchdays=store.frame("matchdays", run_id),
        bets=store.frame("bets", run_id),
        forecasts=forecasts[forecasts["blended"].astype(bool)],
        expected=store.frame("expected", run_id),
    )
