"""Glicko-2 ratings, which know how unsure they are. ``ratings.glicko`` has the formulas and their source."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from matchday_plugins.models.ratings.glicko import GlickoTable
from matchday_plugins.models.ratings.link import Link
from matchday_plugins.models.ratings.model import COLUMNS, RatingModel


class Glicko2(RatingModel):
    """Forecast results from Glicko-2 ratings, with standard errors.

    se(p) = |∂p/∂gap|·√(RD_home² + RD_away²), by the delta method: how unsure the two ratings are, today. That the link
    was fitted too, and that the model may be wrong, is left out.

    >>> Glicko2(tau=0.5).name
    'glicko2'
    """

    deviation: float = Field(80.0, gt=0, le=1000, description="how unsure a club's first rating is, in points")
    volatility: float = Field(0.03, gt=0, le=1, description="σ that clubs begin with")
    tau: float = Field(0.5, ge=0.05, le=2, description="how freely a club's volatility moves")
    period_days: float = Field(7.0, gt=0, le=3650, description="a rating period: the variance grows by σ² over it")
    home_advantage: float = Field(
        60.0, ge=0, le=1000, description="points added to the home club's rating for the expected score"
    )

    prior_link: ClassVar[Link] = Link(-1.1, 0.17, 0.0074)

    def table(self) -> GlickoTable:
        """Make the table in which nobody is rated yet."""
        return GlickoTable(
            deviation=self.deviation,
            volatility=self.volatility,
            tau=self.tau,
            period_days=self.period_days,
            home_advantage=self.home_advantage,
            summer_regression=self.summer_regression,
        )

    def _errors(self, link: Link, explanation: pd.DataFrame) -> pd.DataFrame:
        """Answer how unsure both ratings make each probability."""
        spread = np.hypot(explanation["home_deviation"].to_numpy(), explanation["away_deviation"].to_numpy())
        errors = np.abs(link.slopes(explanation["gap"].to_numpy())) * spread[:, None]
        return pd.DataFrame(errors, index=explanation.index, columns=COLUMNS)
