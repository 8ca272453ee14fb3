"""The sharp price: what the bookmaker with the smallest margin and the highest limits believes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from matchday import Component, Forecast, Matchday, hookimpl
from matchday.errors import did_you_mean
from matchday.events import SeasonOpened
from matchday.markets import MARKETS, SELECTIONS, Array, Market
from matchday_plugins.models.devig import Method
from matchday_plugins.models.quotes import Quotes, overround, whole


class Sharp(Component):
    """Forecast what one bookmaker's prices say: for each market of a match the first of a chain that prices all of it.

    The default is Pinnacle's closing price, else the earlier one. Where nobody in the chain prices the market there is
    no opinion (NaN). Bookmakers of the chain that the source does not know are passed over, which is put on record
    once a season, with the codes it does know. ``explanation`` has by market the ``place`` in the chain that was
    used, from 1, and its ``overround``.
    """

    bookmakers: tuple[str, ...] = Field(
        ("PSC", "PS"), min_length=1, description="codes, asked in this order; the default is football-data's Pinnacle"
    )
    method: Method = Field("power", description="how the bookmaker's margin is taken out of his odds")

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Say which bookmakers of the chain the source does not know."""
        known = {*Quotes.of(season.history.quotes.iloc[:0]).codes, *season.closing} - season.not_bookmakers
        absent = [code for code in self.bookmakers if code not in known]
        for code in absent:
            self.act(f"passed over bookmaker {code!r}", cause=_cause(code, season.source, known))
        if len(absent) == len(self.bookmakers):
            self.act("has no opinion", cause="no bookmaker of its chain is quoted; name others as 'bookmakers'")

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """De-vig the first complete price of each market."""
        quotes = Quotes.of(day.slate.quotes)
        answers = [self._first(quotes, market) for market in MARKETS]
        p = pd.DataFrame(np.hstack([p for p, _ in answers]), index=day.slate.index, columns=list(SELECTIONS))
        explanation = pd.concat([numbers for _, numbers in answers], axis=1)
        return Forecast(p, source=self.name, explanation=explanation)

    def _first(self, quotes: Quotes, market: Market) -> tuple[Array, pd.DataFrame]:
        """Answer a market's probabilities (n, selections), and what they come from."""
        odds = quotes.odds(self.bookmakers, market)
        quoted = whole(odds)
        chosen = quoted.argmax(axis=1)
        taken = odds[np.arange(len(odds)), chosen][:, None, :]
        place = np.where(quoted.any(axis=1), chosen + 1.0, np.nan)
        numbers = {f"place_{market.name}": place, f"overround_{market.name}": overround(taken)[:, 0]}
        p = quotes.fair(taken, ["the sharp bookmaker"], self.method)[:, 0]
        return p, pd.DataFrame(numbers, index=quotes.index)


def _cause(code: str, source: str, known: set[str]) -> str:
    return f"source {source!r} does not quote it; {did_you_mean(code, known)}"
