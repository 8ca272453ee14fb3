"""What the watches share: they see a forecast as it passes by, and speak of it each morning once results are in."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from pydantic import Field

from matchday import Agent, Diagnosis, Forecast, Matchday, hookimpl
from matchday.markets import Array, Market
from matchday.scoring import Ints
from matchday_plugins.track_record import PRICE, Follower, fair_prices, tabulated

#: The record's name for the forecast that is watched.
WATCHED = "watched"


class Watch(Follower):
    """A component that watches a forecast and changes nothing.

    ``of`` names the model that is watched; without it, it is the blend as it stands after the wrappers listed before
    the watch. Matches on which it has no opinion are left out. Each morning after the first result the watch
    says how things stand, so that every later hook of the day can read it in ``day.diagnoses``; it takes note of
    nothing on a morning, so it may be asked more than once.
    """

    of: str | None = Field(None, description="model that is watched; None: the blend at the watch's place in the list")

    def check_agent(self, agent: Agent) -> None:
        """Refuse to watch nobody."""
        if self.of is not None:
            agent.need_model(self.of, parameter="of")

    @hookimpl(wrapper=True)
    def blend(self, day: Matchday, forecasts: list[Forecast]) -> Generator[None, Forecast, Forecast]:
        """Note the forecast, and hand it on."""
        blended = yield
        self._record.note(day, {WATCHED: tabulated(self._watched(forecasts, blended)), PRICE: fair_prices(day.slate)})
        return blended

    @hookimpl
    def diagnose(self, day: Matchday) -> list[Diagnosis]:  # noqa: ARG002
        """Say how the forecast has done so far; nothing before the first result."""
        return self._findings() if len(self._record) else []

    def _watched(self, forecasts: list[Forecast], blended: Forecast) -> Forecast:
        if self.of is None:
            return blended
        return next(forecast for forecast in forecasts if forecast.source == self.of)

    @property
    def _subject(self) -> str:
        return "the blend" if self.of is None else f"{self.of!r}"

    def _lately(self, market: Market, settled: int) -> tuple[Array, Array, Ints]:
        """Answer what was said (n, k), the prices (n, k) and the winners (n,) of the new matches with an opinion."""
        p = self._record.said(WATCHED, market)[-settled:]
        q, won = self._record.said(PRICE, market)[-settled:], self._record.won(market)[-settled:]
        told = ~np.isnan(p).any(axis=1)
        return p[told], q[told], won[told]

    def _findings(self) -> list[Diagnosis]:
        """Say what has been found so far."""
        raise NotImplementedError
