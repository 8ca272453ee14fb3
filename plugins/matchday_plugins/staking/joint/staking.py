"""What the stakings that size a slate as a whole have in common."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import BetSlip, Component, Edges, Matchday, MatchdayError, Rules, hookimpl
from matchday.bets import EDGE_COLUMNS
from matchday.events import SeasonOpened
from matchday.forecast import TOLERANCE
from matchday.markets import MARKET_OF, Array
from matchday_plugins.staking.joint.interior import Limits
from matchday_plugins.staking.joint.sizing import Sized, size

#: The smallest amount of money there is; it is never staked with the last of the bankroll.
PENNY = 0.01


class JointStaking(Component):
    """Size all candidates of a day together. A candidate without a probability gets no stake, and the slip says so."""

    traits: ClassVar[frozenset[str]] = frozenset({"joint", "kelly"})

    hedge: bool = Field(
        False, description="add other selections of a market that has a candidate, where the joint optimum wants them"
    )
    _rules: Rules = PrivateAttr(default_factory=Rules)

    @property
    def power(self) -> float:
        """λ of the bound E[W^−λ] ≤ 1; 0 where there is none."""
        return 0.0

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Learn the rules' limits."""
        self._rules = season.rules

    @hookimpl
    def size_stakes(self, day: Matchday, edges: Edges, bankroll: float) -> BetSlip:
        """Answer the day's slip."""
        if not bankroll > 0.0:
            raise MatchdayError(f"bankroll {bankroll:g}: there is nothing to stake; rule: above 0")
        known = edges.keep(edges.bets["probability"].notna()).bets
        bets = pd.concat([known, _hedges(day, edges, known)], ignore_index=True) if self.hedge else known
        sized = size(
            bets.assign(market=[MARKET_OF[name].name for name in bets["selection"].tolist()]),
            limits=limits_of(self._rules, bankroll),
            bets_per_match=self._rules.bets_per_match,
            scores=_scores(edges),
            power=self.power,
        )
        notes = [f"{self.name}: {note}" for note in (*self._left_out(edges, known, sized), *sized.notes)]
        return Edges(bets, edges.forecast).slip(sized.shares, reason=self._reasons(sized), notes=tuple(notes))

    def _reasons(self, sized: Sized) -> list[str]:
        name = self.name
        return [
            f"{name}: {share:.4f}, alone {alone:.4f}" if alone > 0.0 else f"{name}: {share:.4f} as a hedge"
            for alone, share in zip(sized.alone.tolist(), sized.shares.tolist(), strict=True)
        ]

    def _left_out(self, edges: Edges, known: pd.DataFrame, sized: Sized) -> list[str]:
        unknown, idle = len(edges.bets) - len(known), int((sized.shares[: len(known)] == 0.0).sum())
        notes = [f"no stake on {unknown} candidates without a probability"] * bool(unknown)
        return notes + [f"no stake on {idle} candidates that would not add to growth"] * bool(idle)


def limits_of(rules: Rules, bankroll: float) -> Limits:
    """The limits that rules set on the shares of a bankroll in currency units; a penny of it is always kept."""
    most = max(1.0 - PENNY / bankroll, 0.0)
    return Limits(rules.bet_limit, rules.match_limit, min(rules.matchday_limit, most))


def _scores(edges: Edges) -> dict[str, Array]:
    """The scoreline distribution of each match that has one."""
    grids, matches = edges.forecast.scores, edges.forecast.probabilities.index.tolist()
    if grids is None:
        return {}
    return {matches[row]: grids[row] for row in np.flatnonzero(~np.isnan(grids).any(axis=(1, 2)))}


def _hedges(day: Matchday, edges: Edges, known: pd.DataFrame) -> pd.DataFrame:
    """The other selections on offer of the markets that have a candidate, where its probability is the forecast's."""
    said = edges.forecast.probabilities
    p, rows, columns = said.to_numpy(dtype=np.float64), said.index.tolist(), said.columns.tolist()
    wanted, candidates = np.zeros(p.shape, dtype=bool), np.zeros(p.shape, dtype=bool)
    for match_id, selection, probability in zip(*(known[name].tolist() for name in EDGE_COLUMNS[:3]), strict=True):
        if selection in columns:
            row, column = rows.index(match_id), columns.index(selection)
            candidates[row, column] = True
            if abs(p[row, column] - probability) <= TOLERANCE:
                wanted[row, [columns.index(name) for name in MARKET_OF[selection].selections]] = True
    chosen = pd.DataFrame(wanted & ~candidates & ~np.isnan(p), index=said.index, columns=said.columns)
    return Edges.where(chosen, slate=day.slate, forecast=edges.forecast).bets
