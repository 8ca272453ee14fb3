"""What a group of features is, and what it is told: matches before they are played, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from matchday.markets import Array

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Feature:
    """A column: its name, the unit of its numbers, and what they mean."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True, eq=False)
class Fixtures:
    """The matches of one date, before they are played.

    ``day`` counts days since 1970. ``clubs`` (n, 2) holds the clubs' numbers, home and away, and ``home`` and ``away``
    their names; nobody plays twice on a date. ``promoted`` (n, 2) is 1 for clubs that did not play in the season
    before, 0 for others, and NaN in the first season there is. ``odds`` (n, 5) are decimal odds in the order of
    ``SELECTIONS``, NaN: not offered.
    """

    day: int
    clubs: Ints
    home: list[str]
    away: list[str]
    promoted: Array
    odds: Array


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of a date's matches: (n, 2), home and away. Statistics are NaN where they are not known."""

    goals: Array
    shots: Array
    on_target: Array


@dataclass(frozen=True, slots=True, eq=False)
class PlayerRows:
    """Who played for whom on one date: a row a player (m,). ``club`` holds numbers; what is not known is NaN."""

    day: int
    player: list[str]
    club: Ints
    minutes: Array
    starts: Array
    involvement: Array
    red_cards: Array


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """A season begins, with its first match on ``day``.

    ``staying`` names the clubs that played in the season before too. ``arriving`` has those that did not, with the
    strength that is expected of them beside those who stay, in log goals, learned from seasons before; ``numbers`` are
    theirs. Both are empty in the first season there is.
    """

    season: str
    day: int
    staying: frozenset[str]
    arriving: Mapping[str, float]
    numbers: Ints


class FeatureGroup:
    """A few features that belong together, and the state per club that they follow from.

    The builder asks ``before`` for the rows of a date first and tells ``after`` what became of its matches then, date
    by date; so nothing that a group answers can depend on the date itself or on a later one. ``begin`` tells it before
    that of a new season, ``see`` of what players did on earlier dates.
    """

    #: The columns of ``before``.
    features: ClassVar[tuple[Feature, ...]] = ()

    #: Whether the group wants player rows.
    wants_players: ClassVar[bool] = False

    def begin(self, opening: Opening) -> None:
        """A season begins."""

    def see(self, rows: PlayerRows) -> None:
        """Take in what players did on an earlier date."""

    def before(self, fixtures: Fixtures) -> Array:
        """Answer the rows (n, features) of matches about to be played; NaN: not known."""
        raise NotImplementedError

    def after(self, fixtures: Fixtures, outcome: Outcome) -> None:
        """Take in what became of the matches."""


def both(name: str, unit: str, meaning: str) -> tuple[Feature, Feature]:
    """Name a feature of either side; ``meaning`` is written of "the club".

    >>> [feature.name for feature in both("rest_days", "days", "days since the club's last match")]
    ['home_rest_days', 'away_rest_days']
    """
    return (
        Feature(f"home_{name}", unit, meaning.replace("the club", "the home club")),
        Feature(f"away_{name}", unit, meaning.replace("the club", "the away club")),
    )


def sides(*columns: Array) -> Array:
    """Lay features of either side, each (n, 2), out as ``both`` names them: (n, 2 · columns)."""
    return np.concatenate(columns, axis=1)


def points(goals: Array) -> Array:
    """Answer the points (n, 2) that both sides take: 3, 1 or 0.

    >>> points(np.array([[2.0, 1.0], [0.0, 0.0]]))
    array([[3., 0.],
           [1., 1.]])
    """
    other = goals[:, ::-1]
    return np.asarray(2.0 * (goals > other) + (goals >= other))
