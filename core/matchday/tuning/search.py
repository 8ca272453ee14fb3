"""A search: an agent, the space, the seasons and the objective; and going on with it."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchday.agent import Agent
from matchday.agentfile import AgentFile, build_agent, parse_agent, read_agent
from matchday.comparison import Schedule
from matchday.comparison.comparing import check
from matchday.comparison.comparison import composition
from matchday.comparison.engine import Engine
from matchday.comparison.gathering import Play
from matchday.episode import Episode
from matchday.errors import MatchdayError
from matchday.season import Season
from matchday.spec import RunSpec
from matchday.store import Store
from matchday.tuning.domains import Choices, Range
from matchday.tuning.objective import Goal, goal_of, rules_played
from matchday.tuning.playing import Outcome, Player
from matchday.tuning.result import Tuning
from matchday.tuning.space import Parameter, read_space
from matchday.tuning.study import Study, Trial, need_packages, tried_beside


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Search:
    """What is searched, for what and on which seasons; ``name`` is its key in the store, ``agent`` the agent's.

    The same search has the same name: any change of the agent, of the code behind it, the data, the rules, the space,
    the objective or the seed makes it another one.
    """

    file: AgentFile
    space: tuple[Parameter, ...]
    schedules: tuple[Schedule, ...]
    goal: Goal
    seed: int
    name: str
    agent: str

    @classmethod
    def of(
        cls,
        agent: Agent | AgentFile | str | Path,
        parameters: Mapping[str, Range | Choices],
        schedules: Sequence[Schedule],
        *,
        objective: str = "growth",
        seed: int = 0,
    ) -> Search:
        """Prepare a search, and load its seasons; nothing is played or written.

        Raises ``MatchdayError`` for what ``read_space`` and ``compare`` refuse, an unknown objective, seasons of
        several leagues or prices, and an agent that was tuned on another league before.
        """
        need_packages()
        file = _file(agent)
        space, built = read_space(file, parameters), build_agent(file)
        goal = goal_of(objective, built)
        check([built], schedules)
        loaded = _loaded(schedules)
        _check_league(file, loaded)
        name = f"{file.name} {_key(built, space, loaded, goal, seed)}"
        played = tuple(dataclasses.replace(each, rules=rules_played(each.rules, goal)) for each in loaded)
        return cls(file, space, played, goal, seed, name, _digest([composition(built.spec()), league(loaded[0])]))

    def go_on(
        self,
        trials: int,
        *,
        jobs: int = 1,
        store: str | Path,
        forecasts: Path | None = None,
        follow: Callable[[Play], None] | None = None,
    ) -> Iterator[Trial]:
        """Answer the trials that are on record, and then play until there are as many as asked for.

        Parameters that were tried before are not played again, and where all there is has been tried, that is the end.
        """
        with contextlib.ExitStack() as stack:
            folder = forecasts or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="matchday-")))
            player = Player(self.file, self.goal, self.schedules, Engine(jobs), folder, follow)
            opened = Study.opened(
                self.name, self.space, agent=self.agent, store=str(store), more=self.goal.more, seed=self.seed
            )
            study = stack.enter_context(opened)
            yield from study.trials
            while len(study.trials) < trials and study.left != []:
                asked, parameters = study.ask()
                outcome = _tried(study.trials, parameters) or player.play(parameters)
                yield study.keep(asked, parameters, outcome)


def tune(
    agent: Agent | AgentFile | str | Path,
    parameters: Mapping[str, Range | Choices],
    schedules: Sequence[Schedule],
    *,
    objective: str = "growth",
    trials: int = 50,
    seed: int = 0,
    jobs: int = 1,
    store: str | Path | None = None,
    forecasts: Path | None = None,
    follow: Callable[[Play], None] | None = None,
) -> Tuning:
    """Search the parameters with which an agent does best on past seasons.

    ``parameters`` are ``Range`` or ``Choices`` by component.parameter. ``objective`` is "growth", the mean log growth
    of a season (more is better), or "log-loss", the blended forecast's on the 1X2 market (less is better). The agent's
    own parameters are the first of the ``trials``; a search that ``store`` (None: a temporary one) has on record goes
    on. ``jobs`` processes play seasons at a time; a model's forecasts are made once for all trials that leave it as it
    is, and kept in the folder ``forecasts`` if one is given.

    Raises ``MatchdayError`` for what makes no sense, before anything is played, and where no trial was finished.

        tuned = tune("dixon-coles", {"value.minimum_edge": Range(0.0, 0.15)}, [Schedule("2022-23", Rules(), 0, source)])
        tuned.parameters, tuned.gain
    """
    search = Search.of(agent, parameters, schedules, objective=objective, seed=seed)
    kept = Store.temporary() if store is None else Store(store)
    record = search.go_on(trials, jobs=jobs, store=kept.location, forecasts=forecasts, follow=follow)
    tried = list(record)
    return Tuning(search, tried, tried_beside(search.name, search.agent, store=kept.location))


def _file(agent: Agent | AgentFile | str | Path) -> AgentFile:
    """Answer what an agent's file says; of one that was made in Python, what it would say."""
    if isinstance(agent, AgentFile):
        return agent
    if isinstance(agent, Agent):
        return parse_agent({"summary": agent.summary, **agent.spec()}, where=f"Agent {agent.name!r}")
    return read_agent(agent)


