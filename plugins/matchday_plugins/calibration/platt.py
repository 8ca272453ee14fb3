"""Platt scaling: a slope for how sure a forecast is, and an intercept for each selection that it favours or neglects.

    p'_j ∝ exp(a_j) · p_j^b        for two selections: logit p' = (a_1 − a_2) + b · logit p

Platt, J. C. (1999). Probabilistic outputs for support vector machines and comparisons to regularized likelihood
methods. In Smola, A. J. et al. (eds.), Advances in Large Margin Classifiers, MIT Press, 61-74.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from matchday.markets import Market
from matchday_plugins.calibration.logits import LogitCalibrator


class Platt(LogitCalibrator):
    """Correct each market's probabilities by a slope and intercepts, p' ∝ exp(a_j) p_j^b.

    The last selection's intercept is 0, which is no restriction: only their differences matter. See ``Calibrator`` for
    what the fit sees and how it is held to the identity, ``LogitCalibrator`` for forecasts of 0.
    """

    sloped: ClassVar[bool] = True

    prior_cases: float = Field(500.0, gt=0, le=1e6, description="matches gone exactly as forecast that are added")

    def _free(self, market: Market) -> list[int]:
        return list(range(len(market.selections) - 1))
