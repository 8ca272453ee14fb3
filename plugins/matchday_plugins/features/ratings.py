"""Ratings as features: what Elo and pi-ratings think of either side (``models.ratings`` has the formulas)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures, Opening, Outcome, both
from matchday_plugins.models.ratings.elo import START, EloTable
from matchday_plugins.models.ratings.pi import PiTable
from matchday_plugins.models.ratings.table import Played, RatingTable


class Ratings(FeatureGroup):
    """Elo ratings that count goals, and pi-ratings; clubs that come up enter at the strength expected of newcomers."""

    features: ClassVar[tuple[Feature, ...]] = (
        *both("elo", "points", "Elo rating of the club above the average of all that are present"),
        Feature("elo_gap", "points", "home_elo minus away_elo"),
        *both("pi", "pi", "pi-rating of the club on this side: at home or away"),
        Feature("pi_gap", "goals", "goal difference that the pi-ratings expect"),
    )

    def __init__(self) -> None:
        self._elo, self._pi = EloTable(), PiTable()
        self._tables: tuple[RatingTable, ...] = self._elo, self._pi

    def begin(self, opening: Opening) -> None:
        """Let clubs go and others in."""
        for table in self._tables:
            if opening.staying or opening.arriving:
                table.summer(opening.staying)
            for club, strength in opening.arriving.items():
                table.admit(club, strength)

    def before(self, fixtures: Fixtures) -> Array:
        """Look both clubs up in both tables."""
        present, pairs = self._elo.ratings.values(), zip(fixtures.home, fixtures.away, strict=True)
        average = sum(present) / len(present) if present else START
        return np.array([self._row(home, away, average) for home, away in pairs]).reshape(-1, len(self.features))

    def after(self, fixtures: Fixtures, outcome: Outcome) -> None:
        """Rate the clubs by the scores."""
        goals = outcome.goals.astype(np.int64).tolist()
        scores = zip(fixtures.home, fixtures.away, goals, strict=True)
        played = [Played(home, away, *score) for home, away, score in scores]
        for table in self._tables:
            table.update(played)

    def _row(self, home: str, away: str, average: float) -> tuple[float, ...]:
        mine, theirs = self._elo.values(home, away)
        gap = self._elo.gap(home, away)
        return mine - average, theirs - average, gap, *self._pi.values(home, away), self._pi.gap(home, away)
