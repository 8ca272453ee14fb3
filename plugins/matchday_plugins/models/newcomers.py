"""What is expected of a club that comes up: learned from how earlier newcomers did, not the average of all.

    s = ½ log((F + c) / (A + c))                   a club's strength over a season, F goals for, A against
    m = (k·m₀ + Σ y) / (k + n)                     y the strength of n earlier newcomers in their first season
    b = Σ (x − x̄)(y − ȳ) / (Σ (x − x̄)² + r)        x their strength in the division below, the season before
    v = (k·v₀ + Σ ((y − m − b(x − x̄))² − noise)) / (k + n)      noise = ¼ (1/F + 1/A), the luck of the goals

A newcomer is a club that did not play in the season before. One of which the division below is known is expected at
m + b(x − x̄), another at m, with variance v. Half the log ratio of goals is the ``strength`` of the goal models: the
home advantage and the level of goals cancel over a balanced season. m₀, v₀ and k say what is believed before any
newcomer has been seen, and how many newcomers that belief is worth.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchday import History

#: Pseudo-goals c on either side: nobody's strength is infinite after a match.
PSEUDO_GOALS = 5.0

#: m₀ and √v₀ in log goals, k in clubs, and the ridge r: what is known where the history tells of no newcomer.
DEFAULT_MEAN, DEFAULT_SD, DEFAULT_WEIGHT, RIDGE = -0.2, 0.15, 6.0, 0.25

#: The least spread of newcomers that is believed, in log goals.
LEAST_SD = 0.05


@dataclass(frozen=True, slots=True)
class NewcomerPrior:
    """What is expected of newcomers: strengths ~ N(``strength(club)``, ``sd``²), in log goals.

    ``learned_from`` counts the earlier newcomers behind it. ``below`` holds, by club, how much stronger it was in the
    division below than newcomers are on average, and ``slope`` what a unit of that is worth.
    """

    mean: float = DEFAULT_MEAN
    sd: float = DEFAULT_SD
    learned_from: int = 0
    slope: float = 0.0
    below: Mapping[str, float] = field(default_factory=dict)

    def strength(self, club: str) -> float:
        """Answer the expected strength of a club that comes up, in log goals beside the average of all."""
        return self.mean + self.slope * self.below.get(club, 0.0)

    def beside_those_who_stay(self, arriving: Collection[str], staying: int) -> dict[str, float]:
        """Answer the expected strengths of clubs that come up beside the average of the ``staying`` others.

        All clubs' strengths add up to 0, so those that stay are above it.

        >>> NewcomerPrior(mean=-0.2).beside_those_who_stay(["A"], 4)
        {'A': -0.25}
        """
        settled = -sum(map(self.strength, arriving)) / max(staying, 1)
        return {club: self.strength(club) - settled for club in arriving}


class Newcomers:
    """Who came up when, and what that tells of those who come up next.

    ``matches`` and ``below`` are as ``History`` has them; ``strengths`` is what ``season_strengths`` makes of the
    former. ``mean`` (log goals) and ``weight`` (clubs) replace m₀ and k;
    a weight of infinity is a prior that learns nothing.
    """

    def __init__(
        self,
        matches: pd.DataFrame,
        below: pd.DataFrame | None = None,
        *,
        mean: float = DEFAULT_MEAN,
        weight: float = DEFAULT_WEIGHT,
    ) -> None:
        self._mean, self._weight = mean, weight
        self.strengths = season_strengths(matches)
        self._below = season_strengths(below) if below is not None and len(below) else {}
        self._before = dict(zip(list(self.strengths)[1:], self.strengths, strict=False))
        told = list(self._first_seasons())
        self._seasons = [name for name, _ in told]
        self._first = np.array([row for _, row in told]).reshape(-1, 3)

    @classmethod
    def of(cls, history: History, *, mean: float = DEFAULT_MEAN, weight: float = DEFAULT_WEIGHT) -> Newcomers:
        """Learn from a history as of the opening of a season."""
        return cls(history.matches, history.below, mean=mean, weight=weight)

    @property
    def settled(self) -> frozenset[str]:
        """The clubs of the last season of the history: whoever is not among them comes up next."""
        return frozenset() if not self.strengths else frozenset(next(reversed(self.strengths.values())).index)

    def clubs(self, season: str) -> frozenset[str]:
        """Name the newcomers of a season of the history; nobody is one in the first."""
        before = self._before.get(season)
        if before is None or season not in self.strengths:
            return frozenset()
        return frozenset(self.strengths[season].index) - frozenset(self.strengths[before].index)

    def prior(self, season: str | None = None) -> NewcomerPrior:
        """Answer what newcomers of a season are expected to do, from seasons before it alone; of the next: None."""
        count = len(self._first) if season is None else bisect_left(self._seasons, season)
        earlier = [name for name in self.strengths if season is None or name < season]
        lately = self._below.get(earlier[-1]) if earlier else None
        strength, noise, below = self._first[:count].T
        return self._fitted(strength, noise, below, _by_club(lately))

    def _first_seasons(self) -> Iterator[tuple[str, list[float]]]:
        """Tell of every newcomer so far: its season; strength in it, the noise of that, and strength below before."""
        for name, before in self._before.items():
            table, below = self.strengths[name], self._below.get(before)
            clubs = sorted(self.clubs(name))
            there = [np.nan] * len(clubs) if below is None else below["strength"].reindex(clubs).tolist()
            rows = table[["strength", "noise"]].loc[clubs].to_numpy().tolist()
            yield from ((name, [*row, x]) for row, x in zip(rows, there, strict=True))

    def _fitted(self, y: np.ndarray, noise: np.ndarray, x: np.ndarray, lately: dict[str, float]) -> NewcomerPrior:
        """Fit the formulas above; x is NaN where the division below is not known."""
        k = self._weight
        if not len(y) or np.isinf(k):
            return NewcomerPrior(mean=self._mean)
        mean = (k * self._mean + y.sum()) / (k + len(y))
        known = ~np.isnan(x)
        centre = float(x[known].mean()) if known.any() else 0.0
        along = np.where(known, x - centre, 0.0)
        slope = float(along @ (y - y.mean()) / (along @ along + RIDGE))
        excess = (y - mean - slope * along) ** 2 - noise
        variance = (k * DEFAULT_SD**2 + excess.sum()) / (k + len(y))
        below = {club: value - centre for club, value in lately.items()} if known.any() else {}
        return NewcomerPrior(float(mean), float(np.sqrt(max(variance, LEAST_SD**2))), len(y), slope, below)


def _by_club(table: pd.DataFrame | None) -> dict[str, float]:
    return {} if table is None else {str(club): float(value) for club, value in table["strength"].items()}


def season_strengths(matches: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Answer each season's clubs (index), with ``strength`` and its ``noise`` (a variance), in log goals; oldest first.

    >>> match = {"season": "2000-01", "home": "A", "away": "B", "home_goals": 4, "away_goals": 0}
    >>> season_strengths(pd.DataFrame([match]))["2000-01"]["strength"].round(3).to_dict()
    {'A': 0.294, 'B': -0.294}
    """
    columns = ["season", "club", "scored", "conceded"]
    sides = [
        matches[["season", side, f"{side}_goals", f"{other}_goals"]].set_axis(columns, axis=1)
        for side, other in (("home", "away"), ("away", "home"))
    ]
    goals = pd.concat(sides).groupby(["season", "club"], sort=True)[["scored", "conceded"]].sum() + PSEUDO_GOALS
    strength = 0.5 * np.log(goals["scored"] / goals["conceded"])
    noise = 0.25 * (1.0 / goals["scored"] + 1.0 / goals["conceded"])
    table = pd.DataFrame({"strength": strength, "noise": noise})
    return {str(name): part.droplevel("season") for name, part in table.groupby(level="season")}
