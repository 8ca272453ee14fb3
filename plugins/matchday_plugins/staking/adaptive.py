"""Stakes that follow the evidence: as much of the claimed edge is staked on as the settled bets bear out."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import BetSlip, Component, Matchday, Rules, hookimpl
from matchday.events import SeasonOpened
from matchday.ledger import SettledBet, Settlement
from matchday.markets import MARKET_OF, MARKETS, Array, multiplicative
from matchday_plugins.staking.belief import Belief
from matchday_plugins.staking.factors import of_bets, with_hedges


class Adaptive(Component):
    """Scale each share to the part θ of its claimed edge that the run's own bets show to be real.

    The true probability of a backed selection is taken to be q + θ(p − q), p the claimed one and q the market's, with
    the margin taken out. θ in [0, 1] has a Beta prior at ``prior_mean``, worth ``prior_weight`` trials (so that an
    agent begins by betting little), and learns from every settled bet with a probability that was not forced. The bets
    on one market of a match are one draw among exclusive results; markets of a match are taken as independent, though
    they are not quite: two bets on one match count as somewhat more evidence than they are.

    Expected log growth is linear in the probability, so with m = E[θ] the growth-optimal stake of one bet is Kelly's
    at p̄ = q + m(p − q). Each share is multiplied by max(0, (p̄·o − 1)/(p·o − 1)), at most 1: exact for one bet after
    ``kelly``, and a good guide for a slate. A hedge is scaled as the bets it hedges; a bet with no edge that hedges
    nothing is held to the minimum; one without a probability stays.

    p̄·o > 1 asks for m·(edge + margin) > margin: a 5 % edge at a margin of 5 % is worth a stake only when more than half
    of it is believed. Results are noisy, and one season of a few hundred bets moves m by a few tenths at most.

    A bet that would thereby fall below the minimum bet is placed at the minimum bet, never at more than it was: pennies
    keep the evidence coming. So an agent without an edge retreats to minimum bets, and one with an edge grows into it.
    List it after the wrappers that scale every share, since what scales a minimum bet takes it off the slip.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"estimation-error"})

    prior_mean: float = Field(0.2, gt=0, lt=1, description="part of the claimed edge believed before any bet")
    prior_weight: float = Field(
        2.0, ge=0.01, le=10_000, description="trials that the prior is worth: a + b of the Beta"
    )

    _rules: Rules = PrivateAttr(default_factory=Rules)
    _belief: Belief | None = PrivateAttr(default=None)

    @property
    def belief(self) -> Belief:
        """What is believed of θ by now."""
        return self._belief or Belief.prior(self.prior_mean, self.prior_weight)

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season's bets, and take note of the rules."""
        self._rules, self._belief = season.rules, Belief.prior(self.prior_mean, self.prior_weight)

    @hookimpl(wrapper=True)
    def size_stakes(self, day: Matchday, bankroll: float) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, scaled to the evidence."""
        slip = yield
        if not len(slip) or not bankroll > 0.0:
            return slip
        believed, shares = self.belief.mean, slip.bets["share"].to_numpy(dtype=np.float64)
        factors = _factors(slip.bets, fair(day.slate.odds), believed)
        least = self._rules.minimum_bet / bankroll
        held = (factors < 1.0) & (factors * shares < least)
        scaled = np.where(held, np.minimum(shares, least), factors * shares)
        why = f"({100 * believed:.0f} % of the edge believed after {self.belief.bets} bets)"
        reasons = [
            f"{self.name}: {'minimum bet' if small else f'× {factor:.2g}'} {why}"
            for factor, small in zip(factors, held, strict=True)
        ]
        return slip.with_shares(scaled, reason=reasons)

    @hookimpl
    def matchday_settled(self, day: Matchday, settlement: Settlement) -> None:
        """Learn from the day's bets."""
        market = fair(day.slate.odds)
        for settled in _by_market(settlement.bets):
            claimed = np.array([each.bet.probability for each in settled])
            backed = [each.bet.selection for each in settled]
            q = market.loc[settled[0].bet.match_id, backed].to_numpy(dtype=np.float64)
            won = [row for row, each in enumerate(settled) if each.payout > 0]
            self._belief = self.belief.after(claimed, q, won[0] if won else None)


def real_part(p: Array, q: Array, odds: Array, believed: float) -> Array:
    """Answer what is left of each bet's Kelly stake (k,) at q + m(p − q) instead of p, within [0, 1].

    max(0, (p̄·o − 1)/(p·o − 1)), with m = ``believed``; NaN where p is NaN or p·o <= 1.

    >>> real_part(np.array([0.5, 0.5]), np.array([0.4, 0.4]), np.array([2.4, 2.4]), 0.7).round(4).tolist()
    [0.64, 0.64]
    """
    edge = np.where(p * odds > 1.0, p * odds - 1.0, np.nan)
    return np.clip(((q + believed * (p - q)) * odds - 1.0) / edge, 0.0, 1.0)


def fair(odds: pd.DataFrame) -> pd.DataFrame:
    """Take the margin out of decimal odds (n, selections), market by market; NaN where a selection is not offered.

    A market that is wholly on offer is de-vigged by proportion. Of another the margin is not known, so its
    probabilities are 1/o, scaled down to a sum of 1 where they come to more.
    """
    columns: dict[str, Array] = {}
    for market in MARKETS:
        names = [name for name in market.selections if name in odds]
        prices = odds[names].to_numpy(dtype=np.float64)
        whole = multiplicative(prices) if len(names) == len(market.selections) else np.full(prices.shape, np.nan)
        apart = 1.0 / prices / np.maximum(np.nansum(1.0 / prices, axis=1, keepdims=True), 1.0)
        columns |= dict(zip(names, np.where(np.isnan(whole), apart, whole).T, strict=True))
    return pd.DataFrame(columns, index=odds.index)


def _factors(bets: pd.DataFrame, market: pd.DataFrame, believed: float) -> Array:
    p, odds = bets["probability"].to_numpy(dtype=np.float64), bets["odds"].to_numpy(dtype=np.float64)
    return with_hedges(real_part(p, of_bets(market, bets), odds, believed), bets)


def _by_market(bets: Iterable[SettledBet]) -> list[list[SettledBet]]:
    """Group the bets that say something of θ by match and market."""
    groups: dict[tuple[str, str], list[SettledBet]] = {}
    for each in bets:
        if not each.bet.forced and not np.isnan(each.bet.probability):
            groups.setdefault((each.bet.match_id, MARKET_OF[each.bet.selection].name), []).append(each)
    return list(groups.values())
