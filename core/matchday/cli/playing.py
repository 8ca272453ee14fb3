"""The commands that play: ``play`` and ``resume``."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matchday.agent import Agent
from matchday.agentfile import build_agent, parse_agent
from matchday.cli import screen
from matchday.cli.explaining import explain
from matchday.cli.options import Choice, choose_agent
from matchday.component import Component
from matchday.errors import MatchdayError
from matchday.events import ComponentFailed, Consulted, Event, MatchdaySettled, SlipRefused
from matchday.forecastcache import ForecastCache
from matchday.places import located
from matchday.season import Season
from matchday.source import make_source
from matchday.spec import RunSpec
from matchday.store import Run, Store
from matchday.store import record as record_run
from matchday.store import resume as resume_recorded

MONEY = ("staked", "bankroll_start", "bankroll_end")

#: A play on its way: each event, with the run's id from the first matchday that is on record.
Played = Iterator[tuple[str | None, Event]]

#: What went wrong in a play, by label.
Trouble = dict[str, list[str]]


def play_season(
    target: str,
    choice: Choice,
    *,
    overrides: Sequence[str],
    forecasts: Path | None,
    store: str,
    explained: bool,
    as_json: bool,
) -> None:
    """Play a season with an agent; everything is checked before anything is written."""
    agent, choice = choose_agent(target, choice, overrides)
    played, database, season = begin(agent, choice, forecasts=forecasts, store=store)
    _watch(played, database, season, explained=explained, as_json=as_json, bar=not talks(agent))


def begin(
    agent: Agent, choice: Choice, *, forecasts: Path | None, store: str, awake: Collection[Component] = ()
) -> tuple[Played, Store, Season]:
    """Load the season chosen, and answer its play, which is put on record as it is followed.

    Models that are ``awake`` learn and forecast in any case; the others' forecasts may come from a folder.
    """
    database = Store(store)
    source, season, rules = choice.load()
    spec = RunSpec.of(
        agent,
        season,
        rules,
        seed=choice.seed,
        source_parameters=source.model_dump(mode="json"),
        partial=choice.partial,
    )
    if forecasts is not None:
        agent = ForecastCache(forecasts.expanduser()).lend(agent, season, rules, seed=choice.seed, awake=awake)
    return record_run(database, spec, agent, season), database, season


def resume_run(run_id: str, *, store: str, as_json: bool) -> None:
    """Go on with a run from its last settled matchday."""
    database = Store(store)
    run = database.run(run_id)
    if run.spec.source_parameters is None:
        raise MatchdayError(
            f"Run {run.id!r} was played on a season made in Python; resume it there, with store.resume."
        )
    if not run.spec.agent["component"]:
        raise MatchdayError(
            f"Run {run.id!r}: agent {run.spec.agent['name']!r} played it from outside, where its components are; "
            "nobody here can go on with it."
        )
    agent = build_agent(parse_agent(run.spec.agent, where=f"Run {run.id!r}"))
    source = make_source(run.spec.source, run.spec.source_parameters)
    season = source.season(run.spec.season, partial=run.spec.partial)
    played = resume_recorded(database, run, agent, season)
    _watch(played, database, season, as_json=as_json, bar=not talks(agent))


def talks(agent: Agent) -> bool:
    """Whether somebody may be asked here, whose lines a progress bar would write over."""
    return any("stdin" in each.effects for each in agent.components.values() if isinstance(each, Component))


def _watch(
    played: Played,
    database: Store,
    season: Season,
    *,
    explained: bool = False,
    as_json: bool,
    bar: bool,
) -> None:
    """Follow a play to its end with a progress bar, then show what came of it, and why; why also of one that failed."""
    run, trouble = follow(played, database, season, bar=bar and not as_json, explained=explained)
    if as_json:
        print(json.dumps(as_object(run)))
    else:
        show(run, database, season, trouble)
    _explain(database, run.id, asked=explained)


def follow(
    played: Played,
    database: Store,
    season: Season,
    *,
    bar: bool = True,
    explained: bool = False,
) -> tuple[Run, Trouble]:
    """Follow a play to its end with a progress bar; answer the run, and what went wrong, by label.

    One that is cut off or fails says how to go on with it; ``explained`` tells why it bet as it did until then.
    """
    run_id = None
    trouble: Trouble = {"failed": [], "refused": [], "no answer": []}
    try:
        with screen.progress(season.matchdays, hidden=not bar) as advance:
            for run_id, event in played:  # noqa: B007
                match event:
                    case MatchdaySettled():
                        advance(event.settlement.after)
                    case ComponentFailed():
                        trouble["failed"].append(located(event.message, event.place))
                    case SlipRefused():
                        trouble["refused"].append(event.reason)
                    case Consulted() if event.consultation.failure:
                        trouble["no answer"].append(event.consultation.failure)
    except (KeyboardInterrupt, MatchdayError) as error:
        hint = ""
        if run_id:
            go_on = screen.command("resume", run_id, store=database.location)
            hint = f"settled matchdays are kept; go on with: {go_on}"
            _explain(database, run_id, asked=explained)
        if isinstance(error, KeyboardInterrupt):
            screen.remark(f"interrupted; {hint or 'nothing was written'}")
            raise
        raise MatchdayError(f"{error} ({hint})" if hint else str(error)) from error
    assert run_id is not None
    return database.run(run_id), trouble


def show(run: Run, database: Store, season: Season, trouble: Trouble) -> None:
    """Print a run in a few lines, with what went wrong."""
    matchdays = database.frame("matchdays", run.id)
    screen.show_summary(run, matchdays, store=database.location, remarks=len(season.report))
    screen.show_trouble(trouble)


def _explain(database: Store, run_id: str, *, asked: bool) -> None:
    if asked:
        screen.out.print(explain(run_id, database.events(run_id)))


def as_object(run: Run) -> dict[str, Any]:
    """Write a run's figures as one object: money in currency units with two decimals, NaN never."""
    figures = asdict(run.summary)
    figures |= {name: round(figures[name], 2) for name in MONEY}
    head = {name: figures.pop(name) for name in ("agent", "season", "source", "seed")}
    return {**head, "run_id": run.id, **figures}
