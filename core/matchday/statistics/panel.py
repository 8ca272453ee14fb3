"""The frames of a comparison as arrays: what agents did on the same matchdays, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.errors import MatchdayError
from matchday.markets import Array

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

#: What a panel holds of each matchday. ``profit`` and ``staked`` are in starting bankrolls, so that seasons count alike
#: whatever they start with; ``plays`` adds up to 1 over a play, ``played`` is 1 on the matchdays that have a row;
#: ``excess`` and ``bets_excess`` are the model's minus the price's log-loss, summed over ``scored`` matches or bets.
COLUMNS = (
    *("log_growth", "simple", "plays", "played", "profit", "staked", "clv", "clv_bets"),
    *("excess", "scored", "bets_excess", "bets_scored", "true_growth", "oracle_growth"),
)
_PLACE = {name: place for place, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One schedule: ``finished`` (agents, seeds), ``values`` (agents, seeds, matchdays, COLUMNS).

    A play that failed is 0 throughout and not ``finished``; a ruined one is 0 after its ruin.
    """

    schedule: str
    finished: Bools
    values: Array

    def column(self, name: str) -> Array:
        """Answer a column of ``COLUMNS`` (agents, seeds, matchdays)."""
        return self.values[..., _PLACE[name]]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """All schedules, agents in one order throughout."""

    agents: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    @classmethod
    def of(cls, plays: pd.DataFrame, matchdays: pd.DataFrame, *, agents: Sequence[str]) -> Panel:
        """Lay out the finished plays; raises ``MatchdayError`` where one is there twice or an agent is unknown."""
        finished = plays[plays["status"] != "failed"]
        _check(finished, agents)
        if finished.empty:
            return cls(tuple(agents), ())
        start = finished.set_index(["agent", "schedule", "seed"])["bankroll_start"].astype("float64")
        keys = pd.MultiIndex.from_frame(matchdays[["agent", "schedule", "seed"]])
        days = _days(matchdays, start=np.asarray(start.reindex(keys), dtype=np.float64))
        groups = {str(name): rows for name, rows in days.groupby(matchdays["schedule"].to_numpy())}
        sheets = [
            _sheet(str(schedule), of_schedule, groups[str(schedule)], agents)
            for schedule, of_schedule in finished.groupby("schedule", sort=False)
        ]
        return cls(tuple(agents), tuple(sheets))

    def number(self, agent: str) -> int:
        """Where an agent stands."""
        return self.agents.index(agent)

    def columns(self, agent: str, name: str) -> tuple[Array, ...]:
        """Answer an agent's column, an array (seeds that it finished, matchdays) a schedule."""
        place = self.number(agent)
        return tuple(sheet.column(name)[place][sheet.finished[place]] for sheet in self.sheets)

    def values(self, agent: str, name: str) -> Array:
        """Answer an agent's column over all its finished plays, end to end; matchdays after a ruin count 0."""
        place = self.number(agent)
        parts = [sheet.column(name)[place][sheet.finished[place]].ravel() for sheet in self.sheets]
        return np.concatenate([np.empty(0), *parts])

    def totals(self, agent: str, name: str) -> Array:
        """Add an agent's column up by finished play (plays,)."""
        place = self.number(agent)
        parts = [sheet.column(name)[place][sheet.finished[place]].sum(axis=1) for sheet in self.sheets]
        return np.concatenate([np.empty(0), *parts])

    def observations(self, agent: str) -> int:
        """Count the matchdays that an agent played, once a schedule: seeds of a schedule share them."""
        place = self.number(agent)
        return sum(sheet.values.shape[2] for sheet in self.sheets if sheet.finished[place].any())


def _days(matchdays: pd.DataFrame, *, start: Array) -> pd.DataFrame:
    """Work the columns out of the frame, row by row, behind the agent, the seed and the matchday counted from 0."""
    number = {name: matchdays[name].to_numpy(dtype=np.float64) for name in _READ}
    with np.errstate(invalid="ignore"):  # ∞ − ∞: both called the winner impossible
        excess = number["model_loss"] - number["market_loss"]
        bets_excess = number["bets_model_loss"] - number["bets_market_loss"]
    columns = {
        "log_growth": number["log_growth"],
        "simple": number["after"] / number["before"] - 1.0,
        "plays": 0.0,
        "played": 1.0,
        "profit": number["profit"] / start,
        "staked": number["staked"] / start,
        "clv": number["clv"],
        "clv_bets": number["clv_bets"],
        "excess": excess,
        "scored": number["scored"],
        "bets_excess": bets_excess,
        "bets_scored": number["bets_scored"],
        "true_growth": number["true_growth"],
        "oracle_growth": number["oracle_growth"],
    }
    codes = {"agent": matchdays["agent"], "seed": matchdays["seed"], "day": matchdays["matchday"] - 1}
    return pd.DataFrame({**codes, **columns})


_READ = (
    *("log_growth", "before", "after", "profit", "staked", "clv", "clv_bets", "model_loss", "market_loss", "scored"),
    *("bets_model_loss", "bets_market_loss", "bets_scored", "true_growth", "oracle_growth"),
)


def _sheet(schedule: str, plays: pd.DataFrame, days: pd.DataFrame, agents: Sequence[str]) -> Sheet:
    names, seeds = pd.Index(agents), pd.Index(sorted(set(plays["seed"])))
    finished = np.zeros((len(names), len(seeds)), dtype=np.bool_)
    finished[names.get_indexer(pd.Index(plays["agent"])), seeds.get_indexer(pd.Index(plays["seed"]))] = True
    day = days["day"].to_numpy(dtype=np.int64)
    values = np.zeros((*finished.shape, int(plays["calendar"].max()), len(COLUMNS)))
    agent, seed = names.get_indexer(pd.Index(days["agent"])), seeds.get_indexer(pd.Index(days["seed"]))
    values[agent, seed, day] = days[list(COLUMNS)].to_numpy(dtype=np.float64)
    values[..., _PLACE["plays"]] = finished[..., None] / values.shape[2]
    return Sheet(schedule, finished, values)


def _check(finished: pd.DataFrame, agents: Sequence[str]) -> None:
    unknown = sorted(set(finished["agent"]) - set(agents))
    if unknown:
        raise MatchdayError(f"Plays of {unknown[0]!r}, which is not among the agents compared: {', '.join(agents)}.")
    twice = finished[finished.duplicated(["agent", "schedule", "seed"])]
    if len(twice):
        first = twice.iloc[0]
        raise MatchdayError(
            f"Plays: {first['agent']!r} played {first['season']} with seed {first['seed']} twice; leave one out."
        )
