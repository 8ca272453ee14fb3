"""What the commands of ``matchday serve`` offer: tasks, the models that may be asked, and where seasons are kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matchday.catalogue import Catalogue
from matchday.cli.options import EMBEDDED, Choice
from matchday.cli.schedules import spell_out
from matchday.environment import Host, Task
from matchday.environment.task import Split
from matchday.errors import MatchdayError
from matchday.scenario import Scenario
from matchday.store import Store


@dataclass(frozen=True, slots=True)
class Offer:
    """What the user offers: what ``choice`` says holds for all scenarios and seasons; None ``models``: every one.

    Without scenarios, seasons and seeds it is the scenarios whose data are there, if ``several`` may be offered; else
    one season of ``choice``.
    """

    choice: Choice = field(default_factory=Choice)
    scenarios: Sequence[str] = ()
    seasons: Sequence[str] = ()
    seeds: int = 1
    models: Sequence[str] | None = None
    store: str | None = None
    files: Path | None = None
    several: bool = True

    def host(self) -> Host:
        """Make the host, and load the season of every task, so that what cannot be played is refused at once."""
        tasks = self.tasks()
        store = None if self.store is None else Store(self.store)
        if store is not None:
            store.prepare()
        files = None if self.files is None else self.files.expanduser().resolve()
        host = Host(tasks, parameters=self._parameters(tasks), models=self.models, store=store, files=files)
        for task in tasks:
            host.load(task)
        return host

    def tasks(self) -> list[Task]:
        """List the tasks, of scenarios first."""
        names = [name for text in self.seasons for name in spell_out(text)]
        scenarios = self.scenarios or ([] if names or self.seeds > 1 or not self.several else self._scenarios_there())
        chosen = [dataclasses.replace(self.choice, scenario=name) for name in scenarios]
        chosen += [dataclasses.replace(self.choice, season=name) for name in names]
        return [task for each in chosen or [self.choice] for task in self._seeded(each)]

    def _scenarios_there(self) -> list[str]:
        """Name the scenarios whose seasons are on disk, the oldest first."""
        catalogue = Catalogue()
        known = {name: catalogue.load("scenario", name) for name in catalogue.names("scenario")}
        there = [name for name in known if self._is_there(name, known[name])]
        return sorted(there, key=lambda name: str(known[name].season))

    def _is_there(self, name: str, scenario: Scenario) -> bool:
        try:
            source, _, _ = dataclasses.replace(self.choice, scenario=name).plan()
            return scenario.season in source.seasons()
        except MatchdayError:
            return False

    def _seeded(self, choice: Choice) -> Iterator[Task]:
        for n in range(self.seeds):
            task = _task(dataclasses.replace(choice, seed=choice.seed + n))
            yield task.model_copy(update={"name": f"{task.name}-seed-{task.seed}"}) if self.seeds > 1 else task

    def _parameters(self, tasks: Sequence[Task]) -> dict[str, dict[str, Any]]:
        data = {} if self.choice.data is None else {"data": self.choice.data.expanduser().resolve()}
        return {task.source: {**data, **self.choice.parameters} for task in tasks}


def _task(choice: Choice) -> Task:
    """Make the task of a choice; a scenario says whether it trains or tests, a league of chance trains."""
    scenario: Scenario | None = None
    if choice.scenario is not None:
        scenario = Catalogue().load("scenario", choice.scenario)
    _, season, rules = choice.plan()
    source = choice.source_name(scenario)
    league = choice.league or (scenario.competition if scenario else None)
    split: Split = "train" if (scenario.split == "train" if scenario else source == EMBEDDED) else "test"
    named = choice.scenario or (f"{league or source}-{season}" if choice.season else source)
    title = scenario.title if scenario else f"{league or source} {season}"
    return Task(
        name=named, title=title, split=split, source=source, league=league, season=season, seed=choice.seed, rules=rules
    )
