"""Pi-ratings: ability at home and away, in goals. ``ratings.pi`` has the formulas and their source."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from matchday_plugins.models.ratings.link import Link
from matchday_plugins.models.ratings.model import RatingModel
from matchday_plugins.models.ratings.pi import PiTable


class PiRatings(RatingModel):
    """Forecast results from the goal difference that pi-ratings expect.

    ``rate = 0.035, transfer = 0.7, home_edge = 0`` and ``summer_regression = 0`` are Constantinou and Fenton's.

    >>> PiRatings(rate=0.035, home_edge=0).name
    'pi-ratings'
    """

    rate: float = Field(0.025, gt=0, le=1, description="λ: how fast a rating follows what a match shows")
    transfer: float = Field(0.7, ge=0, le=1, description="γ: share of a change at home that counts away, and back")

    home_edge: float = Field(
        0.5, ge=0, le=5, description="by how much ratings at home begin above those away; 0: as published"
    )

    prior_link: ClassVar[Link] = Link(-0.54, 0.73, 1.3)

    def table(self) -> PiTable:
        """Make the table in which nobody is rated yet."""
        return PiTable(
            rate=self.rate,
            transfer=self.transfer,
            home_edge=self.home_edge,
            summer_regression=self.summer_regression,
        )