def _loaded(schedules: Sequence[Schedule]) -> tuple[Schedule, ...]:
    """Load all seasons, each once; what bets were truly worth takes long to work out, and no objective asks for it."""
    seasons: dict[tuple[Any, ...], Season] = {}
    found = []
    for schedule in schedules:
        if schedule.data not in seasons:
            season = schedule.load()
            seasons[schedule.data] = season if season.truth is None else dataclasses.replace(season, truth=None)
        Episode(seasons[schedule.data], schedule.rules)  # which refuses a season that has no such prices
        found.append(dataclasses.replace(schedule, season=seasons[schedule.data], source=None))
    return tuple(found)


def league(schedule: Schedule) -> tuple[str, str]:
    """Name the source and the competition of a loaded schedule."""
    assert isinstance(schedule.season, Season)
    return schedule.season.source, schedule.season.competition


def _check_league(file: AgentFile, schedules: Sequence[Schedule]) -> None:
    """Refuse what a tuned agent's file could not say: that it has seen more than one league, or prices."""
    leagues = {league(each) for each in schedules}
    prices = {each.rules.prices for each in schedules}
    if len(leagues) > 1 or len(prices) > 1:
        told = [*(" ".join(league) for league in sorted(leagues)), *sorted(prices)]
        raise MatchdayError(f"Tuning on {', '.join(told)}; rule: one league, and one kind of prices.")
    earlier, (source, competition) = file.tuned, next(iter(leagues))
    if earlier is not None and (earlier.source, earlier.competition or competition) != (source, competition):
        raise MatchdayError(
            f"Agent {file.name!r} was tuned on {earlier.source} {earlier.competition}, and its file could not say that "
            f"it has seen {source} {competition} too; tune the agent that it was made of."
        )


def _key(agent: Agent, space: Sequence[Parameter], schedules: Sequence[Schedule], goal: Goal, seed: int) -> str:
    """Sixteen hexadecimal digits that say what is searched: what the agent's own runs would be, and what may vary."""
    runs = []
    for each in schedules:
        assert isinstance(each.season, Season)
        runs.append(RunSpec.of(agent, each.season, each.rules, seed=each.seed, partial=each.partial).key)
    content = [runs, [(each.name, repr(each.domain)) for each in space], goal.objective, seed]
    return _digest(content)


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _tried(before: Sequence[Trial], parameters: Mapping[str, Any]) -> Outcome | None:
    """Answer what came of parameters that were tried before."""
    found = next((trial for trial in before if trial.parameters == parameters), None)
    return None if found is None else Outcome(found.status, found.value, found.plays, found.message)
