"""Temperature: one number that says how much too sure of itself a forecast is.

    p'_j ∝ p_j^{1/T}        T > 1 flattens, T < 1 sharpens

Guo, C., Pleiss, G., Sun, Y. & Weinberger, K. Q. (2017). On calibration of modern neural networks. ICML 2017, 1321-1330.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from matchday.markets import Market
from matchday_plugins.calibration.logits import LogitCalibrator


class Temperature(LogitCalibrator):
    """Flatten or sharpen each market's probabilities, p' ∝ p^{1/T}, with the T that the run's results bear out.

    ``fitted`` gives 1/T as the ``slope``; T is at most 20. See ``Calibrator`` for what the fit sees and how it is held
    to the identity, ``LogitCalibrator`` for the formula and for forecasts of 0.
    """

    sloped: ClassVar[bool] = True

    prior_cases: float = Field(500.0, gt=0, le=1e6, description="matches gone exactly as forecast that are added")

    def _free(self, market: Market) -> list[int]:  # noqa: ARG002
        return []
