"""Glicko-2 ratings, which know how unsure they are. ``ratings.glicko`` has the formulas and their source."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.polynomial.hermite import hermgauss
from pydantic import Field

from matchday_plugins.models.ratings.glicko import GlickoTable
from matchday_plugins.models.ratings.link import Link
from matchday_plugins.models.ratings.model import COLUMNS, RatingModel

#: E[f(x)] of a standard normal x is Σ WEIGHTS · f(NODES), by Gauss and Hermite.
NODES, WEIGHTS = (part * scale for part, scale in zip(hermgauss(15), (2.0**0.5, np.pi**-0.5), strict=True))


class Glicko2(RatingModel):
    """Forecast results from Glicko-2 ratings, with standard errors.

    se(p)² = E[(p(g) − p(gap))²] over g ~ N(gap, RD_home² + RD_away²): how unsure the two ratings are, today. It is an
    integral and not a slope, for between equal clubs the draw's slope is 0 and its error is not. That the link was
    fitted too, and that the model may be wrong, is left out.

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
        gap = explanation["gap"].to_numpy()
        around = link.probabilities((gap + spread * NODES[:, None]).ravel()).reshape(len(NODES), len(gap), -1)
        errors = np.sqrt(np.tensordot(WEIGHTS, (around - link.probabilities(gap)) ** 2, axes=1))
        return pd.DataFrame(errors, index=explanation.index, columns=COLUMNS)
