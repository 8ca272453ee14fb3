"""Markets: which selections exclude one another, and how a final score settles each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Market:
    """A set of mutually exclusive, exhaustive selections.

    ``settle(home_goals, away_goals)`` takes two arrays of n full-time goals and answers an array (n, selections, 2):
    the share of a stake that wins at the odds, and the share that is given back. A selection that pushes, or
    half-pushes as Asian quarter lines do, uses the second.
    """

    name: str
    selections: tuple[str, ...]
    settle: Callable[[npt.NDArray[Any], npt.NDArray[Any]], Array]


def _decided(*won: npt.NDArray[np.bool_]) -> Array:
    wins = np.stack(won, axis=-1).astype(np.float64)
    return np.stack([wins, np.zeros_like(wins)], axis=-1)


def _match_result(home: npt.NDArray[Any], away: npt.NDArray[Any]) -> Array:
    return _decided(home > away, home == away, home < away)


def _total_goals_2_5(home: npt.NDArray[Any], away: npt.NDArray[Any]) -> Array:
    return _decided(home + away > 2.5, home + away < 2.5)


MATCH_RESULT = Market("match_result", ("home", "draw", "away"), _match_result)
TOTAL_GOALS_2_5 = Market("total_goals_2_5", ("over_2_5", "under_2_5"), _total_goals_2_5)

MARKETS: tuple[Market, ...] = (MATCH_RESULT, TOTAL_GOALS_2_5)
SELECTIONS: tuple[str, ...] = tuple(name for market in MARKETS for name in market.selections)
MARKET_OF: dict[str, Market] = {name: market for market in MARKETS for name in market.selections}


@cache
def settle_score(home_goals: int, away_goals: int) -> Mapping[str, tuple[float, float]]:
    """Settle every selection by one final score: ``{selection: (share won, share given back)}``.

    >>> settle_score(2, 1)["home"], settle_score(2, 1)["under_2_5"]
    ((1.0, 0.0), (0.0, 0.0))
    """
    home, away = np.array([home_goals]), np.array([away_goals])
    settled = {
        name: (float(won), float(back))
        for market in MARKETS
        for name, (won, back) in zip(market.selections, market.settle(home, away)[0], strict=True)
    }
    return MappingProxyType(settled)


def outcomes(matches: pd.DataFrame, market: Market = MATCH_RESULT) -> pd.DataFrame:
    """Say which selections of a market won: 1.0 or 0.0, one row a match, from ``home_goals`` and ``away_goals``."""
    settled = market.settle(matches["home_goals"].to_numpy(), matches["away_goals"].to_numpy())
    return pd.DataFrame(settled[..., 0], index=matches.index, columns=list(market.selections))


def price_scores(scores: Array) -> dict[str, Array]:
    """Price every selection from scoreline distributions (n, G, G), home goals by away goals.

    Answers ``{selection: probabilities (n,)}``; each market's add up to the mass of the grid.
    """
    goals = np.arange(scores.shape[1])
    home, away = (axis.ravel() for axis in np.meshgrid(goals, goals, indexing="ij"))
    cells = scores.reshape(len(scores), -1)
    return {
        name: column
        for market in MARKETS
        for name, column in zip(market.selections, (cells @ market.settle(home, away)[..., 0]).T, strict=True)
    }


def multiplicative(odds: Array) -> Array:
    """De-vig by proportion, p = (1/o) / Σ 1/o, along the last axis; NaN where a price is missing."""
    implied = 1.0 / odds
    return np.asarray(implied / implied.sum(axis=-1, keepdims=True))


def complete_markets(columns: Sequence[str]) -> list[Market]:
    """List the markets all of whose selections are among ``columns``."""
    return [market for market in MARKETS if set(market.selections) <= set(columns)]
