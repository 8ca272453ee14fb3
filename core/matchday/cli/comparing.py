"""The command ``compare``: what is to be compared, the progress, and what came of it on the screen."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.markup import escape

from matchday.agent import Agent
from matchday.agentfile import AgentFile, build_agent, has_component, overlaid, read_agent
from matchday.catalogue import Catalogue
from matchday.cli import screen
from matchday.cli.ranking import show_comparison
from matchday.cli.schedules import Span
from matchday.comparison import Comparison, compare_schedules
from matchday.comparison.engine import Engine
from matchday.errors import MatchdayError, did_you_mean
from matchday.report import check_writable

#: Where the report goes unless the user says otherwise.
REPORT = Path("matchday-report.html")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked to compare: agents, over a span of seasons.

    ``overrides`` are parameters by component name, of every agent that has such a component.
    """

    agents: Sequence[str]
    span: Span = field(default_factory=Span)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def load_agents(self) -> list[Agent]:
        """Load the agents; without a name, the bundled ones that are quick to play."""
        catalogue = Catalogue()
        files = [read_agent(target, catalogue) for target in self.agents or catalogue.names("agent")]
        chosen = [file for file in files if self.agents or file.quick]
        overrides = [self._of(file, catalogue) for file in chosen]
        named = {name for file in chosen for name in file.names}
        for name in self.overrides:
            if not any(name in each for each in overrides):
                raise MatchdayError(f"--set {name}: no agent has a component of that name; {did_you_mean(name, named)}")
        pairs = zip(chosen, overrides, strict=True)
        return [build_agent(file, catalogue=catalogue, overrides=each) for file, each in pairs]

    def _of(self, file: AgentFile, catalogue: Catalogue) -> dict[str, Mapping[str, Any]]:
        """Answer what holds for an agent: its own components may list agents in which others are."""
        own = {name: each for name, each in self.overrides.items() if name in file.names}
        listed = overlaid(file, own)
        return {path: each for path, each in self.overrides.items() if has_component(listed, path, catalogue)}


def engine_of(jobs: int | None, backend: str, scheduler: str | None) -> Engine:
    """Make the engine of a comparison; a scheduler's address asks for Dask."""
    from joblib import cpu_count

    return Engine(jobs or cpu_count(), "dask" if scheduler else backend, scheduler)


def compare_agents(
    asked: Asked,
    *,
    baseline: str | None,
    engine: Engine,
    store: str,
    forecasts: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Play what is not on record yet, and show how the agents compare."""
    agents, schedules = asked.load_agents(), asked.span.schedules()
    target = report or (None if as_json else REPORT)
    if target is not None:
        check_writable(target)
    if not asked.span.choice.rules_of(None).reproducible:
        screen.remark("call_seconds: these plays depend on the speed of the machine; none is taken from the record")
    with _counted(len(agents) * len(schedules), store, hidden=as_json) as follow:
        comparison = compare_schedules(
            agents, schedules, baseline=baseline, engine=engine, store=store, forecasts=forecasts, follow=follow
        )
    if (comparison.plays["status"] == "failed").all():
        raise MatchdayError(f"No play was finished. {comparison.plays['message'].iloc[0]}")
    if as_json:
        print(json.dumps(as_object(comparison)))
    else:
        show_comparison(comparison, store=store)
    if target is not None:
        comparison.report(target)
        if not as_json:
            screen.out.print(f"report: {escape(str(target))}", soft_wrap=True)


@contextmanager
def _counted(total: int, store: str, *, hidden: bool) -> Iterator[Callable[[Any], None]]:
    """Count the plays, with a progress bar, and say what is kept where the comparison is cut off."""
    played = 0
    try:
        with screen.counting(total, hidden=hidden) as advance:

            def follow(play: Any) -> None:
                nonlocal played
                played += 1
                advance(f"{play.agent} {play.spec.season}")

            yield follow
    except (KeyboardInterrupt, MatchdayError) as error:
        kept = f"{played} of {total} plays are done and on record in {store}"
        if isinstance(error, KeyboardInterrupt):
            screen.remark(f"interrupted; {kept}; the same command goes on from there")
            raise
        raise MatchdayError(f"{error} ({kept})" if played else str(error)) from error


def as_object(comparison: Comparison) -> dict[str, Any]:
    """Write a comparison as one object for JSON: what is not known is null."""
    return {
        "baseline": comparison.baseline,
        "leaderboard": _records(comparison.leaderboard.reset_index()),
        "differences": _records(comparison.differences.reset_index()),
        "spa": comparison.spa,
        "conclusions": list(comparison.conclusions),
        "tried": comparison.tried,
        "plays": _records(comparison.plays),
        "published": [dataclasses.asdict(row) for row in comparison.published],
        "published_source": comparison.published_source,
    }


def _records(frame: Any) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
