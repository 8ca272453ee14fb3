"""What a worker does: play a season with the agents of one group, and measure each play. It writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from matchday.agent import Agent
from matchday.comparison.measures import EXPECTED, LastYardstick, Measures, Record
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

    ``number`` is the schedule's, ``calendar`` the number of its matchdays. A play that failed has a ``failure``, and no
    measures.
    """

    number: int
    calendar: int
    spec: RunSpec
    summary: Summary | None = None
    measures: Measures | None = None
    batches: tuple[Batch, ...] = ()
    run_id: str | None = None
    failure: str = ""

    @property
    def agent(self) -> str:
        """The agent's name."""
        return str(self.spec.agent["name"])


def work(task: Task) -> Iterator[Outcome]:
    """Play and measure, an agent after the other.

    Linear algebra keeps to one thread, so that its results are the same in every process.
    """
    with threadpool_limits(limits=1):
        yield from _outcomes(task)


def work_off(task: Task) -> list[Outcome]:
    """Do the same at once, in a process that does nothing else; its threads do not undo one another's limit."""
    threadpool_limits(limits=1)
    return list(_outcomes(task))


def _outcomes(task: Task) -> Iterator[Outcome]:
    first = next(iter(task.specs.values()))
    yardstick = _yardsticks.of(schedule_id(first.data, first.rules), lambda: task.season, first.rules)
    cache = ForecastCache(task.forecasts)
    for agent in task.agents:
        spec, known = task.specs[agent.name], task.on_record.get(agent.name)
        made = partial(Outcome, task.number, yardstick.matchdays, spec)
        if known is not None:
            yield made(known.summary, yardstick.measure(known.record), run_id=known.run_id)
        else:
            batches, failure = _play(task, agent, spec, cache=cache)
            if failure or not batches:
                yield made(batches=batches, failure=failure)
            else:
                measures = yardstick.measure(_record(batches))
                yield made(batches[-1].summary, measures, _with_expected(batches, measures))


_yardsticks = LastYardstick()


def _play(task: Task, agent: Agent, spec: RunSpec, *, cache: ForecastCache) -> tuple[tuple[Batch, ...], str]:
    """Play a season; answers what is to be written of it, and what went wrong, if anything did.

    Whatever a component does, it is the failure of its own play, saying what cannot be written too.
    """
    batches: list[Batch] = []
    scribe = Scribe(spec, task.season)
    try:
        lent = cache.lend(agent, task.season, spec.rules, seed=spec.seed)
        for event in play(lent, task.season, spec.rules, seed=spec.seed):
            if batch := scribe.add(event):
                "".join(batch.lines).encode()
                batches.append(batch)
    except Exception as error:
        plain = str(error) if isinstance(error, MatchdayError) else f"{type(error).__name__}: {error}"
        return tuple(batches), " ".join(plain.split())
    return tuple(batches), ""


def _with_expected(batches: Sequence[Batch], measures: Measures) -> tuple[Batch, ...]:
    """Put on record what the matchdays were worth, where the truth is known: it takes long to work out."""
    known = measures.matchdays[["matchday", *EXPECTED]]
    if known["true_growth"].isna().all():
        return tuple(batches)
    rows = [{str(name): value for name, value in row.items()} for row in known.to_dict("records")]
    last = replace(batches[-1], rows=(*batches[-1].rows, {"expected": rows}))
    return (*batches[:-1], last)


def _record(batches: Sequence[Batch]) -> Record:
    """Make the frames that the store would answer of a play that is about to be written."""
    return Record(*(_frame(table, batches) for table in ("matchdays", "bets", "forecasts")))


def _frame(table: str, batches: Sequence[Batch]) -> pd.DataFrame:
    rows = [row for batch in batches for rows in batch.rows for row in rows.get(table, ()) if row.get("blended", True)]
    columns = [column.name for column in schema.metadata.tables[table].columns if column.name != "run_id"]
    return pd.DataFrame(rows, columns=columns)
