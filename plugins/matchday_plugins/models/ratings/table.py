"""What a table of ratings can do, whoever keeps it: ``EloTable``, ``PiTable``, ``GlickoTable``.

A table knows the clubs that play now, and nothing of seasons or calendars: whoever walks it through a history tells it
of each. The order of a season's calls is

    summer(clubs that stay), admit(each newcomer)                          before the season
    move_to(day), gap(...) and values(...) of the day, update(the day)     on each date, in order
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, Protocol


class Played(NamedTuple):
    """A match that is over."""

    home: str
    away: str
    home_goals: int
    away_goals: int


class RatingTable(Protocol):
    """Ratings by club, each a number or a few; the better club has the larger one.

    ``columns`` names the numbers of ``values``, ``parts`` those of ``rating_of``. ``scale`` is what one log goal of
    strength is worth in rating units; whoever knows better than the default may set it.
    """

    columns: ClassVar[tuple[str, ...]]
    parts: ClassVar[tuple[str, ...]]
    scale: float

    @property
    def ratings(self) -> Mapping[str, float]:
        """The clubs that are present, with one number each."""

    def rating_of(self, club: str) -> tuple[float, ...]:
        """Answer all that is known of a club, named by ``parts``."""

    def gap(self, home: str, away: str) -> float:
        """Answer how much better the home club is: the predictor of the result, home advantage not added."""

    def values(self, home: str, away: str) -> tuple[float, ...]:
        """Answer the numbers behind the gap, named by ``columns``."""

    def update(self, played: Sequence[Played]) -> None:
        """Learn from all matches of one date at once: each reads the ratings of that morning.

        A club that nobody has admitted is an average one.
        """

    def admit(self, club: str, strength: float, *, sd: float | None = None) -> None:
        """Let a newcomer, or a returner, in at its expected strength.

        ``strength`` is in log goals, 0 the average of the clubs that stayed when summer came; ``sd``, of the same
        unit, says how sure that is, to tables that keep account of it.
        """

    def move_to(self, day: int) -> None:
        """Let time pass up to a day (days since 1970), for tables that grow unsure with it."""

    def summer(self, staying: Collection[str]) -> None:
        """Let the season end: only these clubs stay, and are drawn towards their average if the table does that."""


def scores(played: Sequence[Played]) -> Iterator[tuple[Played, float]]:
    """Pair each match with the home club's score: 1 for a win, ½ for a draw, 0 for a defeat.

    >>> [score for _, score in scores([Played("A", "B", 2, 1), Played("C", "D", 0, 0)])]
    [1.0, 0.5]
    """
    for match in played:
        margin = match.home_goals - match.away_goals
        yield match, 0.5 if margin == 0 else float(margin > 0)


def drawn_in(ratings: Mapping[str, float], staying: Collection[str], share: float) -> tuple[dict[str, float], float]:
    """Keep the clubs that stay, drawn by a share in [0, 1] of the way to their average; and answer that average.

    >>> drawn_in({"A": 1600.0, "B": 1500.0, "C": 1300.0}, {"A", "B"}, 0.2)
    ({'A': 1590.0, 'B': 1510.0}, 1550.0)
    """
    kept = {club: rating for club, rating in ratings.items() if club in staying}
    average = sum(kept.values()) / len(kept) if kept else 0.0
    return {club: rating + share * (average - rating) for club, rating in kept.items()}, average
