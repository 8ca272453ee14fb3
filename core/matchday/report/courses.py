"""How bankrolls went: the plays' matchdays laid side by side, and what an agent's plays have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from matchday.money import to_units

if TYPE_CHECKING:
    from matchday.comparison import Comparison

#: Identifies a play within a comparison.
PLAY = ["agent", "season", "seed", "schedule"]


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """The plays of a comparison: a row a matchday (its number), a column a play (agent, season, seed, schedule).

    ``bankroll`` is a multiple of the starting one and begins before the first matchday, with 1; where a play is over,
    it stays what it was. ``growth`` is the log growth of each matchday, 0 after a ruin and NaN after the season's end;
    ``share`` what was staked of the bankroll before. ``dates`` (by matchday) are those of the only schedule, if it is.
    """

    agents: tuple[str, ...]
    bankroll: pd.DataFrame
    growth: pd.DataFrame
    share: pd.DataFrame
    dates: pd.Series[pd.Timestamp] | None

    @classmethod
    def of(cls, comparison: Comparison) -> Courses:
        """Lay the matchdays of a comparison out."""
        days = comparison.matchdays
        first = days.sort_values("matchday").groupby(PLAY, sort=False)["before"].first()
        penny = to_units(1)
        after = _wide(days, days["after"].clip(lower=penny)).ffill()
        bankroll = after / first.reindex(after.columns)
        start = pd.DataFrame(1.0, index=[0], columns=bankroll.columns)
        lengths = days.groupby("schedule")["matchday"].max()
        growth = _wide(days, days["log_growth"])
        last = growth.columns.get_level_values("schedule").map(lengths.to_dict()).to_numpy(dtype=np.float64)
        within = growth.index.to_numpy()[:, None] <= last
        alike = len(lengths) == 1
        return cls(
            agents=tuple(name for name in comparison.agents if name in set(days["agent"])),
            bankroll=pd.concat([start, bankroll]),
            growth=growth.where(growth.notna() | ~within, 0.0),
            share=_wide(days, days["staked"] / days["before"].clip(lower=penny)),
            dates=days.groupby("matchday")["date"].first() if alike else None,
        )

    @property
    def drawdown(self) -> pd.DataFrame:
        """How far each bankroll is below its highest so far, in [0, 1]."""
        return 1.0 - self.bankroll / self.bankroll.cummax()

    def plays(self, agent: str) -> int:
        """The number of an agent's plays."""
        return int((self.bankroll.columns.get_level_values("agent") == agent).sum())

    def of_agent(self, frame: pd.DataFrame, agent: str) -> pd.DataFrame:
        """Pick an agent's columns of one of the frames."""
        return frame.loc[:, frame.columns.get_level_values("agent") == agent]

    def axis(self, numbers: pd.Index[int]) -> list[str] | list[int]:
        """Name matchdays along an axis: their dates where all plays share them, else their numbers.

        The start is the day before the first matchday.
        """
        if self.dates is None:
            return numbers.tolist()
        before = pd.Series({0: self.dates.iloc[0] - pd.Timedelta(days=1)})
        dates = pd.concat([before, self.dates]).reindex(numbers)
        return [f"{date:%Y-%m-%d}" for date in dates]


def _wide(days: pd.DataFrame, values: pd.Series[float]) -> pd.DataFrame:
    """Lay a column of the matchdays out: a row a matchday, a column a play."""
    long = days[[*PLAY, "matchday"]].assign(value=values)
    return long.pivot_table(index="matchday", columns=PLAY, values="value", sort=True, observed=True)
