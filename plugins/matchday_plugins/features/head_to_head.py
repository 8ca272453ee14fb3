"""Head to head: what happened when the same two clubs met before, at either ground."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures, Outcome

#: A meeting counts this much of the one after it: half after four meetings, which is two seasons.
DECAY = 2.0**-0.25

#: So many goalless meetings are added, for a few meetings tell little.
PSEUDO_MEETINGS = 2.0


class HeadToHead(FeatureGroup):
    """Goal difference of earlier meetings, fading and drawn towards 0, and how many there were."""

    features: ClassVar[tuple[Feature, ...]] = (
        Feature("meetings_goal_difference", "goals", "fading mean goal difference of earlier meetings, home club's"),
        Feature("meetings", "meetings", "fading number of earlier meetings"),
    )

    def __init__(self) -> None:
        self._sums: dict[tuple[int, int], tuple[float, float]] = {}

    def before(self, fixtures: Fixtures) -> Array:
        """Answer 0 and 0 where the two never met."""
        sums = np.array([self._of(home, away) for home, away in fixtures.clubs.tolist()]).reshape(-1, 2)
        return np.column_stack([sums[:, 0] / (sums[:, 1] + PSEUDO_MEETINGS), sums[:, 1]])

    def after(self, fixtures: Fixtures, outcome: Outcome) -> None:
        """Take in the scores."""
        difference = (outcome.goals[:, 0] - outcome.goals[:, 1]).tolist()
        for (home, away), goals in zip(fixtures.clubs.tolist(), difference, strict=True):
            total, meetings = self._of(home, away)
            total, meetings = DECAY * total + goals, DECAY * meetings + 1.0
            self._sums[min(home, away), max(home, away)] = (_seen(total, home, away), meetings)

    def _of(self, home: int, away: int) -> tuple[float, float]:
        """Answer the sum of goal differences from the home club's side, and the number of meetings."""
        total, meetings = self._sums.get((min(home, away), max(home, away)), (0.0, 0.0))
        return _seen(total, home, away), meetings


def _seen(total: float, home: int, away: int) -> float:
    """Turn a sum over to the other side, if it is theirs; no 0 becomes a negative one."""
    return total if home < away else 0.0 - total
