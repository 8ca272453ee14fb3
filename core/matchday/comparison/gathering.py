"""What a comparison's plays leave behind: written to the store one by one, their measures kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from matchday.comparison.comparison import Comparison
from matchday.comparison.measures import Measures
from matchday.comparison.schedule import schedule_id
from matchday.comparison.working import Outcome
from matchday.spec import RunSpec
from matchday.store import Store
from matchday.summary import Summary

#: The figures of a play, in the order of ``Summary``; what names the play stands before them.
FIGURES = [name for name in Summary.__dataclass_fields__ if name not in {"agent", "season", "source", "seed"}]


@dataclass(frozen=True, slots=True, eq=False)
class Play:
    """One agent's play of one season with one seed; ``status`` is completed, ruined or failed.

    ``calendar`` counts the season's matchdays. ``reused``: it was on record already. ``summary`` is None, and
    ``message`` says why, where it failed.
    """

    calendar: int
    spec: RunSpec
    status: str
    run_id: str | None
    reused: bool
    summary: Summary | None
    message: str = ""

    @property
    def agent(self) -> str:
        """The agent's name."""
        return str(self.spec.agent["name"])

    @property
    def named(self) -> dict[str, Any]:
        """What tells the play from others, as columns."""
        spec = self.spec
        schedule = schedule_id(spec.data, spec.rules)
        return {"agent": self.agent, "season": spec.season, "seed": spec.seed, "schedule": schedule}

    @property
    def row(self) -> dict[str, Any]:
        """The play as a row."""
        head = {"source": self.spec.source, "competition": self.spec.competition, "run_id": self.run_id}
        figures = dict.fromkeys(FIGURES) if self.summary is None else asdict(self.summary)
        told = {"status": self.status, "message": self.message}
        return {**self.named, **head, **told, "calendar": self.calendar, **{name: figures[name] for name in FIGURES}}


class Gathering:
    """Takes outcomes in any order; ``agents`` are their compositions by name.

    Only this process writes the store, a transaction a play.
    """

    def __init__(self, agents: Mapping[str, Mapping[str, Any]], *, baseline: str, store: Store) -> None:
        self._agents, self._baseline, self._store = agents, baseline, store
        self._plays: dict[tuple[int, str], Play] = {}
        self._measures: dict[tuple[int, str], Measures] = {}

    def has(self, number: int, agent: str) -> bool:
        """Whether an agent's play of the schedule of this number is there."""
        return (number, agent) in self._plays

    def add(self, outcome: Outcome) -> Play:
        """Write a play down, and keep its measures."""
        reused = outcome.run_id is not None
        run_id = outcome.run_id
        if outcome.batches:
            run_id = self._store.begin(outcome.spec, outcome.batches)
        ruined = outcome.summary is not None and outcome.summary.ruined
        status = "failed" if outcome.failure else "ruined" if ruined else "completed"
        play = Play(outcome.calendar, outcome.spec, status, run_id, reused, outcome.summary, outcome.failure)
        self._plays[outcome.number, outcome.agent] = play
        if outcome.measures is not None:
            self._measures[outcome.number, outcome.agent] = outcome.measures
        return play

    def comparison(self) -> Comparison:
        """Put everything side by side, in the order of the schedules and the agents."""
        names = list(self._agents)
        keys = sorted(self._plays, key=lambda key: (key[0], names.index(key[1])))
        return Comparison(
            agents=self._agents,
            baseline=self._baseline,
            plays=pd.DataFrame([self._plays[key].row for key in keys]),
            matchdays=self._frame("matchdays", keys),
            calibration=self._frame("calibration", keys),
            breakdown=self._frame("breakdown", keys),
            specs=[self._plays[key].spec for key in keys],
            store=self._store,
        )

    def _frame(self, kind: str, keys: Sequence[tuple[int, str]]) -> pd.DataFrame:
        """Stack the measures of a kind, each row with the play that it is of."""
        parts = []
        for key in keys:
            if key in self._measures:
                frame = getattr(self._measures[key], kind)
                named = pd.DataFrame(self._plays[key].named, index=range(len(frame)))
                parts.append(pd.concat([named, frame.reset_index(drop=True)], axis=1))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
