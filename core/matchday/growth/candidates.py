"""The bets to be sized: checked, and turned into what each match may return on them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.errors import MatchdayError
from matchday.forecast import TOLERANCE
from matchday.growth.payoffs import (
    ROUNDING,
    MatchPayoffs,
    Payoffs,
    of_independent,
    of_market,
    of_scores,
    score_patterns,
)
from matchday.markets import MARKET_OF, Array, complete_markets

#: The columns of candidates: bets on one market of one match exclude one another.
COLUMNS = ("match_id", "market", "selection", "probability", "odds")


def check(
    bets: pd.DataFrame, *, label: pd.Series[str] | None = None
) -> tuple[list[str], list[str], list[str], Array, Array]:
    """Refuse bets that cannot be sized; raises ``MatchdayError`` with the row, by ``label`` or by match and selection.

    Rules: probabilities in [0, 1] that add up to at most 1 in a market, finite odds above 1, no bet twice. Answers the
    columns that it has read: match ids, markets, selections, probabilities and odds.
    """
    for name in COLUMNS:
        if name not in bets:
            raise MatchdayError(f"Bets to size: there is no column {name!r}; rule: {', '.join(COLUMNS)}.")
    match_ids, markets, selections = (list(map(str, bets[name].tolist())) for name in COLUMNS[:3])
    rows = list(map(" ".join, zip(match_ids, selections, strict=True))) if label is None else label.tolist()
    p, odds = (bets[name].to_numpy(dtype=np.float64) for name in COLUMNS[3:])
    _check_numbers(rows, p, odds)
    totals: dict[tuple[str, str], float] = {}
    seen: set[tuple[str, str, str]] = set()
    for row, bet in enumerate(zip(match_ids, markets, selections, strict=True)):
        if bet in seen:
            raise MatchdayError(f"{rows[row]}: stands among the bets twice; rule: once.")
        seen.add(bet)
        total = totals[bet[:2]] = totals.get(bet[:2], 0.0) + float(p[row])
        if total > 1.0 + TOLERANCE:
            whose = f"the probabilities of its market ({markets[row]})"
            raise MatchdayError(f"{rows[row]}: {whose} add up to {total:.6g}; rule: at most 1.")
    return match_ids, markets, selections, p, odds


def _check_numbers(rows: list[str], p: Array, odds: Array) -> None:
    likely, priced = (p >= 0.0) & (p <= 1.0 + TOLERANCE), (odds > 1.0) & np.isfinite(odds)
    if (likely & priced).all():
        return
    row = int(np.argmin(likely & priced))
    if likely[row]:
        raise MatchdayError(f"{rows[row]}: odds {odds[row]:g}; rule: finite decimal odds above 1.")
    raise MatchdayError(f"{rows[row]}: probability {p[row]:g}; rule: a number between 0 and 1.")


class Book:
    """Candidates by match, in order of appearance: ``rows`` of each match, and what it may return on them.

    ``scores`` are scoreline distributions (G, G) by match. Bets on several markets of a match take their dependence
    from it; where there is none, or it is of another opinion than the bets' probabilities, the markets are taken as
    independent, and ``assumed`` names the match. The probabilities of a market that is listed whole are made to add up
    to 1 exactly. Raises ``MatchdayError`` as ``check`` does.
    """

    def __init__(self, bets: pd.DataFrame, scores: Mapping[str, Array]) -> None:
        match_ids, self._markets, self._selections, probability, self.odds = check(bets)
        self.probability = np.minimum(probability, 1.0)
        by_match = _grouped(match_ids)
        self.matches, self.rows = list(by_match), list(by_match.values())
        self._add_up()
        self.assumed: list[str] = []
        self.payoffs = [self._match(rows, scores.get(match_id), match_id) for match_id, rows in by_match.items()]

    def markets(self, rows: list[int]) -> dict[str, list[int]]:
        """Part the rows of a match by market."""
        by_market = _grouped([self._markets[row] for row in rows])
        return {market: [rows[place] for place in places] for market, places in by_market.items()}

    def laid_out(self, shares: Array) -> tuple[Payoffs, Array]:
        """Lay shares, a row a bet, out by match: what the slate may return, and the shares (n, K)."""
        payoffs = Payoffs.of(self.payoffs)
        laid = np.zeros(payoffs.real.shape)
        for match, rows in zip(laid, self.rows, strict=True):
            match[: len(rows)] = shares[rows]
        return payoffs, laid

    def arbitrages(self, staked: npt.NDArray[np.bool_]) -> list[tuple[str, str, float]]:
        """Find whole markets all of whose selections are staked, at prices with Σ1/o < 1: (match, market, Σ1/o)."""
        return [
            (match_id, market, float((1.0 / self.odds[rows]).sum()))
            for match_id, of_match in zip(self.matches, self.rows, strict=True)
            for market, rows in self.markets(of_match).items()
            if len(rows) > 1 and staked[rows].all() and self._whole(rows) and (1.0 / self.odds[rows]).sum() < 1.0
        ]

    def _add_up(self) -> None:
        for rows in self.rows:
            for market in self.markets(rows).values():
                total = self.probability[market].sum()
                if total > 1.0 or self._whole(market):
                    self.probability[market] /= total

    def _whole(self, rows: list[int]) -> bool:
        """Whether a market is listed whole: known of the project's own, to be inferred of others."""
        lacking = abs(self.probability[rows].sum() - 1.0)
        if not ROUNDING < lacking <= TOLERANCE:
            return bool(lacking <= ROUNDING)
        return self._markets[rows[0]] in {
            each.name for each in complete_markets([self._selections[row] for row in rows])
        }

    def _match(self, rows: list[int], scores: Array | None, match_id: str) -> MatchPayoffs:
        markets = list(self.markets(rows).values())
        if len(markets) == 1:
            return of_market(self.probability[rows], self.odds[rows])
        if scores is not None and (payoffs := self._by_scores(rows, scores)):
            return payoffs
        self.assumed.append(match_id)
        payoffs = reduce(of_independent, [of_market(self.probability[each], self.odds[each]) for each in markets])
        return payoffs.only(np.argsort([row for market in markets for row in market]).tolist())

    def _by_scores(self, rows: list[int], scores: Array) -> MatchPayoffs | None:
        """What the scoreline distribution says, if it is of the bets' own opinion."""
        selections = tuple(self._selections[row] for row in rows)
        if not set(selections) <= set(MARKET_OF):
            return None
        patterns = score_patterns(selections, len(scores))
        said = patterns.probability(scores) @ patterns.won
        agrees = (np.abs(said - self.probability[rows]) <= 2.0 * TOLERANCE).all()
        return of_scores(scores, patterns, self.odds[rows]) if agrees else None


def _grouped(names: list[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        groups.setdefault(name, []).append(place)
    return groups
