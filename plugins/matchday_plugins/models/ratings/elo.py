"""Elo ratings of football clubs.

    E = 1 / (1 + 10^(−(R_home − R_away + h) / 400))      expected score of the home club
    R_home += k·(1 + |margin|)^λ·(S − E)                 S = 1, ½, 0; the away club loses what the home club wins

λ = 0 counts results alone, λ = 1 goals too. Hvattum and Arntzen's have h = 0 and k = 20 or, with λ = 1, k = 10.

Elo, A. E. (1978). The Rating of Chessplayers, Past and Present. Arco. Hvattum, L. M. & Arntzen, H. (2010). Using ELO
ratings for match result prediction in association football. International Journal of Forecasting 26(3), 460-470.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from matchday_plugins.models.ratings.table import Played, drawn_in, scores

#: Where an average club stands.
START = 1500.0


class EloTable:
    """Elo ratings: ``k`` points at stake, ``goal_exponent`` λ, ``home_advantage`` h in points.

    ``summer_regression`` is the share of the way to the average that clubs lose over a summer.
    """

    columns: ClassVar[tuple[str, ...]] = ("home_elo", "away_elo")
    parts: ClassVar[tuple[str, ...]] = ("rating",)

    def __init__(
        self,
        *,
        k: float = 7.0,
        goal_exponent: float = 1.0,
        home_advantage: float = 60.0,
        summer_regression: float = 0.1,
        scale: float = 475.0,
    ) -> None:
        self._k, self._exponent, self._advantage = k, goal_exponent, home_advantage
        self._regression, self.scale = summer_regression, scale
        self._ratings: dict[str, float] = {}
        self._average = START

    @property
    def ratings(self) -> Mapping[str, float]:
        """The clubs that are present, in points."""
        return self._ratings

    def rating_of(self, club: str) -> tuple[float]:
        """Answer a club's rating; an average one, if it is not known."""
        return (self._ratings.get(club, self._average),)

    def gap(self, home: str, away: str) -> float:
        """Answer R_home − R_away, in points."""
        return self._ratings.get(home, self._average) - self._ratings.get(away, self._average)

    def values(self, home: str, away: str) -> tuple[float, float]:
        """Answer both ratings."""
        return self._ratings.get(home, self._average), self._ratings.get(away, self._average)

    def update(self, played: Sequence[Played]) -> None:
        """Let points change hands, all matches of a date by the ratings of that morning."""
        gains = [(match, self._gain(match, score)) for match, score in scores(played)]
        ratings, average = self._ratings, self._average
        for match, gain in gains:
            ratings[match.home] = ratings.get(match.home, average) + gain
            ratings[match.away] = ratings.get(match.away, average) - gain

    def _gain(self, match: Played, score: float) -> float:
        ahead = self.gap(match.home, match.away) + self._advantage
        expected = 0.5 + 0.5 * math.tanh(0.5 * math.log(10.0) * ahead / 400.0)  # 1 / (1 + 10^(−ahead/400))
        return float(self._k * (1 + abs(match.home_goals - match.away_goals)) ** self._exponent * (score - expected))

    def admit(self, club: str, strength: float, *, sd: float | None = None) -> None:  # noqa: ARG002
        """Let a club in at the average plus ``scale`` points a log goal of strength."""
        self._ratings[club] = self._average + self.scale * strength

    def move_to(self, day: int) -> None:
        """Do nothing: time does not change these ratings."""

    def summer(self, staying: Collection[str]) -> None:
        """Keep the clubs that stay, drawn towards their average."""
        self._ratings, average = drawn_in(self._ratings, staying, self._regression)
        if self._ratings:
            self._average = average
