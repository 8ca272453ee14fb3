"""The expected log growth of bets that are placed, whoever sized them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from matchday.growth.candidates import Book
from matchday.growth.wealth import Grid, Wealth
from matchday.markets import Array


def expected_growth(bets: pd.DataFrame, shares: Array, *, scores: Mapping[str, Array] | None = None) -> float:
    """Answer E[log W] of shares (n,) of the bankroll, a row a bet, under the bets' probabilities; −∞ if all may go.

    ``bets`` has ``match_id, market, selection, probability, odds``; ``scores`` the scoreline distributions (G, G) of
    the matches that have one, from which bets on several of its markets take their dependence. Matches are
    independent. Raises ``MatchdayError`` with the row that makes no sense.

    >>> evens = {"market": "match_result", "selection": "home", "probability": 0.55, "odds": 2.0}
    >>> round(expected_growth(pd.DataFrame({"match_id": ["A v B"], **evens}), pd.Series([0.1]).to_numpy()), 7)
    0.0050084
    """
    book = Book(bets, scores or {})
    if not len(bets):
        return 0.0
    payoffs, laid = book.laid_out(shares)
    least = 1.0 + float(payoffs.added(laid).min(axis=1).sum())
    return Wealth.at(laid, payoffs, Grid()).growth if least > 0.0 else -math.inf
