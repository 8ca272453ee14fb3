"""Form: what clubs' latest results were like, over five matches and with older ones fading."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from matchday.markets import Array
from matchday_plugins.features.group import Feature, FeatureGroup, Fixtures, Opening, Outcome, both, points, sides
from matchday_plugins.features.perclub import FadingMean, PerClub

#: How many matches are the latest ones, and after how many a match counts half.
LATEST = 5
HALF_LIFE = 15.0

#: Columns of the fading means: the last two are goal differences at home and away.
POINTS, FOR, AGAINST, HOME, AWAY = range(5)


class Form(FeatureGroup):
    """Points and goals of the last five matches, and fading means of points and goals, at all grounds and at this one.

    Clubs that come up begin without a past, whatever they did in other years.
    """

    features: ClassVar[tuple[Feature, ...]] = (
        *both("points_5", "points", "mean points of the club's last five matches, or of all where there are fewer"),
        *both("goal_difference_5", "goals", "mean goal difference of those matches"),
        *both("points_form", "points", "fading mean of the club's points"),
        *both("goals_for", "goals", "fading mean of the club's goals"),
        *both("goals_against", "goals", "fading mean of goals against the club"),
        *both("venue_form", "goals", "fading mean of the club's goal difference in matches on this side: home or away"),
    )

    def __init__(self) -> None:
        self._latest = PerClub(*[np.nan] * (2 * LATEST))
        self._means = FadingMean(5, half_life=HALF_LIFE)

    def begin(self, opening: Opening) -> None:
        """Forget what clubs that come up did in other years."""
        self._latest.forget(opening.numbers)
        self._means.forget(opening.numbers)

    def before(self, fixtures: Fixtures) -> Array:
        """Answer means of what was."""
        latest, means = self._latest[fixtures.clubs], self._means[fixtures.clubs]
        recent = _mean(latest[..., :LATEST]), _mean(latest[..., LATEST:])
        venue = np.stack([means[:, 0, HOME], means[:, 1, AWAY]], axis=1)
        return sides(*recent, means[..., POINTS], means[..., FOR], means[..., AGAINST], venue)

    def after(self, fixtures: Fixtures, outcome: Outcome) -> None:
        """Take in the scores."""
        clubs, goals, won = fixtures.clubs, outcome.goals, points(outcome.goals)
        difference = goals - goals[:, ::-1]
        latest = self._latest[clubs]
        latest[..., 1:] = latest[..., :-1]
        latest[..., 0], latest[..., LATEST] = won, difference
        self._latest[clubs] = latest
        values = np.full((*goals.shape, 5), np.nan)
        values[..., POINTS], values[..., FOR], values[..., AGAINST] = won, goals, goals[:, ::-1]
        values[:, 0, HOME], values[:, 1, AWAY] = difference[:, 0], difference[:, 1]
        self._means.add(clubs, values)


def _mean(values: Array) -> Array:
    """Answer the mean along the last axis of what is known."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, values, 0.0).sum(axis=-1) / known.sum(axis=-1))
