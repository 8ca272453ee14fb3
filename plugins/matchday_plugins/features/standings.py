"""The season so far: how far it is, and where clubs stand in its table."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures, Opening, Outcome, both, points, sides
from matchday_plugins.features.perclub import PerClub

#: Columns of the table, and what a position is worked out from: points, then goal difference, then goals.
POINTS, DIFFERENCE, GOALS, PLAYED = range(4)
RANK = np.array([1e6, 1e3, 1.0])


class Standings(FeatureGroup):
    """Days into the season, matches played, points a game, table positions, and who has come up."""

    features: ClassVar[tuple[Feature, ...]] = (
        Feature("season_days", "days", "days since the season's first match"),
        *both("played", "matches", "matches of the club this season"),
        *both("points_per_game", "points", "mean points of the club this season; NaN before its first match"),
        Feature(
            "position_gap",
            "places",
            "away club's place in the table minus the home club's, among clubs that have played; NaN before that",
        ),
        *both("promoted", "0 or 1", "1: the club did not play in the season before; NaN in the first season there is"),
    )

    def __init__(self) -> None:
        self._table = PerClub(0.0, 0.0, 0.0, 0.0)
        self._first = 0

    def begin(self, opening: Opening) -> None:
        """Begin a new table."""
        self._table.clear()
        self._first = opening.day

    def before(self, fixtures: Fixtures) -> Array:
        """Read the table."""
        rows = self._table[fixtures.clubs]
        played = rows[..., PLAYED]
        mean = np.divide(rows[..., POINTS], played, out=np.full(played.shape, np.nan), where=played > 0.0)
        days = np.full((len(rows), 1), float(fixtures.day - self._first))
        return np.concatenate([days, sides(played, mean), self._gap(rows), fixtures.promoted], axis=1)

    def after(self, fixtures: Fixtures, outcome: Outcome) -> None:
        """Take in the scores."""
        goals = outcome.goals
        gained = np.stack([points(goals), goals - goals[:, ::-1], goals, np.ones(goals.shape)], axis=-1)
        self._table[fixtures.clubs] = self._table[fixtures.clubs] + gained

    def _gap(self, rows: Array) -> Array:
        present = self._table.column(PLAYED) > 0.0
        worth = np.stack([self._table.column(k) for k in (POINTS, DIFFERENCE, GOALS)], axis=-1) @ RANK
        ahead = (worth[present] > (rows[..., :PLAYED] @ RANK)[..., None]).sum(axis=-1).astype(np.float64)
        placed = np.where(rows[..., PLAYED] > 0.0, ahead, np.nan)
        return np.asarray(placed[:, 1:] - placed[:, :1])
