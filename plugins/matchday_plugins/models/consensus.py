"""The bookmakers' consensus: what they believe on average, for betting with whoever pays more than that.

    p = mean of p_b                     over the bookmakers b that price the whole market, each de-vigged by itself
    p ∝ exp(mean of log p_b)            the same by log-odds: the geometric mean

Kaunitz, L., Zhong, S. & Kreiner, J. (2017). Beating the bookies with their own numbers, and how the online sports
betting market is rigged. arXiv:1710.02824.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Component, Forecast, Matchday, MatchdayError, hookimpl
from matchday.errors import did_you_mean
from matchday.events import SeasonOpened
from matchday.markets import MARKETS, SELECTIONS, Array, Market
from matchday_plugins.models.devig import Method
from matchday_plugins.models.quotes import Bools, Quotes, overround, whole


class Consensus(Component):
    """Forecast the mean of what the bookmakers' prices say, market by market.

    All prices of a market are of one moment: closing ones where at least ``minimum_bookmakers`` quote it whole, else
    the earlier ones where so many do, else there is no opinion (NaN). Averages and maxima over the market, and
    exchanges before commission, are no bookmakers. The standard error is the standard deviation between bookmakers,
    and NaN with fewer than two. It is not divided by √n, since they follow one another, and it knows nothing of the
    errors that they share: in the synthetic league, where the truth is known, the mean is four times as far from it.
    ``explanation`` has by market the number of ``bookmakers``, whether their prices are ``closing`` (1) and their mean
    ``overround``.
    """

    method: Method = Field("power", description="how a bookmaker's margin is taken out of his odds")
    mean: Literal["probability", "log_odds"] = Field("probability", description="what is averaged over bookmakers")
    minimum_bookmakers: int = Field(2, ge=1, description="with fewer that price a market there is no opinion on it")
    bookmakers: tuple[str, ...] | None = Field(
        None, min_length=1, description="codes to listen to, those of closing prices included; None: everybody's"
    )

    _closing: frozenset[str] = PrivateAttr(default=frozenset())
    _left_out: frozenset[str] = PrivateAttr(default=frozenset())

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Note whose prices are closing ones, and who is no bookmaker; refuse codes that the source does not have."""
        self._closing, self._left_out = season.closing, season.not_bookmakers
        known = {*Quotes.of(season.history.quotes.iloc[:0]).codes, *season.closing} - season.not_bookmakers
        for code in self.bookmakers or ():
            if known and code not in known:
                raise MatchdayError(
                    f"bookmaker {code!r} is not quoted by source {season.source!r}; {did_you_mean(code, known)}"
                )

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Average the de-vigged prices of each market."""
        quotes = Quotes.of(day.slate.quotes)
        codes = self._codes(quotes)
        answers = [self._average(quotes, codes, market) for market in MARKETS]
        p, errors = (np.hstack(parts) for parts in zip(*[answer[:2] for answer in answers], strict=True))
        columns = list(SELECTIONS)
        return Forecast(
            pd.DataFrame(p, index=day.slate.index, columns=columns),
            source=self.name,
            standard_error=pd.DataFrame(errors, index=day.slate.index, columns=columns),
            explanation=pd.concat([answer[2] for answer in answers], axis=1),
        )

    def _codes(self, quotes: Quotes) -> list[str]:
        wanted = quotes.codes if self.bookmakers is None else self.bookmakers
        return [code for code in wanted if code in quotes.codes and code not in self._left_out]

    def _average(self, quotes: Quotes, codes: list[str], market: Market) -> tuple[Array, Array, pd.DataFrame]:
        """Answer a market's probabilities and standard errors (n, selections), and what they come from."""
        odds = quotes.odds(codes, market)
        used, closing = self._of_one_moment(whole(odds), codes)
        p = quotes.fair(np.where(used[:, :, None], odds, np.nan), codes, self.method)
        count = used.sum(axis=1)
        numbers = {
            f"bookmakers_{market.name}": count.astype(np.float64),
            f"closing_{market.name}": np.where(count > 0, closing, np.nan),
            f"overround_{market.name}": _mean(overround(odds)[:, :, None], used)[:, 0],
        }
        return self._pooled(p, used), _spread(p, used), pd.DataFrame(numbers, index=quotes.index)

    def _of_one_moment(self, quoted: Bools, codes: list[str]) -> tuple[Bools, Bools]:
        """Say whose prices (n, bookmakers) of a market are used, and whether they are closing ones (n,)."""
        late = np.array([code in self._closing for code in codes], dtype=bool)
        closing = (quoted & late).sum(axis=1) >= self.minimum_bookmakers
        used = quoted & (late == closing[:, None])
        return used & (used.sum(axis=1, keepdims=True) >= self.minimum_bookmakers), closing

    def _pooled(self, p: Array, used: Bools) -> Array:
        if self.mean == "probability":
            return _mean(p, used)
        pooled = np.exp(_mean(np.log(p), used))
        return np.asarray(pooled / pooled.sum(axis=1, keepdims=True))


def _mean(values: Array, used: Bools) -> Array:
    """Average (n, bookmakers, k) over the bookmakers that are used: (n, k), NaN where none is."""
    count = used.sum(axis=1)[:, None].astype(np.float64)
    total: Array = np.where(used[:, :, None], values, 0.0).sum(axis=1)
    mean: Array = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return mean


def _spread(p: Array, used: Bools) -> Array:
    """Answer the standard deviation of (n, bookmakers, k) between bookmakers: (n, k), NaN with fewer than two."""
    count = used.sum(axis=1)[:, None].astype(np.float64)
    squares = count * _mean((p - _mean(p, used)[:, None, :]) ** 2, used)
    variance: Array = np.divide(squares, count - 1.0, out=np.full_like(squares, np.nan), where=count > 1)
    return np.asarray(np.sqrt(variance))
