"""Pi-ratings: a club has one rating at home and one away, both in a scale of goal differences.

    ĝ(R) = sgn(R)·(b^(|R|/c) − 1)                       goal difference against an average club
    expected = ĝ(R_home, at home) − ĝ(R_away, away)
    ψ = c·log10(1 + |observed − expected|), signed as observed − expected
    home club:  ΔH = λψ at home,    away += γ·ΔH
    away club:  ΔA = −λψ away,      home += γ·ΔA

b = 10 and c = 3 throughout. λ is how fast ratings learn, γ how much of what a club shows at home it is believed to be
worth away, and the other way round. What it takes to play at home is in the ratings.

Constantinou, A. C. & Fenton, N. E. (2013). Determining the level of ability of football teams by dynamic ratings based
on the relative discrepancies in scores between adversaries. Journal of Quantitative Analysis in Sports 9(1), 37-50.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from matchday_plugins.models.ratings.table import Played, drawn_in

#: c: how ψ and ĝ are bent.
BEND = 3.0


def goal_difference(rating: float) -> float:
    """Answer ĝ: what a rating is worth in goals against an average club.

    >>> round(goal_difference(1.6) - goal_difference(-1.2), 4)
    3.9264
    """
    return math.copysign(10.0 ** (abs(rating) / BEND) - 1.0, rating)


class PiTable:
    """Pi-ratings, which learn at ``rate`` λ and carry over at ``transfer`` γ.

    Clubs begin at ± half of ``home_edge``, at home and away: where they begin at 0, as in the source, years pass until
    ratings know what it takes to play at home. ``summer_regression`` is the share of the way to the average that clubs
    lose over a summer.
    """

    columns: ClassVar[tuple[str, ...]] = ("home_pi", "away_pi")
    parts: ClassVar[tuple[str, ...]] = ("at_home", "away")

    def __init__(
        self,
        *,
        rate: float = 0.025,
        transfer: float = 0.7,
        home_edge: float = 0.5,
        summer_regression: float = 0.1,
        scale: float = 1.7,
    ) -> None:
        self._rate, self._transfer, self._regression, self.scale = rate, transfer, summer_regression, scale
        self._at_home: dict[str, float] = {}
        self._away: dict[str, float] = {}
        self._average = 0.5 * home_edge, -0.5 * home_edge

    @property
    def ratings(self) -> Mapping[str, float]:
        """The clubs that are present, each with the mean of its two ratings."""
        return {club: 0.5 * (rating + self._away[club]) for club, rating in self._at_home.items()}

    def rating_of(self, club: str) -> tuple[float, float]:
        """Answer a club's ratings at home and away; average ones, if it is not known."""
        return self._at_home.get(club, self._average[0]), self._away.get(club, self._average[1])

    def gap(self, home: str, away: str) -> float:
        """Answer the expected goal difference, in goals."""
        return goal_difference(self.rating_of(home)[0]) - goal_difference(self.rating_of(away)[1])

    def values(self, home: str, away: str) -> tuple[float, float]:
        """Answer the home club's rating at home and the away club's away."""
        return self.rating_of(home)[0], self.rating_of(away)[1]

    def update(self, played: Sequence[Played]) -> None:
        """Learn from what the scores say beyond what was expected, all of a date by the ratings of that morning."""
        for match, change in [(match, self._change(match)) for match in played]:
            self._move(match.home, change, self._transfer * change)
            self._move(match.away, -self._transfer * change, -change)

    def _change(self, match: Played) -> float:
        error = match.home_goals - match.away_goals - self.gap(match.home, match.away)
        return self._rate * math.copysign(BEND * math.log10(1.0 + abs(error)), error)

    def _move(self, club: str, at_home: float, away: float) -> None:
        before = self.rating_of(club)
        self._at_home[club], self._away[club] = before[0] + at_home, before[1] + away

    def admit(self, club: str, strength: float, *, sd: float | None = None) -> None:  # noqa: ARG002
        """Let a club in at the averages plus ``scale`` a log goal of strength, at home and away alike."""
        self._at_home[club], self._away[club] = (average + self.scale * strength for average in self._average)

    def move_to(self, day: int) -> None:
        """Do nothing: time does not change these ratings."""

    def summer(self, staying: Collection[str]) -> None:
        """Keep the clubs that stay, drawn towards their averages."""
        self._at_home, at_home = drawn_in(self._at_home, staying, self._regression)
        self._away, away = drawn_in(self._away, staying, self._regression)
        if self._at_home:
            self._average = at_home, away
