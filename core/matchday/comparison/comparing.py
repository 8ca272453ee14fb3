"""Comparing agents: every agent plays every schedule, once, and what comes of it is put side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from matchday.agent import Agent
from matchday.agentfile import load_agent
from matchday.catalogue import Catalogue
from matchday.comparison.comparison import Comparison
from matchday.comparison.engine import GIVEN_UP, Engine, WorkerDied
from matchday.comparison.gathering import Gathering, Play
from matchday.comparison.schedule import Schedule
from matchday.comparison.tasks import Tasks
from matchday.errors import MatchdayError, did_you_mean
from matchday.rules import Rules
from matchday.season import Season
from matchday.source import Source, seeded
from matchday.store import Store

#: How often worker processes of this machine may die before a comparison gives up.
LIVES = 4


def compare(
    agents: Sequence[Agent | str | Path] | Agent | str | Path,
    seasons: Sequence[str | Season] | None = None,
    seeds: int | Iterable[int] = 1,
    *,
    source: Source | None = None,
    rules: Rules | None = None,
    baseline: str | None = None,
    jobs: int = 1,
    backend: Literal["loky", "dask"] = "loky",
    scheduler: str | None = None,
    store: str | Path | None = None,
    forecasts: Path | None = None,
    follow: Callable[[Play], None] | None = None,
) -> Comparison:
    """Play every agent through every season with every seed, and compare what became of them.

    ``agents`` are agents, bundled names or TOML files; ``seasons`` are names that ``source`` (default: the synthetic
    league) can load, or ``Season`` objects; None is the source's latest. ``seeds`` is how many, or which; a source that
    is random takes the seed too, so that each is another league. ``baseline`` names the agent that the others are
    compared with (default: the first). ``jobs`` worker processes share the work; ``backend`` "dask" takes it to the
    cluster of ``scheduler``. Plays that ``store`` (a file or a SQLAlchemy URL; None: a temporary one) has on record
    are not played again. ``forecasts`` is a folder to keep models' forecasts in. ``follow`` is called with each play.

    Raises ``MatchdayError``, before anything is played, for an unknown agent or season, two agents of one name, and
    nothing to compare. A component that fails ends its own play only.

        comparison = compare(["dixon-coles", "favourites-only"], ["2022-23", "2023-24"], seeds=3, jobs=2)
        comparison.leaderboard
    """
    listed_agents = [agents] if isinstance(agents, str | Path | Agent) else agents
    chosen = source or Catalogue().load("source", "synthetic")()
    numbers = list(range(seeds) if isinstance(seeds, int) else seeds)
    listed = [chosen.default_season()] if seasons is None else seasons
    schedules = [
        Schedule(season, rules or Rules(), seed, None if isinstance(season, Season) else seeded(chosen, seed))
        for season in listed
        for seed in numbers
    ]
    return compare_schedules(
        [each if isinstance(each, Agent) else load_agent(each) for each in listed_agents],
        schedules,
        baseline=baseline,
        engine=Engine(jobs, "dask" if scheduler else backend, scheduler),
        store=store,
        forecasts=forecasts,
        follow=follow,
    )


def compare_schedules(
    agents: Sequence[Agent],
    schedules: Sequence[Schedule],
    *,
    baseline: str | None = None,
    engine: Engine | None = None,
    store: str | Path | None = None,
    forecasts: Path | None = None,
    follow: Callable[[Play], None] | None = None,
) -> Comparison:
    """Play every agent through every schedule; ``compare`` says more."""
    engine = engine or Engine()
    check(agents, schedules, baseline)
    engine.check(agents)
    kept = Store.temporary() if store is None else Store(store)
    compositions = {agent.name: agent.spec() for agent in agents}
    gathering = Gathering(compositions, baseline=baseline or agents[0].name, store=kept)
    tasks = Tasks(agents, schedules, store=kept, forecasts=forecasts)
    tasks.load(schedules[0])
    kept.prepare()
    for play in _played(tasks, gathering, engine):
        if follow is not None:
            follow(play)
    return gathering.comparison()


def _played(tasks: Tasks, gathering: Gathering, engine: Engine) -> Iterator[Play]:
    """Work all tasks off; where a worker process dies, go on with what is left."""
    with engine.started() as workers:
        for lives in range(LIVES, 0, -1):
            try:
                for outcome in workers(tasks.left(gathering)):
                    yield gathering.add(outcome)
                break
            except WorkerDied as error:
                if lives == 1:
                    raise MatchdayError(GIVEN_UP) from error
    if tasks.problem is not None:
        raise tasks.problem


def check(agents: Sequence[Agent], schedules: Sequence[Schedule], baseline: str | None = None) -> None:
    """Raise ``MatchdayError`` for what cannot be compared: nothing, a name or a season twice, an unknown season."""
    if not agents or not schedules:
        missing = "season" if agents else "agent"
        raise MatchdayError(f"There is no {missing} to compare; name at least one agent and one season.")
    names = [agent.name for agent in agents]
    for name in names:
        if names.count(name) > 1:
            raise MatchdayError(f"Two agents are called {name!r}; give one of them another name.")
    if baseline is not None and baseline not in names:
        raise MatchdayError(f"Baseline {baseline!r} is not among the agents compared; {did_you_mean(baseline, names)}")
    alike: dict[tuple[Any, ...], list[Schedule]] = {}
    for schedule in schedules:
        alike.setdefault(schedule.data, []).append(schedule)
    for same in alike.values():
        same[0].check()
        _check_alike(same)


def _check_alike(same: Sequence[Schedule]) -> None:
    """Refuse the same matches twice: with one seed they are one play, under two sets of rules the same luck."""
    name, seeds = same[0].name, [each.seed for each in same]
    if min(seeds) < 0 or max(seeds) >= 2**63:
        raise MatchdayError(f"Season {name}: seeds from {min(seeds)} to {max(seeds)}; rule: 0 to 2^63 − 1.")
    if any(each.rules != same[0].rules for each in same):
        raise MatchdayError(
            f"Season {name} is asked for under two sets of rules, which is the same luck twice; compare them apart."
        )
    if len(set(seeds)) < len(seeds):
        raise MatchdayError(f"Season {name} is asked for twice; name it once.")
