"""What a worker does: play a season with the agents of one group, and measure each play. It writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from matchday.agent import Agent
from matchday.comparison.measures import Measures, Record, Yardstick
from matchday.comparison.schedule import schedule_id
from matchday.errors import MatchdayError
from matchday.forecastcache import ForecastCache
from matchday.loop import play
from matchday.season import Season
from matchday.spec import RunSpec
from matchday.store import schema
from matchday.store.database import Batch
from matchday.store.recording import Scribe
from matchday.summary import Summary


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One season and the agents that one worker plays it with; ``specs`` describe the runs, by agent.

    ``number`` is the schedule's place in the comparison. ``on_record`` are plays of it that are in the store already,
    which are measured only. ``forecasts`` is the folder that the models' forecasts are kept in, if any is.
    """

    number: int
    season: Season
    agents: tuple[Agent, ...]
    specs: Mapping[str, RunSpec]
    on_record: Mapping[str, OnRecord] = field(default_factory=dict)
    forecasts: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OnRecord:
    """A play that is in the store."""

    run_id: str
    summary: Summary
    record: Record


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How a play went: its summary and measures, and ``batches`` to be written, none where it is on record already.

    A play that failed has a ``failure``, and no measures.
    """

    number: int
    agent: str
    spec: RunSpec
    summary: Summary | None = None
    measures: Measures | None = None
    batches: tuple[Batch, ...] = ()
    run_id: str | None = None
    failure: str = ""


def work(task: Task) -> Iterator[Outcome]:
    """Play and measure, an agent after the other.

    Linear algebra keeps to one thread, so that its results are the same in every process.
    """
    with threadpool_limits(limits=1):
        yardstick = _yardstick(task)
        cache = ForecastCache(task.forecasts)
        for agent in task.agents:
            spec = task.specs[agent.name]
            known = task.on_record.get(agent.name)
            if known is not None:
                measures = yardstick.measure(known.record)
                yield Outcome(task.number, agent.name, spec, known.summary, measures, run_id=known.run_id)
            else:
                yield _play(task, agent, spec, cache=cache, yardstick=yardstick)


def _yardstick(task: Task) -> Yardstick:
    """Make the yardstick of a season, unless the process's last task had the same."""
    spec = next(iter(task.specs.values()))
    schedule = schedule_id(spec.data, spec.rules)
    if schedule not in _yardsticks:
        _yardsticks.clear()
        _yardsticks[schedule] = Yardstick(task.season, spec.rules)
    return _yardsticks[schedule]


_yardsticks: dict[str, Yardstick] = {}


def work_off(task: Task) -> list[Outcome]:
    """Do the same at once, in a process of its own."""
    return list(work(task))


def _play(task: Task, agent: Agent, spec: RunSpec, *, cache: ForecastCache, yardstick: Yardstick) -> Outcome:
    """Play a season; what a component does wrong is the failure of its play and of no other."""
    season, batches, failure = task.season, [], ""
    scribe = Scribe(spec, season)
    try:
        lent = cache.lend(agent, season, spec.rules, seed=spec.seed)
        for event in play(lent, season, spec.rules, seed=spec.seed):
            if batch := scribe.add(event):
                batches.append(batch)  # noqa: PERF401 - those before a failure are kept
    except MatchdayError as error:
        failure = str(error)
    if failure or not batches:
        return Outcome(task.number, agent.name, spec, batches=tuple(batches), failure=failure)
    measures = yardstick.measure(_record(batches))
    return Outcome(task.number, agent.name, spec, batches[-1].summary, measures, tuple(batches))


def _record(batches: list[Batch]) -> Record:
    """Make the frames that the store would answer of a play that is about to be written."""
    return Record(*(_frame(table, batches) for table in ("matchdays", "bets", "forecasts")))


def _frame(table: str, batches: list[Batch]) -> pd.DataFrame:
    rows = [row for batch in batches for rows in batch.rows for row in rows.get(table, ()) if row.get("blended", True)]
    columns = [column.name for column in schema.metadata.tables[table].columns if column.name != "run_id"]
    return pd.DataFrame(rows, columns=columns)
