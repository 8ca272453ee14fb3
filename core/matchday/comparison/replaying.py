"""A comparison of runs that are in the store already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from matchday.comparison.comparison import Comparison, composition
from matchday.comparison.gathering import Gathering
from matchday.comparison.measures import LastYardstick
from matchday.comparison.schedule import schedule_id
from matchday.comparison.tasks import read_record
from matchday.comparison.working import Outcome
from matchday.errors import StoreError, did_you_mean
from matchday.places import located
from matchday.season import Season
from matchday.source import make_source
from matchday.store import Run, Store


def from_runs(store: Store, run_ids: Sequence[str], *, baseline: str | None = None) -> Comparison:
    """Put runs of the store side by side; ids may be cut short to the digits that only they have.

    The seasons are loaded again, for their results and prices. Agents of one name that are made of different things
    are told apart by a run's id. Raises ``StoreError`` for a run that is not there, not finished or there twice, for
    one that was played on a season made in Python, and where the data have changed since.
    """
    runs = [store.run(run_id) for run_id in run_ids]
    if not runs:
        raise StoreError("There is no run to compare; name at least one (matchday runs lists them).")
    for run in runs:
        _check(run, runs)
    names = _names(runs)
    agents = {names[run.id]: {**run.spec.agent, "name": names[run.id]} for run in runs}
    if baseline is not None and baseline not in agents:
        raise StoreError(f"Baseline {baseline!r} is not among the agents; {did_you_mean(baseline, agents)}")
    gathering = Gathering(agents, baseline=baseline or next(iter(agents)), store=store)
    yardsticks = LastYardstick()
    numbers: dict[tuple[str, int], int] = {}
    for run in sorted(runs, key=lambda each: (each.spec.season, each.spec.seed)):
        spec = run.spec.model_copy(update={"agent": agents[names[run.id]]})
        schedule = schedule_id(spec.data, spec.rules)
        number = numbers.setdefault((schedule, spec.seed), len(numbers))
        yardstick = yardsticks.of(schedule, partial(season_of, run), spec.rules)
        made = partial(Outcome, number, yardstick.matchdays, spec, run_id=run.id)
        if run.status == "failed":
            gathering.add(made(failure=_failure(store, run)))
        else:
            gathering.add(made(run.summary, yardstick.measure(read_record(store, run.id))))
    return gathering.comparison()


def season_of(run: Run) -> Season:
    """Load a run's season again; raises ``StoreError`` where the data are not what was played any more."""
    spec = run.spec
    season = make_source(spec.source, spec.source_parameters or {}).season(spec.season, partial=spec.partial)
    if season.fingerprint != spec.data:
        raise StoreError(
            f"Run {run.id!r}: the data of {spec.season} have changed since ({spec.data} then, {season.fingerprint} "
            "now); play it again."
        )
    return season


def _failure(store: Store, run: Run) -> str:
    """Read why a run failed."""
    failures = [event for event in map(json.loads, store.events(run.id)) if event["event"] == "ComponentFailed"]
    if not failures:
        return "it failed when it was played"
    return located(failures[-1]["message"], failures[-1].get("place"))


def _check(run: Run, runs: Sequence[Run]) -> None:
    if run.status == "running":
        raise StoreError(f"Run {run.id!r} is not finished; go on with it first: matchday resume {run.id}.")
    if run.spec.source_parameters is None:
        raise StoreError(f"Run {run.id!r} was played on a season made in Python; compare it there.")
    other = next((each for each in runs if each.spec.data == run.spec.data and each.spec.rules != run.spec.rules), None)
    if other is not None:
        raise StoreError(
            f"Runs {run.id} and {other.id} are of the same matches under different rules, which is the same luck "
            "twice; report them apart."
        )
    same = [each.id for each in runs if each.key == run.key]
    if len(same) > 1:
        raise StoreError(f"Runs {' and '.join(dict.fromkeys(same))} are the same play; name one of them.")


def _names(runs: Sequence[Run]) -> dict[str, str]:
    """Name each run's agent; those of one name that are made of different things are told apart by a run's id."""
    made_of: dict[str, dict[str, str]] = {}
    for run in runs:
        made_of.setdefault(run.spec.agent["name"], {}).setdefault(composition(run.spec.agent), run.id)
    names = {}
    for run in runs:
        name = run.spec.agent["name"]
        first = made_of[name][composition(run.spec.agent)]
        names[run.id] = name if len(made_of[name]) == 1 else f"{name} ({first})"
    return names
