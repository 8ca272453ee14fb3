"""From candidates to shares: the joint optimum of a slate, and what there is to say about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchday.markets import Array
from matchday_plugins.staking.joint.candidates import Book, check
from matchday_plugins.staking.joint.exclusive import ROUNDING, exclusive_kelly, lone_growth, lone_kelly
from matchday_plugins.staking.joint.interior import Limits, Optimum, maximise
from matchday_plugins.staking.joint.payoffs import Payoffs
from matchday_plugins.staking.joint.risk import maximise_under_risk
from matchday_plugins.staking.joint.wealth import Grid, Wealth

#: What is promised of the growth found: no other shares within the limits bring more than this beyond it.
ACCURACY = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """Shares of the bankroll, a row a bet in the order given, and ``alone``, what each would get as the only bet.

    ``growth`` is the expected log growth of the shares together, ``gap`` by how much it may miss the optimum;
    ``notes`` say what was assumed and which limits bind.
    """

    shares: Array
    alone: Array
    growth: float
    gap: float
    notes: tuple[str, ...] = ()


def size(
    bets: pd.DataFrame,
    *,
    limits: Limits | None = None,
    bets_per_match: int | None = None,
    scores: Mapping[str, Array] | None = None,
    power: float = 0.0,
) -> Sized:
    """Size bets so that the expected log growth of the bankroll is largest.

    ``bets`` has a row a bet: ``match_id, market, selection, probability, odds``; ``scores`` the scoreline
    distributions (G, G) of the matches that have one. With ``power`` λ > 0, among the shares with E[W^−λ] ≤ 1. Where
    at most ``bets_per_match`` bets on a match are allowed, those are kept that grow most alone, and sized anew.
    Raises ``MatchdayError`` with the row that cannot be sized.

    >>> evens = {"market": "match_result", "selection": "home", "probability": 0.55, "odds": 2.0}
    >>> bets = pd.DataFrame({"match_id": ["A v B", "C v D"], **evens})
    >>> size(bets).shares.round(5).tolist()
    [0.09901, 0.09901]
    """
    check(bets)
    book, limits = Book(bets, scores or {}), limits or Limits()
    p, odds = book.probability, book.odds
    shares, optimum = _optimum(book, limits, power)
    crowded = [rows for rows in book.rows if bets_per_match and np.count_nonzero(shares[rows]) > bets_per_match]
    if bets_per_match and crowded:
        kept = _without(crowded, shares, lone_growth(p, odds), most=bets_per_match)
        again = size(bets[kept], limits=limits, bets_per_match=bets_per_match, scores=scores, power=power)
        shares = np.zeros(len(bets))
        shares[kept] = again.shares
        note = f"the rule bets_per_match {bets_per_match} leaves the bets that grow most alone"
        return Sized(shares, lone_kelly(p, odds), again.growth, again.gap, (*again.notes, note))
    return Sized(shares, lone_kelly(p, odds), optimum.growth, optimum.gap, _notes(book, shares, optimum))


def expected_growth(bets: pd.DataFrame, shares: Array, *, scores: Mapping[str, Array] | None = None) -> float:
    """The expected log growth of any shares of the bankroll, under the bets' probabilities; −∞ if all may be lost."""
    check(bets)
    book = Book(bets, scores or {})
    if not len(bets):
        return 0.0
    payoffs = Payoffs.of(book.payoffs)
    laid = np.zeros(payoffs.real.shape)
    for match, rows in zip(laid, book.rows, strict=True):
        match[: len(rows)] = shares[rows]
    least = 1.0 + float(payoffs.wealth(laid).min(axis=1).sum())
    return Wealth.at(laid, payoffs, Grid()).growth if least > 0.0 else -math.inf


def _optimum(book: Book, limits: Limits, power: float) -> tuple[Array, Optimum]:
    """Solve for the matches on which some bet has an edge; the others, independent of them, can only lose.

    A lone market has a closed form, which holds where it keeps within the limits.
    """
    p, odds = book.probability, book.odds
    shares = np.zeros(len(p))
    worthwhile = [i for i, rows in enumerate(book.rows) if (p[rows] * odds[rows] > 1.0 + ROUNDING).any()]
    if not worthwhile or limits.total <= 0.0:
        return shares, Optimum(np.zeros((0, 0)), 0.0, 1.0, 0.0, 0, (0, 0, False))
    rows = [book.rows[i] for i in worthwhile]
    payoffs = Payoffs.of([book.payoffs[i] for i in worthwhile])
    if len(rows) == len(book.markets(rows[0])) == 1 and not power:
        closed = exclusive_kelly(p[rows[0]], odds[rows[0]])
        if closed.max() <= limits.bet and closed.sum() <= min(limits.match, limits.total):
            shares[rows[0]] = closed
            growth = float(payoffs.probability[0] @ np.log1p(payoffs.wealth(closed[None])[0]))
            return shares, Optimum(closed[None], growth, 1.0, 0.0, 0, (0, 0, False))
    found = maximise_under_risk(payoffs, limits, power=power) if power else maximise(payoffs, limits)
    for match, where in zip(found.shares, rows, strict=True):
        shares[where] = match[: len(where)]
    return shares, found


def _without(crowded: list[list[int]], shares: Array, growth: Array, *, most: int) -> Array:
    """Keep the ``most`` staked bets of each crowded match that grow most alone, and all bets of the others."""
    kept = np.ones(len(shares), dtype=bool)
    for rows in crowded:
        worth = np.where(shares[rows] > 0.0, growth[rows], -1.0)
        kept[rows] = False
        kept[np.array(rows)[np.argsort(-worth, kind="stable")[:most]]] = True
    return kept


def _notes(book: Book, shares: Array, optimum: Optimum) -> tuple[str, ...]:
    notes = [
        f"the markets of {match_id} are taken as independent: no scoreline distribution agrees with its probabilities"
        for match_id, rows in zip(book.matches, book.rows, strict=True)
        if match_id in book.assumed and shares[rows].any()
    ]
    notes += [
        f"an arbitrage, bounded by the limits: the prices of {market} of {match_id} add up to {total:.4f}"
        for match_id, market, total in book.arbitrages(shares > 0.0)
    ]
    bet, match, slate = optimum.tight
    tight = [f"{bet} bets at bet_limit"] * bool(bet) + [f"{match} matches at match_limit"] * bool(match)
    tight += ["the slate at matchday_limit"] * slate
    notes += [f"limits that bind: {', '.join(tight)}"] * bool(tight)
    notes += [f"growth may be {optimum.gap:.1g} short of the optimum"] * (optimum.gap > ACCURACY)
    return tuple(notes)
