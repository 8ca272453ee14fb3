"""What the calibrators share: they see the blend's forecast, learn from the record of it, and answer a better one."""

from __future__ import annotations

from collections.abc import Generator
from typing import ClassVar

import numpy as np
from pydantic import Field

from matchday import Forecast, Matchday, hookimpl
from matchday.markets import MARKETS, Array, Market, complete_markets
from matchday.scoring import Ints
from matchday_plugins.calibration.correcting import corrected
from matchday_plugins.track_record import Follower, tabulated

#: The record's name for the forecast as it was before it was calibrated.
RAW = "raw"


class Calibrator(Follower):
    """A wrapper of ``blend`` that corrects each market's probabilities, fitted on the run's earlier forecasts alone.

    What is recorded is the forecast as this wrapper saw it, that is after the wrappers listed before it. To the n
    settled matches the fit adds ``prior_cases`` imaginary ones that went exactly as forecast, so that few matches
    change little, and none change nothing: before the first result the forecast is handed on as it is. The correction
    is fitted anew after every matchday.

    Corrected probabilities add up to 1; where there is no opinion there is none afterwards. A scoreline distribution is
    re-weighted to agree with them and ``explanation`` stays; the corrected forecast has this component's name.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"calibrates", "learns-in-season"})

    prior_cases: float = Field(1000.0, gt=0, le=1e6, description="matches gone exactly as forecast that are added")

    @hookimpl(wrapper=True)
    def blend(self, day: Matchday) -> Generator[None, Forecast, Forecast]:
        """Note the forecast, and answer it corrected."""
        forecast = yield
        self._record.note(day, {RAW: tabulated(forecast)})
        return self._corrected(forecast)

    def _corrected(self, forecast: Forecast) -> Forecast:
        whole = complete_markets(list(forecast.probabilities.columns))
        markets = [market for market in whole if self._knows(market)]
        if not markets:
            return forecast
        return corrected(forecast, markets, self._correct, self._slopes, source=self.name)

    @property
    def _seen(self) -> slice:
        """Which settled matches the correction is fitted to, of those on record in order of play: all of them."""
        return slice(None)

    def _learn(self, settled: int) -> None:  # noqa: ARG002
        for market in MARKETS:
            p, won = self._record.said(RAW, market)[self._seen], self._record.won(market)[self._seen]
            told = ~np.isnan(p).any(axis=1)
            if told.any():
                self._fit(market, p[told], won[told])

    def _knows(self, market: Market) -> bool:
        """Whether it has anything to correct of a market by now."""
        raise NotImplementedError

    def _fit(self, market: Market, p: Array, won: Ints) -> None:
        """Fit the correction of a market to forecasts p (n, k) without NaN, and the winners (n,)."""
        raise NotImplementedError

    def _correct(self, market: Market, p: Array) -> Array:
        """Answer corrected probabilities (n, k); rows of NaN stay NaN."""
        raise NotImplementedError

    def _slopes(self, market: Market, p: Array, corrected: Array) -> Array:
        """Answer the derivatives (n, k, k) of the corrected probabilities (second axis) by p (third axis)."""
        raise NotImplementedError
