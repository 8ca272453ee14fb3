"""Elo ratings, by results or by goals. ``ratings.elo`` has the formulas and their sources."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from matchday_plugins.models.ratings.elo import EloTable
from matchday_plugins.models.ratings.link import Link
from matchday_plugins.models.ratings.model import RatingModel


class Elo(RatingModel):
    """Forecast results from Elo ratings.

    ``k = 20, goal_exponent = 0`` is Hvattum and Arntzen's result form, ``k = 10, goal_exponent = 1`` their goal form,
    both with ``home_advantage = 0`` and ``summer_regression = 0``. The link learns what it takes to play at home in any
    case; ``home_advantage`` keeps ratings from rewarding a club for a run of home matches.

    >>> Elo(k=20, goal_exponent=0).name
    'elo'
    """

    k: float = Field(7.0, gt=0, le=1000, description="points at stake in a match")
    goal_exponent: float = Field(
        1.0, ge=0, le=5, description="λ: a margin of d goals counts (1 + d)^λ times; 0: results alone"
    )
    home_advantage: float = Field(
        60.0, ge=0, le=1000, description="points added to the home club's rating for the expected score"
    )

    prior_link: ClassVar[Link] = Link(-1.1, 0.17, 0.0054)

    def table(self) -> EloTable:
        """Make the table in which nobody is rated yet."""
        return EloTable(
            k=self.k,
            goal_exponent=self.goal_exponent,
            home_advantage=self.home_advantage,
            summer_regression=self.summer_regression,
        )
