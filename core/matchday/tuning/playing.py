"""One set of parameters, played through all seasons of a search."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from matchday.agentfile import AgentFile, build_agent
from matchday.comparison import Comparison, Schedule, compare_schedules
from matchday.comparison.engine import Engine
from matchday.comparison.gathering import Play
from matchday.errors import AgentError
from matchday.tuning.objective import Goal, as_played
from matchday.tuning.space import by_component

#: How a trial ended: with a value, with a play that failed, or before any play because a component refused it.
Status = Literal["finished", "failed", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a set of parameters: its ``value``, and the plays that it is the mean of, or why there is none.

    ``plays`` have ``season, seed, schedule`` and ``value``.
    """

    status: Status
    value: float | None = None
    plays: tuple[dict[str, Any], ...] = field(default_factory=tuple)
    message: str = ""


@dataclass(frozen=True, slots=True)
class Player:
    """Plays an agent's file with parameters, on a store that nobody keeps: a trial is not a run."""

    file: AgentFile
    goal: Goal
    schedules: Sequence[Schedule]
    engine: Engine
    forecasts: Path
    follow: Callable[[Play], None] | None = None

    def play(self, parameters: dict[str, Any]) -> Outcome:
        """Play all seasons; each is walked through from its own start, with the past alone."""
        try:
            agent = build_agent(self.file, overrides=by_component(parameters))
        except AgentError as error:
            return Outcome("refused", message=str(error))
        comparison = compare_schedules(
            [as_played(agent, self.goal)],
            self.schedules,
            engine=self.engine,
            forecasts=self.forecasts,
            follow=self.follow,
        )
        return self._outcome(comparison)

    def _outcome(self, comparison: Comparison) -> Outcome:
        plays = comparison.plays[["season", "seed", "schedule", "status", "message"]].to_dict("records")
        for play in plays:
            if play["status"] == "failed":
                return Outcome("failed", message=f"{_where(play)}: {play['message']}")
        values = self.goal.measure(comparison, self.schedules)
        for play, value in zip(plays, values, strict=True):
            if not math.isfinite(value):
                nothing = f"no {self.goal.meaning}: a winner was given no chance, or there is no price"
                return Outcome("failed", message=f"{_where(play)}: {nothing}")
        named = ({name: play[name] for name in ("season", "seed", "schedule")} for play in plays)
        found = tuple({**play, "value": value} for play, value in zip(named, values, strict=True))
        return Outcome("finished", sum(values) / len(values), found)


def _where(play: Mapping[Any, Any]) -> str:
    return f"{play['season']}, seed {play['seed']}"
