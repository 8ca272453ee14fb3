"""The host: it knows the tasks and where their data lie, and opens an environment of its own for each agent."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matchday
from matchday.environment.files import PastFiles, check_folder
from matchday.environment.forecasters import check_models
from matchday.environment.seasonal import SeasonEnvironment, outside_agent
from matchday.environment.seat import Seat
from matchday.environment.task import Split, Task
from matchday.environment.tools import Tool
from matchday.errors import MatchdayError, StoreError, did_you_mean
from matchday.events import Event
from matchday.season import Season
from matchday.source import Source, make_source
from matchday.spec import RunSpec
from matchday.store import Recorder, Store

_log = logging.getLogger(__name__)

Listener = Callable[[Event], None]

#: What an agent is told of its files.
FILES = (
    "The past is also in Parquet files, as of each matchday's opening: pandas.read_parquet('{folder}/matches') reads "
    "all results; beside it lie odds, quotes, players and below, where there are any."
)


class Host:
    """Tasks, and environments to play them in; each season is loaded once and shared, since nobody can change it.

    ``parameters`` are the sources' by name, such as the folder of their data. With a ``store``, every matchday of every
    environment goes on record under its agent's name. With ``files``, each environment has a folder of its own below
    it, that holds the past as Parquet. ``models`` are those that agents may ask; None: every one that is installed.
    Raises ``MatchdayError`` for tasks of one name, what is no model, and a folder that cannot be written to.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        *,
        parameters: Mapping[str, Mapping[str, Any]] | None = None,
        models: Sequence[str] | None = None,
        store: Store | None = None,
        files: Path | None = None,
    ) -> None:
        self._tasks = {task.name: task for task in tasks}
        if len(self._tasks) < len(tasks):
            raise MatchdayError("two tasks have one name; give each a name of its own.")
        self._parameters = parameters or {}
        check_models(models or ())
        if files is not None:
            check_folder(files)
        self._models, self._store, self._files = models, store, files
        self._seasons: dict[tuple[str, str | None, str, int], tuple[Source, Season]] = {}
        self._lock = threading.Lock()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools of the environments that it opens."""
        return Seat(models=self._models).tools

    def tasks(self, split: Split | None = None) -> list[Task]:
        """List the tasks, or those of a split."""
        return [task for task in self._tasks.values() if split in {None, task.split}]

    def task(self, name: str) -> Task:
        """Look up a task; raises ``MatchdayError`` with the nearest name."""
        if name not in self._tasks:
            raise MatchdayError(f"there is no task {name!r}; {did_you_mean(name, self._tasks)}")
        return self._tasks[name]

    def load(self, task: Task) -> Season:
        """Load a task's season before anybody asks for it; raises ``MatchdayError`` where it cannot be played."""
        _, season = self._season(task)
        season.policy(task.rules.prices)
        return season

    def open(self, task: Task, *, agent: str = "outside", session: str = "") -> SeasonEnvironment:
        """Open an environment; ``session`` names its folder of files. Raises ``MatchdayError`` where it cannot be."""
        source, season = self._season(task)
        files = self._folder(session)
        listeners = self._listeners(task, source, season, agent, files)
        opened = SeasonEnvironment(
            season,
            task.rules,
            name=agent,
            seed=task.seed,
            models=self._models,
            listen=lambda event: _tell(listeners, event),
        )
        if files is not None:
            opened.prompt += f"\n\n{FILES.format(folder=files)}"
        return opened

    def _folder(self, session: str) -> Path | None:
        return None if self._files is None else self._files / session

    def _season(self, task: Task) -> tuple[Source, Season]:
        key = task.source, task.league, task.season, task.seed
        with self._lock:
            if key not in self._seasons:
                league = {} if task.league is None else {"league": task.league}
                parameters = {**league, **self._parameters.get(task.source, {})}
                source = make_source(task.source, parameters, seed=task.seed)
                self._seasons[key] = source, source.season(task.season)
            return self._seasons[key]

    def _listeners(self, task: Task, source: Source, season: Season, agent: str, files: Path | None) -> list[Listener]:
        listeners: list[Listener] = []
        if self._store is not None:
            spec = _spec(task, source, season, agent)
            listeners.append(Recorder(self._store, spec, season).add)
        if files is not None:
            listeners.append(PastFiles(files).add)
        return listeners


def _tell(listeners: list[Listener], event: Event) -> None:
    """Tell everybody; one that cannot write any more is told no more, and the season goes on."""
    for listener in list(listeners):
        try:
            listener(event)
        except (StoreError, OSError) as error:
            _log.error("nothing more of this season is written there: %s", error)
            listeners.remove(listener)


def _spec(task: Task, source: Source, season: Season, agent: str) -> RunSpec:
    return RunSpec(
        agent=outside_agent(agent),
        season=season.name,
        competition=season.competition,
        source=season.source,
        source_parameters=source.model_dump(mode="json"),
        partial=False,
        data=season.fingerprint,
        rules=task.rules,
        seed=task.seed,
        version=matchday.__version__,
    )
