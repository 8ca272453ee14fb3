"""Shots: what clubs create and allow, which tells more of them than the goals that came of it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures, Opening, Outcome, both, sides
from matchday_plugins.features.perclub import FadingMean

#: After how many matches a match counts half.
HALF_LIFE = 15.0


class Shots(FeatureGroup):
    """Fading means of shots and shots on target, for and against; NaN until a match with statistics was played."""

    features: ClassVar[tuple[Feature, ...]] = (
        *both("shots_for", "shots", "fading mean of the club's shots"),
        *both("shots_against", "shots", "fading mean of shots against the club"),
        *both("on_target_for", "shots", "fading mean of the club's shots on target"),
        *both("on_target_against", "shots", "fading mean of shots on target against the club"),
    )

    def __init__(self) -> None:
        self._means = FadingMean(4, half_life=HALF_LIFE)

    def begin(self, opening: Opening) -> None:
        """Forget what clubs that come up did in other years."""
        self._means.forget(opening.numbers)

    def before(self, fixtures: Fixtures) -> Array:
        """Answer the means."""
        means = self._means[fixtures.clubs]
        return sides(*(means[..., k] for k in range(4)))

    def after(self, fixtures: Fixtures, outcome: Outcome) -> None:
        """Take in the statistics."""
        shots, on_target = outcome.shots, outcome.on_target
        values = np.stack([shots, shots[:, ::-1], on_target, on_target[:, ::-1]], axis=-1)
        self._means.add(fixtures.clubs, values)
