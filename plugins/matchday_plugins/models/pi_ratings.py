"""Pi-ratings: ability at home and away, in goals. ``ratings.pi`` has the formulas and their source."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from matchday_plugins.models.ratings.link import Link
from matchday_plugins.models.ratings.model import RatingModel
from matchday_plugins.models.ratings.pi import PiTable


class PiRatings(RatingModel):
    """Forecast results from the goal difference that pi-ratings expect.

    >>> PiRatings(rate=0.035, transfer=0.7).name
    'pi-ratings'
    """

    rate: float = Field(0.035, gt=0, le=1, description="λ: how fast a rating follows what a match shows")
    transfer: float = Field(0.7, ge=0, le=1, description="γ: share of a change at home that counts away, and back")

    prior_link: ClassVar[Link] = Link(-0.8, 0.4, 0.8)

    def table(self) -> PiTable:
        """Make the table in which nobody is rated yet."""
        return PiTable(rate=self.rate, transfer=self.transfer, summer_regression=self.summer_regression)
