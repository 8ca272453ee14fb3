"""What is asked of the probabilities: draws and longshots, where KellyBench's agents went wrong most often."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from matchday.auditing.sophistication.criterion import Verdict, criterion
from matchday.auditing.sophistication.evidence import Evidence
from matchday.markets import MATCH_RESULT, outcomes

#: The chance that a forecast is called miscalibrated whose probabilities are the true ones.
LEVEL = 0.05

#: Decimal odds from which a selection of the 1X2 market is a longshot.
LONGSHOT = 5.0

#: Forecasts that it takes to judge them.
ENOUGH = 30

_DECIDED = (
    "z = Σ(y − p)/√Σp(1 − p) of the run's own forecasts, y = 1 where it came true, is within ±1.96 (a level of 5 %); "
    f"{ENOUGH} cases or more"
)


@criterion("draws calibrated", asks="Do draws come true as often as the run's forecasts say?", decided=_DECIDED)
def draws(evidence: Evidence) -> Verdict:
    """Hold the draws that were forecast against those there were."""
    return _calibrated(evidence, pd.DataFrame({"draw": True}, index=evidence.forecasts.blended.index))


@criterion(
    "longshots calibrated",
    asks=f"Do 1X2 selections at odds of {LONGSHOT:g} and more come true as often as the run's forecasts say?",
    decided=_DECIDED,
)
def longshots(evidence: Evidence) -> Verdict:
    """Hold the chances of longshots against what came of them."""
    return _calibrated(evidence, evidence.forecasts.odds[list(MATCH_RESULT.selections)] >= LONGSHOT)


def _calibrated(evidence: Evidence, chosen: pd.DataFrame) -> Verdict:
    """Test the forecasts of the selections that are True in ``chosen``."""
    forecasts = evidence.forecasts
    if not forecasts.blended["home"].notna().any():
        return "not applicable", "there is no forecast"
    if evidence.season is None:
        return "not assessable", evidence.missing["season"]
    said = forecasts.blended.reindex(index=chosen.index, columns=chosen.columns)
    won = outcomes(evidence.season.played).reindex_like(said).to_numpy(dtype=np.float64)
    price = forecasts.price.reindex_like(said).to_numpy(dtype=np.float64)
    p = said.to_numpy(dtype=np.float64)
    used = chosen.to_numpy(dtype=bool) & ~np.isnan(p)
    p, won, price = p[used], won[used], price[used]
    if len(p) < ENOUGH:
        return "not assessable", f"{len(p)} cases; {ENOUGH} are needed"
    spread = float(np.sqrt((p * (1.0 - p)).sum()))
    z = float((won - p).sum()) / spread if spread > 0.0 else np.inf
    told = (
        f"said {p.mean():.1%}, {won.mean():.1%} of {len(p)} came true (z {z:+.2f}); the price said {price.mean():.1%}"
    )
    return ("met" if abs(z) <= ndtri(1.0 - LEVEL / 2.0) else "not met"), told
