"""Bookmakers: opinions on expected goals, a bias against favourites, an overround, and prices of two decimals.

A bookmaker's opinion is the truth with noise on both log expected goals, so that all of a match's markets cohere. The
noise has a part that all share and a part of each one's own; opening prices know no line-ups and have more of both.
The favourite-longshot bias is the published p ∝ o^(−β): with β > 1 longshots are overbet and pay less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from matchday.markets import MARKETS, SELECTIONS, Market, price_scores
from matchday.prices import PricePolicy
from matchday_data.synthetic.scorelines import Floats, scorelines

#: The shortest price there is.
SHORTEST = 1.01


@dataclass(frozen=True, slots=True)
class Bookmaker:
    """A bookmaker's code and his overround as a multiple of the house's; his closing prices end in C."""

    code: str
    margin: float

    @property
    def closing(self) -> str:
        """Code of his closing prices."""
        return self.code + "C"


HOUSE = Bookmaker("SYN", 1.0)
BOOKMAKERS = (HOUSE, Bookmaker("ALD", 1.1), Bookmaker("BRO", 0.9), Bookmaker("EXC", 0.5))
#: The mean of all bookmakers' prices, as price comparison sites print it; nobody pays it.
AVERAGE = Bookmaker("AVG", 1.0)

CLOSING = frozenset(each.closing for each in (*BOOKMAKERS, AVERAGE))
NOT_BOOKMAKERS = frozenset({AVERAGE.code, AVERAGE.closing})
POLICIES: dict[str, PricePolicy] = {
    "closing": PricePolicy((HOUSE.closing,), "closing", meaning="the house's closing prices"),
    "opening": PricePolicy((HOUSE.code,), "opening", meaning="the house's opening prices"),
    "best-closing": PricePolicy(
        tuple(b.closing for b in BOOKMAKERS),
        "closing",
        best=True,
        meaning="the best closing price of four bookmakers",
    ),
    "best-opening": PricePolicy(
        tuple(b.code for b in BOOKMAKERS),
        "opening",
        best=True,
        meaning="the best opening price of four bookmakers",
    ),
    "average-closing": PricePolicy((AVERAGE.closing,), "closing", meaning="the mean closing price of four bookmakers"),
    "average-opening": PricePolicy((AVERAGE.code,), "opening", meaning="the mean opening price of four bookmakers"),
}


class Betting(BaseModel):
    """How bookmakers err and what they charge."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    overround: float = Field(0.054, ge=0, le=0.5, description="the house's Σ 1/odds − 1 of a market, before rounding")
    longshot_bias: float = Field(1.08, ge=0.8, le=1.5, description="β of p ∝ o^(−β); above 1: longshots pay too little")
    noise: float = Field(
        0.09, ge=0, le=0.5, description="error of log expected goals that all closing prices share, sd"
    )
    opening_noise: float = Field(0.05, ge=0, le=0.5, description="further error that all opening prices share, sd")
    own_noise: float = Field(0.022, ge=0, le=0.5, description="further error of each bookmaker, sd")

    def quote(self, rng: np.random.Generator, *, expected: Floats, intensities: Floats, rho: float) -> Floats:
        """Quote one season: decimal odds (matches, columns of ``QUOTE_COLUMNS``).

        ``intensities`` (matches, 2) are the true log expected goals; ``expected`` leaves the line-ups out.
        """
        error = self.noise * rng.standard_normal(intensities.shape)
        earlier = self.opening_noise * rng.standard_normal(intensities.shape)
        own = self.own_noise * rng.standard_normal((len(BOOKMAKERS), *intensities.shape))
        blocks = []
        for opinion in (expected + error + earlier, intensities + error):
            prices = [self._prices(each, opinion + mine, rho) for each, mine in zip(BOOKMAKERS, own, strict=True)]
            blocks += [*prices, np.mean(prices, axis=0).round(2)]
        return np.concatenate(blocks, axis=1)

    def _prices(self, bookmaker: Bookmaker, opinion: Floats, rho: float) -> Floats:
        """Price every selection (matches, 5) of an opinion on log expected goals."""
        probabilities = price_scores(scorelines(opinion, rho=rho))
        total = 1.0 + bookmaker.margin * self.overround
        return np.concatenate([self._odds(probabilities, market, total) for market in MARKETS], axis=1)

    def _odds(self, probabilities: dict[str, Floats], market: Market, total: float) -> Floats:
        """Turn a market's probabilities into odds whose inverses add up to ``total``, before rounding."""
        biased = np.stack([probabilities[name] for name in market.selections], axis=1) ** (1.0 / self.longshot_bias)
        implied = total * biased / biased.sum(axis=1, keepdims=True)
        return np.asarray(np.maximum((1.0 / implied).round(2), SHORTEST))


#: Columns (bookmaker, selection) of what ``Betting.quote`` answers: all opening prices, then all closing ones.
QUOTE_COLUMNS = pd.MultiIndex.from_product(
    [
        [each.code for each in (*BOOKMAKERS, AVERAGE)] + [each.closing for each in (*BOOKMAKERS, AVERAGE)],
        SELECTIONS,
    ],
    names=["bookmaker", "selection"],
)
