"""Rest: how long ago clubs played, and how often lately. Only matches of the league are known."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures, Outcome, both, sides
from matchday_plugins.features.perclub import PerClub

#: Longer rests are no longer ones: two weeks or a summer, everybody is rested.
LONGEST = 14.0

#: Matches of so many days count towards congestion, of which no club plays more than ``REMEMBERED``.
CONGESTED, REMEMBERED = 21, 12


class Rest(FeatureGroup):
    """Days of rest, at most fourteen, and matches of the last three weeks."""

    features: ClassVar[tuple[Feature, ...]] = (
        *both("rest_days", "days", "days since the club's last league match, at most 14; NaN before its first"),
        *both("congestion", "matches", "league matches of the club in the last 21 days"),
        Feature("rest_gap", "days", "home_rest_days minus away_rest_days"),
    )

    def __init__(self) -> None:
        self._days = PerClub(*[np.nan] * REMEMBERED)

    def before(self, fixtures: Fixtures) -> Array:
        """Count the days."""
        ago = fixtures.day - self._days[fixtures.clubs]
        rest = np.minimum(ago[..., 0], LONGEST)
        lately = (ago <= CONGESTED).sum(axis=-1).astype(np.float64)
        return np.concatenate([sides(rest, lately), rest[:, :1] - rest[:, 1:]], axis=1)

    def after(self, fixtures: Fixtures, outcome: Outcome) -> None:  # noqa: ARG002
        """Note the date."""
        days = self._days[fixtures.clubs]
        days[..., 1:] = days[..., :-1]
        days[..., 0] = fixtures.day
        self._days[fixtures.clubs] = days
