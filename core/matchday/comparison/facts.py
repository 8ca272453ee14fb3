"""What a season's plays are measured against: prices, results and clubs, laid out once for all agents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.markets import MARKETS, SELECTIONS, Array, multiplicative, outcomes
from matchday.rules import Rules
from matchday.scoring import log_loss
from matchday.season import Season

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

#: Where each selection's column is, and each market's columns.
PLACE = {name: place for place, name in enumerate(SELECTIONS)}
_COLUMNS = [[PLACE[name] for name in market.selections] for market in MARKETS]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """A season under one price policy; arrays have a row a played match, and a column a selection of ``SELECTIONS``.

    ``day`` (n,) counts matchdays from 0; ``odds`` are those on offer, ``market`` the same de-vigged (multiplicative);
    ``closing`` is the mean of all bookmakers' de-vigged closing prices; ``won`` is 1 or 0; ``promoted`` (n,) tells the
    matches of a club that did not play the season before. NaN where there is no price.
    """

    season: Season
    index: pd.Index[str]
    day: Ints
    odds: Array
    market: Array
    closing: Array
    won: Bools
    promoted: Bools

    @classmethod
    def of(cls, season: Season, rules: Rules) -> Facts:
        """Lay a season out."""
        played = season.played
        odds = season.odds(rules.prices).iloc[season.first :].reindex(columns=list(rules.selections))
        prices = odds.reindex(columns=list(SELECTIONS)).to_numpy(dtype=np.float64)
        newcomers = list(season.promoted)
        return cls(
            season=season,
            index=played.index,
            day=np.unique(played["date"].to_numpy(), return_inverse=True)[1].astype(np.int64),
            odds=prices,
            market=_by_market(prices),
            closing=_closing(season),
            won=np.hstack([outcomes(played, market).to_numpy() for market in MARKETS]) > 0.5,
            promoted=(played["home"].isin(newcomers) | played["away"].isin(newcomers)).to_numpy(dtype=bool),
        )

    @property
    def matchdays(self) -> int:
        """The number of matchdays."""
        return int(self.day[-1]) + 1

    @property
    def months(self) -> list[str]:
        """The month of each match, as 2023-08."""
        return [f"{date:%Y-%m}" for date in self.season.played["date"]]


def _by_market(prices: Array) -> Array:
    """De-vig each market by itself; NaN where it is not priced whole."""
    return np.hstack([multiplicative(prices[:, places]) for places in _COLUMNS])


def _closing(season: Season) -> Array:
    """Average the de-vigged closing prices of all bookmakers, match by match and market by market."""
    quotes = season.quotes.iloc[season.first :]
    codes = sorted((season.closing - season.not_bookmakers) & set(quotes.columns.get_level_values(0)))
    opinions = [_by_market(quotes.reindex(columns=_quoted(code)).to_numpy(dtype=np.float64)) for code in codes]
    stacked = np.stack(opinions) if opinions else np.full((1, len(quotes), len(SELECTIONS)), np.nan)
    known = ~np.isnan(stacked)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, stacked, 0.0).sum(axis=0) / known.sum(axis=0))


def _quoted(code: str) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([[code], SELECTIONS])


def log_losses(p: Array, won: Bools) -> Array:
    """Answer the log-loss of each market (n, markets), in nats; NaN where there is no opinion."""
    return np.stack([log_loss(p[:, each], won[:, each].argmax(axis=1)) for each in _COLUMNS], axis=1)
