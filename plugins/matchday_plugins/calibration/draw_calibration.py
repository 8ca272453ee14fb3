"""Draws apart: models of strength and goals often have too few or too many of them, and little else to be corrected.

    logit p'(draw) = a + logit p(draw);   home and away keep their ratio

Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45(3/4), 562-565.
"""

from __future__ import annotations

from pydantic import Field

from matchday.markets import Market
from matchday_plugins.calibration.logits import LogitCalibrator


class DrawCalibration(LogitCalibrator):
    """Multiply the odds of the draw by one factor, e^a, that the run's results bear out.

    Markets without a draw are handed on as they are. See ``Calibrator`` for what the fit sees and how it is held to the
    identity, ``LogitCalibrator`` for forecasts of 0.
    """

    prior_cases: float = Field(500.0, gt=0, le=1e6, description="matches gone exactly as forecast that are added")

    def _free(self, market: Market) -> list[int]:
        return [place for place, name in enumerate(market.selections) if name == "draw"]
