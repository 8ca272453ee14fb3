"""What the stakings that size a slate as a whole have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import BetSlip, Component, Edges, Matchday, MatchdayError, Rules, hookimpl
from matchday.bets import SLIP_COLUMNS
from matchday.events import SeasonOpened
from matchday.forecast import TOLERANCE
from matchday.markets import MARKET_OF, Array
from matchday_plugins.staking.joint.interior import Limits
from matchday_plugins.staking.joint.sizing import Sized, size

#: The smallest amount of money there is; it is never staked with the last of the bankroll.
PENNY = 0.01


class JointStaking(Component):
    """Size all candidates of a day together. A candidate without a probability gets no stake, and the slip says so."""

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
        known = edges.bets[edges.bets["probability"].notna()]
        bets = pd.concat([known, _hedges(day, edges, known)], ignore_index=True) if self.hedge else known
        bets = bets.reset_index(drop=True).assign(market=[MARKET_OF[name].name for name in bets["selection"]])
        sized = size(
            bets,
            limits=limits_of(self._rules, bankroll),
            bets_per_match=self._rules.bets_per_match,
            scores=_scores(edges),
            power=self.power,
        )
        slip = bets.assign(share=sized.shares, reason=self._reasons(sized))
        notes = [f"{self.name}: {note}" for note in (*self._left_out(edges, known, sized), *sized.notes)]
        return BetSlip(slip.loc[slip["share"] > 0.0, list(SLIP_COLUMNS)].reset_index(drop=True), tuple(notes))

    def _reasons(self, sized: Sized) -> list[str]:
        return [
            f"{self.name}: {share:.4f}, alone {alone:.4f}" if alone > 0.0 else f"{self.name}: {share:.4f} as a hedge"
            for alone, share in zip(sized.alone, sized.shares, strict=True)
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
    grids, matches = edges.forecast.scores, edges.forecast.probabilities.index
    if grids is None:
        return {}
    return {name: grid for name, grid in zip(matches, grids, strict=True) if not np.isnan(grid).any()}


def _hedges(day: Matchday, edges: Edges, known: pd.DataFrame) -> pd.DataFrame:
    """The other selections on offer of the markets that have a candidate, where its probability is the forecast's."""
    said = edges.forecast.probabilities
    wanted = pd.DataFrame(False, index=said.index, columns=said.columns)
    candidates = list(zip(known["match_id"], known["selection"], known["probability"], strict=True))
    for match_id, selection, probability in candidates:
        if selection in said and abs(float(said.loc[match_id, selection]) - probability) <= TOLERANCE:
            wanted.loc[match_id, list(MARKET_OF[selection].selections)] = True
    for match_id, selection, _ in candidates:
        if selection in said:
            wanted.loc[match_id, selection] = False
    return Edges.where(wanted & said.notna(), slate=day.slate, forecast=edges.forecast).bets
