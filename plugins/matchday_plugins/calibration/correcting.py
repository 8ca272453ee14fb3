"""A forecast with other probabilities in some of its markets, and all that follows from it changed to agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from matchday import Forecast
from matchday.markets import Array, Market
from matchday_plugins.calibration.reweighting import reweighted
from matchday_plugins.calibration.uncertainty import carried

#: Corrected probabilities (n, k) of a market, from those before; rows of NaN stay NaN.
Correct = Callable[[Market, Array], Array]
#: The derivatives (n, k, k) of the corrected probabilities (second axis) by those before (third axis).
Slopes = Callable[[Market, Array, Array], Array]


def corrected(
    forecast: Forecast, markets: Sequence[Market], correct: Correct, slopes: Slopes, *, source: str
) -> Forecast:
    """Answer a forecast of ``source`` with ``markets`` corrected.

    A scoreline distribution is re-weighted to agree, standard errors are carried over, and ``explanation`` stays.
    """
    frame, columns = forecast.probabilities, list(forecast.probabilities.columns)
    table = frame.to_numpy(dtype=np.float64).copy()
    errors = None if forecast.standard_error is None else forecast.standard_error.to_numpy(dtype=np.float64).copy()
    for market in markets:
        where = [columns.index(name) for name in market.selections]
        p = table[:, where]
        table[:, where] = correct(market, p)
        if errors is not None:
            errors[:, where] = carried(errors[:, where], slopes(market, p, table[:, where]))
    answer = pd.DataFrame(table, index=frame.index, columns=frame.columns)
    return Forecast(
        answer,
        source=source,
        scores=None if forecast.scores is None else reweighted(forecast.scores, answer),
        standard_error=None if errors is None else pd.DataFrame(errors, index=frame.index, columns=frame.columns),
        explanation=forecast.explanation,
    )
