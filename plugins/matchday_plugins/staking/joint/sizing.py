"""From candidates to shares: the joint optimum of a slate, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchday.growth.candidates import Book
from matchday.growth.payoffs import ROUNDING, Payoffs
from matchday.markets import Array
from matchday_plugins.staking.joint.crowding import best_of_match
from matchday_plugins.staking.joint.exclusive import exclusive_kelly, lone_kelly
from matchday_plugins.staking.joint.interior import Limits, Optimum, maximise
from matchday_plugins.staking.joint.risk import maximise_under_risk

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
    distributions (G, G) of the matches that have one, for bets on the project's own selections. With ``power`` λ > 0,
    among the shares with E[W^−λ] ≤ 1. Where at most ``bets_per_match`` bets on a match are allowed, those are kept that
    grow most together with no other match beside them, and the slate is sized anew.
    Raises ``MatchdayError`` with the row that cannot be sized.

    >>> evens = {"market": "match_result", "selection": "home", "probability": 0.55, "odds": 2.0}
    >>> bets = pd.DataFrame({"match_id": ["A v B", "C v D"], **evens})
    >>> size(bets).shares.round(5).tolist()
    [0.09901, 0.09901]
    """
    book, limits = Book(bets, scores or {}), limits or Limits()
    kept = [list(range(len(rows))) for rows in book.rows]
    shares, optimum = _optimum(book, kept, limits, power)
    notes: list[str] = []
    while bets_per_match and (crowded := _crowded(book, shares, bets_per_match)):
        notes = [f"the rule bets_per_match {bets_per_match} leaves the bets of a match that grow most together"]
        for i in crowded:
            kept[i] = best_of_match(book.payoffs[i], np.flatnonzero(shares[book.rows[i]]), bets_per_match)
        shares, optimum = _optimum(book, kept, limits, power)
    notes += _notes(book, shares, optimum, limits, told=bool(scores))
    return Sized(shares, lone_kelly(book.probability, book.odds), optimum.growth, optimum.gap, tuple(notes))


def _crowded(book: Book, shares: Array, most: int) -> list[int]:
    return [i for i, rows in enumerate(book.rows) if np.count_nonzero(shares[rows]) > most]


def _optimum(book: Book, kept: list[list[int]], limits: Limits, power: float) -> tuple[Array, Optimum]:
    """Solve for the kept bets of the matches on which some bet has an edge; the others can only lose."""
    p, odds = book.probability, book.odds
    shares = np.zeros(len(p))
    rows = [[of_match[place] for place in places] for of_match, places in zip(book.rows, kept, strict=True)]
    worth = (p * odds > 1.0 + ROUNDING).tolist()
    chosen = [i for i, of_match in enumerate(rows) if any(worth[row] for row in of_match)]
    if not chosen or limits.total <= 0.0:
        return shares, Optimum.nothing()
    payoffs = Payoffs.of([book.payoffs[i].only(kept[i]) for i in chosen])
    found = None
    if len(chosen) == len(book.markets(rows[chosen[0]])) == 1 and not power:
        found = _closed(p[rows[chosen[0]]], odds[rows[chosen[0]]], payoffs, limits)
    if found is None:
        found = maximise_under_risk(payoffs, limits, power=power) if power else maximise(payoffs, limits)
    for match, i in zip(found.shares, chosen, strict=True):
        shares[rows[i]] = match[: len(rows[i])]
    return shares, found


def _closed(p: Array, odds: Array, payoffs: Payoffs, limits: Limits) -> Optimum | None:
    """The closed form of a lone market, where it keeps within the limits."""
    shares = exclusive_kelly(p, odds)
    if shares.max() > limits.bet or shares.sum() > min(limits.match, limits.total):
        return None
    growth = float(payoffs.probability[0] @ np.log1p(payoffs.added(shares[None])[0]))
    return Optimum(shares[None], growth, 0.0, 0.0, 0, (0, 0, False))


def _notes(book: Book, shares: Array, optimum: Optimum, limits: Limits, *, told: bool) -> list[str]:
    why = ": no scoreline distribution agrees with its probabilities" if told else ""
    notes = [
        f"the markets of {match_id} are taken as independent{why}"
        for match_id, rows in zip(book.matches, book.rows, strict=True)
        if match_id in book.assumed and len(book.markets([row for row in rows if shares[row] > 0.0])) > 1
    ]
    notes += [
        f"an arbitrage, bounded by the limits: the prices of {market} of {match_id} add up to {total:.4f}"
        for match_id, market, total in book.arbitrages(shares > 0.0)
    ]
    if bound := _binding(optimum, limits):
        notes.append(f"limits that bind: {bound}")
    if optimum.gap > ACCURACY:
        notes.append(f"growth may be {optimum.gap:.1g} short of the optimum")
    return notes


def _binding(optimum: Optimum, limits: Limits) -> str:
    """Say which limits hold the stakes back; one that is no narrower than that of the slate is none."""
    bets, matches, slate = optimum.tight
    tight = []
    if bets and limits.bet < limits.total:
        tight.append(f"{bets} {'bet' if bets == 1 else 'bets'} at {limits.bet:.4g} of the bankroll")
    if matches and limits.match < limits.total:
        tight.append(f"{matches} {'match' if matches == 1 else 'matches'} at {limits.match:.4g}")
    if slate:
        tight.append(f"the slate at {limits.total:.4g}")
    return ", ".join(tight)
