"""The bets to be sized: checked, and turned into what each match may return on them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday import MatchdayError
from matchday.forecast import TOLERANCE
from matchday.markets import Array
from matchday_plugins.staking.joint.payoffs import (
    MatchPayoffs,
    dependent,
    exclusive,
    independent,
    score_patterns,
)

#: The columns of candidates: bets on one market of one match exclude one another.
COLUMNS = ("match_id", "market", "selection", "probability", "odds")


def check(bets: pd.DataFrame, *, label: pd.Series[str] | None = None) -> None:
    """Refuse bets that cannot be sized; raises ``MatchdayError`` with the row, by ``label`` or by match and selection.

    Rules: probabilities in [0, 1] that add up to at most 1 in a market, finite odds above 1, no bet twice.
    """
    rows = (bets["match_id"] + " " + bets["selection"] if label is None else label).tolist()
    p, odds = (bets[name].to_numpy(dtype=np.float64) for name in ("probability", "odds"))
    _refuse_first(~((p >= 0.0) & (p <= 1.0)), rows, "probability", p, "a number between 0 and 1")
    _refuse_first(~((odds > 1.0) & np.isfinite(odds)), rows, "odds", odds, "finite decimal odds above 1")
    seen: set[tuple[str, ...]] = set()
    totals: dict[tuple[str, str], float] = {}
    listed = zip(bets["match_id"], bets["market"], bets["selection"], strict=True)
    for row, (match_id, market, selection) in enumerate(listed):
        if (match_id, market, selection) in seen:
            raise MatchdayError(f"{rows[row]}: stands among the bets twice; rule: once.")
        seen.add((match_id, market, selection))
        total = totals[match_id, market] = totals.get((match_id, market), 0.0) + float(p[row])
        if total > 1.0 + TOLERANCE:
            whose = f"the probabilities of its market ({market})"
            raise MatchdayError(f"{rows[row]}: {whose} add up to {total:.6g}; rule: at most 1.")


def _refuse_first(bad: npt.NDArray[np.bool_], rows: list[str], what: str, values: Array, rule: str) -> None:
    if bad.any():
        row = int(np.argmax(bad))
        raise MatchdayError(f"{rows[row]}: {what} {values[row]:g}; rule: {rule}.")


class Book:
    """Candidates by match, in order of appearance: ``rows`` of each match, and what it may return on them.

    ``scores`` are scoreline distributions (G, G) by match. Bets on several markets of a match take their dependence
    from it; where there is none, or it is of another opinion than the bets' probabilities, the markets are taken as
    independent, and ``assumed`` names the match.
    """

    def __init__(self, bets: pd.DataFrame, scores: Mapping[str, Array]) -> None:
        self._markets, self._selections = bets["market"].tolist(), bets["selection"].tolist()
        self.probability, self.odds = (bets[name].to_numpy(dtype=np.float64) for name in ("probability", "odds"))
        by_match = _grouped(bets["match_id"].tolist())
        self.matches, self.rows = list(by_match), list(by_match.values())
        self.assumed: list[str] = []
        self.payoffs = [self._match(match_id, rows, scores) for match_id, rows in by_match.items()]

    def markets(self, rows: list[int]) -> dict[str, list[int]]:
        """Part the rows of a match by market."""
        by_market = _grouped([self._markets[row] for row in rows])
        return {market: [rows[place] for place in places] for market, places in by_market.items()}

    def arbitrages(self, staked: npt.NDArray[np.bool_]) -> list[tuple[str, str, float]]:
        """Find markets all of whose selections are staked, at prices that add up to less than 1: (match, market, Σ1/o).

        A market is known to be whole by its probabilities, which add up to 1.
        """
        return [
            (match_id, market, float((1.0 / self.odds[rows]).sum()))
            for match_id, of_match in zip(self.matches, self.rows, strict=True)
            for market, rows in self.markets(of_match).items()
            if staked[rows].all()
            and self.probability[rows].sum() >= 1.0 - TOLERANCE
            and (1.0 / self.odds[rows]).sum() < 1.0
        ]

    def _match(self, match_id: str, rows: list[int], scores: Mapping[str, Array]) -> MatchPayoffs:
        markets = list(self.markets(rows).values())
        if len(markets) > 1:
            grid, selections = scores.get(match_id), tuple(self._selections[row] for row in rows)
            if grid is not None:
                patterns = score_patterns(selections, len(grid))
                payoffs = dependent(grid, patterns, self.odds[rows])
                if (np.abs(patterns.probability(grid) @ patterns.won - self.probability[rows]) <= TOLERANCE).all():
                    return payoffs
            self.assumed.append(match_id)
        payoffs = exclusive(self.probability[markets[0]], self.odds[markets[0]])
        for market in markets[1:]:
            payoffs = independent(payoffs, exclusive(self.probability[market], self.odds[market]))
        as_listed = np.argsort([row for market in markets for row in market])
        return MatchPayoffs(payoffs.probability, payoffs.net[:, as_listed])


def _grouped(names: list[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        groups.setdefault(name, []).append(place)
    return groups
