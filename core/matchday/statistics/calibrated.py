"""How far forecasts are from how often it happens, selection by selection, from counts by bin of probability.

    ECE = Σ_b |Σ_{i∈b} p_i − Σ_{i∈b} 1[won_i]| / n         classwise: one selection at a time

Even a forecaster who knows the truth has an error above 0, for bins of few matches are off by luck.

Naeini, M. P., Cooper, G. F. & Hauskrecht, M. (2015). Obtaining well calibrated probabilities using Bayesian binning.
AAAI-15, 2901-2907. Kull, M. et al. (2019). Beyond temperature scaling. NeurIPS 32 (classwise).
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def expected_calibration_error(bins: pd.DataFrame) -> float:
    """Answer the error of one selection, in [0, 1]; NaN where nothing was forecast.

    ``bins`` has ``bin``, ``matches``, ``forecast`` (sum of p) and ``won`` (count); rows of one bin, as of several
    plays, are added up first.

    >>> expected_calibration_error(pd.DataFrame({"bin": [4, 9], "matches": 10, "forecast": [2.2, 4.8], "won": [2, 5]}))
    0.02
    """
    matches = float(bins["matches"].sum())
    if not matches:
        return np.nan
    gaps = (bins["forecast"] - bins["won"]).groupby(bins["bin"]).sum().abs().sum()
    return round(float(gaps) / matches, 12)


def overrated(bins: pd.DataFrame) -> float:
    """Answer the mean forecast minus the share won; above 0, they were thought likelier than they were."""
    matches = float(bins["matches"].sum())
    return float(bins["forecast"].sum() - bins["won"].sum()) / matches if matches else np.nan
