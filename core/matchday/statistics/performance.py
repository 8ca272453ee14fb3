"""Returns by matchday, and what is earned for their spread.

    Sharpe    mean r / sd r                          r = after/before − 1, sd with n − 1
    Sortino   mean r / √(Σ min(r, 0)² / n)           against a target of 0, over all matchdays

Neither is annualised: a matchday is the unit, and betting has no rate that is free of risk. Both are NaN where the
denominator is 0, for an agent that never bets has no ratio, be it ever so safe.

Sharpe, W. F. (1994). The Sharpe ratio. Journal of Portfolio Management 21(1), 49-58. Sortino, F. A. & Price, L. N.
(1994). Performance measurement in a downside risk framework. Journal of Investing 3(3), 59-64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchday.markets import Array

#: A spread smaller than this is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Returns:
    """Simple returns (n,), one a matchday.

    >>> returns = Returns(np.array([0.1, -0.05, 0.0, 0.03]))
    >>> round(returns.sharpe, 4), round(returns.sortino, 4), Returns(np.zeros(4)).sharpe
    (0.3189, 0.8, nan)
    """

    values: Array

    @property
    def sharpe(self) -> float:
        """Mean over standard deviation; NaN for fewer than two returns or where they do not vary."""
        if len(self.values) < 2:
            return np.nan
        spread = float(self.values.std(ddof=1))
        return float(self.values.mean()) / spread if spread > ROUNDING else np.nan

    @property
    def sortino(self) -> float:
        """Mean over downside deviation; NaN where nothing was ever lost."""
        downside = float(np.sqrt((np.minimum(self.values, 0.0) ** 2).mean())) if len(self.values) else 0.0
        return float(self.values.mean()) / downside if downside > ROUNDING else np.nan

    @property
    def skewness(self) -> float:
        """The third standardised moment; 0 is symmetric."""
        return self._moment(3)

    @property
    def kurtosis(self) -> float:
        """The fourth standardised moment; 3 is the normal's."""
        return self._moment(4)

    def _moment(self, order: int) -> float:
        spread = float(self.values.std()) if len(self.values) else 0.0
        return float((((self.values - self.values.mean()) / spread) ** order).mean()) if spread > ROUNDING else np.nan
