"""What came of a search: the trials, the best of them, by how much it is better, and what the agent then is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from matchday.agent import Agent
from matchday.agentfile import build_agent
from matchday.errors import MatchdayError
from matchday.resampling import block_bootstrap, interval
from matchday.season import Season
from matchday.tuned import Tuned
from matchday.tuning.space import by_component
from matchday.tuning.study import Trial

if TYPE_CHECKING:
    from matchday.tuning.search import Search


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much the best is better than the agent was, a season, on the seasons that it was chosen on.

    ``low`` to ``high`` holds 95 % of the means of resampled ``schedules``, None where there is but one. It says how
    much seasons differ, and nothing of the luck of being the best of many.
    """

    difference: float
    low: float | None
    high: float | None
    schedules: int


@dataclass(frozen=True, eq=False, repr=False)
class Tuning:
    """A search that has come to an end; ``record`` are its trials, the agent as it was first of all.

    ``beside`` is how many agents other searches have tried for the same one: they count too.

    Raises ``MatchdayError`` where none of them was finished.
    """

    search: Search
    record: Sequence[Trial]
    beside: int = 0

    def __post_init__(self) -> None:
        if not self.ranked:
            raise MatchdayError(f"No trial of {len(self.record)} was finished. {self.record[0].message}")

    @cached_property
    def ranked(self) -> list[Trial]:
        """The finished trials, the best first; of several with the same parameters, or the same value, the first."""
        first: dict[str, Trial] = {}
        for trial in self.record:
            if trial.status == "finished":
                first.setdefault(json.dumps(trial.parameters), trial)
        return sorted(first.values(), key=lambda trial: self.search.goal.better(0.0, than=trial.value or 0.0))

    @property
    def best(self) -> Trial:
        """The best trial."""
        return self.ranked[0]

    @property
    def parameters(self) -> dict[str, Any]:
        """The best parameters, by component.parameter."""
        return self.best.parameters

    @property
    def value(self) -> float:
        """The objective's best value."""
        assert self.best.value is not None
        return self.best.value

    @property
    def tried(self) -> int:
        """The number of different agents that were played."""
        return len({json.dumps(each.parameters) for each in self.record if each.status != "refused"})

    @cached_property
    def trials(self) -> pd.DataFrame:
        """A row a trial: ``trial, status, value``, a column a parameter, and ``message``."""
        rows = [
            {
                "trial": each.number,
                "status": each.status,
                "value": each.value,
                **each.parameters,
                "message": each.message,
            }
            for each in self.record
        ]
        return pd.DataFrame(rows).astype({"value": "float64"})

    @cached_property
    def seasons(self) -> pd.DataFrame:
        """A row a play of a finished trial: ``trial, season, seed, schedule, value``."""
        return pd.DataFrame([{"trial": each.number, **play} for each in self.record for play in each.plays])

    @cached_property
    def gain(self) -> Gain | None:
        """How the best compares with the agent as it was; None where the latter was not finished."""
        gains = self.gains(self.best)
        if gains.empty:
            return None
        low, high = None, None
        if len(gains) > 1:
            rng = np.random.default_rng(self.search.seed)
            low, high = interval(block_bootstrap(np.asarray(gains, dtype=np.float64), gains.index, rng=rng))
        return Gain(float(gains.mean()), low, high, len(gains))

    def gains(self, trial: Trial) -> pd.Series[float]:
        """Answer by how much a finished trial is better than the agent as it was, by schedule, seeds averaged."""
        own, better = self.record[0], self.search.goal.better
        if own.status != "finished":
            return pd.Series(dtype="float64")
        pairs = zip(trial.plays, own.plays, strict=True)
        gains = [better(one["value"], than=other["value"]) for one, other in pairs]
        return pd.Series(gains).groupby([play["schedule"] for play in own.plays], sort=False).mean()

    @property
    def tuned(self) -> Tuned:
        """The search as the agent's file has it, with that before it: both have been tried, and both have been seen."""
        search, earlier = self.search, self.search.file.tuned
        before = earlier.trials - 1 if earlier else 0  # of which the best is this search's first
        seasons = [each.season for each in search.schedules if isinstance(each.season, Season)]
        names = [each.name for each in search.space]
        return Tuned(
            trials=self.tried + self.beside + before,
            seasons=(*(earlier.seasons if earlier else ()), *(each.name for each in seasons)),
            source=seasons[0].source,
            competition=earlier.competition if earlier else seasons[0].competition,
            prices=search.schedules[0].rules.prices,
            objective=search.goal.objective,
            value=self.value,
            parameters=tuple(dict.fromkeys([*(earlier.parameters if earlier else ()), *names])),
            study=search.name,
        )

    @property
    def agent(self) -> Agent:
        """The agent with the best parameters."""
        file = self.search.file.model_copy(update={"tuned": self.tuned})
        return build_agent(file, overrides=by_component(self.parameters))

    def __repr__(self) -> str:
        """Say what was found, without the trials."""
        return f"Tuning({self.search.name}: {self.value:.6g} in {len(self.record)} trials with {self.parameters})"
