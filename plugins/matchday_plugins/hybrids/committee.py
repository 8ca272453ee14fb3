"""A committee: several agents, among whom the bankroll is divided by what each has made of its part.

    w_m ∝ W_m e^{(η − 1) g_m},   w ← (1 − s) w + s/N      W_m: the purse; g_m: its log growth since the last division

Since W_m is e^{g_m} times the purse at the last division, these are exponential weights on realised log growth, at rate
η. With η = 1 and s = 0 no money is ever moved: every purse is what its agent has made of it, so that the committee ends
with at least 1/N of what its best agent would have made of the whole, whatever happens. η > 1 moves money to those that
grow, η < 1 to those that do not, η = 0 restores the last division; s > 0 follows the best agent of late instead of the
best of all, and nobody's weight dies.

Cesa-Bianchi, N. & Lugosi, G. (2006). Prediction, Learning, and Games. Cambridge University Press, chapters 2, 5 and 10.
Cover, T. M. (1991). Universal portfolios. Mathematical Finance 1(1), 1-29. Herbster, M. & Warmuth, M. K. (1998).
Tracking the best expert. Machine Learning 32(2), 151-178.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Decision, Forecast, Matchday, Rules, hookimpl
from matchday.errors import RuleBroken
from matchday.events import SeasonOpened
from matchday.ledger import Bet, Settlement
from matchday.markets import SELECTIONS
from matchday.money import log_growth, to_pence, to_units
from matchday.nesting import AgentOfAgents
from matchday.placing import Offer, offer_of, place
from matchday_plugins.blends.hedge import mixed
from matchday_plugins.hybrids.merging import merge
from matchday_plugins.hybrids.purses import Backers, apportion, handed_out
from matchday_plugins.track_record import tabulated


class Committee(AgentOfAgents):
    """Divide the bankroll among agents by how each has made its part grow, and bet what all of them would.

    Purses are whole pence and add up to the bankroll; the season begins with equal ones. Every agent decides with its
    purse as its bankroll, by the rules, and hears what became of its own bets: agents that back one selection share
    stake and payout in proportion; a bet that is forced is borne by the largest purse. Every ``divide_every`` matchdays
    the bankroll is divided anew, and where money moves, that is on record. An agent cannot tell it from money won or
    lost, nor can a brake inside; at ``learning_rate`` 1 only ``even_share`` moves any.

    An agent whose purse is below the minimum bet does not bet: it is asked what it thinks and goes on learning, until a
    division gives it enough. An empty purse stays empty unless ``even_share`` fills it.

    An agent whose slip breaks a rule on its purse bets nothing that day, and a note says why. Together they cannot
    break a limit on shares of the bankroll; where they place more bets on a match than ``bets_per_match``, those with
    most money on them stay.

    The forecast of the whole is the mean of the agents', weighted by purse, market by market, over those that have an
    opinion: it depends on money, so it is nobody's model and is not shared. Those of the agents do not, and are.
    """

    learning_rate: float = Field(
        1.0,
        ge=0,
        le=10,
        description="η, per nat of log growth; 1: each keeps what it has made, 0: the division is kept",
    )
    even_share: float = Field(0.05, ge=0, le=1, description="share of the bankroll that each division gives out evenly")
    divide_every: int = Field(10, ge=1, description="matchdays from one division to the next")

    _rules: Rules = PrivateAttr(default_factory=Rules)
    _purses: dict[str, int] = PrivateAttr(default_factory=dict)
    _grown: dict[str, float] = PrivateAttr(default_factory=dict)
    _settled: int = PrivateAttr(default=0)
    _backers: Backers = PrivateAttr(default_factory=dict)

    @property
    def purses(self) -> Mapping[str, int]:
        """What each agent has, in pence; empty before the season opens."""
        return dict(self._purses)

    def _begin(self, season: SeasonOpened) -> None:
        self._rules, self._backers = season.rules, {}
        self._purses, self._grown = {}, {}
        self._divide(to_pence(season.rules.bankroll), [1.0] * len(self.members), cause="the season opens")

    def _season_of(self, name: str, season: SeasonOpened) -> SeasonOpened:
        seen = super()._season_of(name, season)
        rules = season.rules.model_copy(update={"bankroll": to_units(self._purses[name])})
        return dataclasses.replace(seen, rules=rules)

    @hookimpl
    def matchday_opened(self, day: Matchday) -> None:
        """Forget yesterday's bets, and tell every agent."""
        self._backers = {}
        super().matchday_opened(day)

    @hookimpl
    def decide(self, day: Matchday, bankroll: float) -> Decision:
        """Divide the bankroll where that is due, and merge the agents' bets."""
        self._fit_to(to_pence(bankroll))
        if self._settled >= self.divide_every and bankroll > 0.0:
            self._divide_anew()
        offer = offer_of(day.slate)
        decisions, wanted, notes = {}, {}, []
        for name, purse in self._purses.items():
            awake = purse >= to_pence(self._rules.minimum_bet)
            decisions[name] = decision = self._ask(name, day, to_units(purse) if awake else None)
            wanted[name], remarks = self._placed(decision, offer, purse)
            notes += [f"{name}: {remark}" for remark in remarks]
        merged = merge(wanted, self._purses, bets_per_match=self._rules.bets_per_match)
        self._backers = merged.backers
        return self._answer(day, decisions, Decision(merged.slip), notes=notes)

    def _placed(self, decision: Decision, offer: Offer, purse: int) -> tuple[tuple[Bet, ...], list[str]]:
        """Place an agent's slip on its purse; answer the bets, and what is to be noted."""
        notes = [*decision.notes, *decision.slip.notes]
        if not len(decision.slip):
            return (), notes
        try:
            placed = place(decision.slip, offer=offer, rules=self._rules, bankroll=purse)
        except RuleBroken as error:
            return (), [*notes, f"slip refused: {error}"]
        return placed.bets, [*notes, *placed.dropped]

    def _parts(self, settlement: Settlement) -> Mapping[str, Settlement]:
        parts = handed_out(settlement, self._purses, self._backers)
        self._settled += 1
        for name, part in parts.items():
            self._purses[name] = part.after
            self._grown[name] += log_growth(part.before, part.after)
        return parts

    def _fit_to(self, bankroll: int) -> None:
        """Part a bankroll that is another than the purses come to, as a committee's own member has, in proportion."""
        before = sum(self._purses.values())
        if bankroll != before:
            cause = f"the bankroll is {to_units(bankroll):.2f}, and not {to_units(before):.2f}"
            settled, grown = self._settled, self._grown or dict.fromkeys(self.members, 0.0)
            self._divide(bankroll, [self._purses.get(name, 1.0) for name in self.members], cause=cause)
            self._settled, self._grown = settled, grown

    def _divide_anew(self) -> None:
        purses = np.array(list(self._purses.values()), dtype=np.float64)
        tilts = (self.learning_rate - 1.0) * np.array([self._grown[name] for name in self._purses])
        tilts = np.where(purses > 0.0, tilts, -np.inf)
        weights = purses * np.exp(tilts - tilts.max())
        shared = (1.0 - self.even_share) * weights / weights.sum() + self.even_share / len(weights)
        grown = ", ".join(f"{name} {math.expm1(growth):+.1%}" for name, growth in self._grown.items())
        self._divide(int(purses.sum()), shared.tolist(), cause=f"growth over {self._settled} matchdays: {grown}")

    def _divide(self, bankroll: int, weights: list[float], *, cause: str) -> None:
        """Divide the bankroll, put it on record if it moves money, and begin to count growth anew."""
        divided = dict(zip(self.members, apportion(bankroll, weights), strict=True))
        if divided != self._purses:
            told = ", ".join(f"{name} {to_units(purse):.2f}" for name, purse in divided.items())
            self.act(f"divided the bankroll: {told}", cause=cause)
        self._purses, self._settled, self._grown = divided, 0, dict.fromkeys(divided, 0.0)

    def _whole(self, day: Matchday, forecasts: Mapping[str, Forecast]) -> Forecast | None:
        if len(forecasts) < 2:
            return next(iter(forecasts.values()), None)
        purses = self._purses or dict.fromkeys(self.members, 1)
        weights = np.array([purses[name] for name in forecasts], dtype=np.float64)
        tables = np.stack([tabulated(forecast) for forecast in forecasts.values()])
        pooled = mixed(weights, tables, otherwise=np.full(tables.shape[1:], np.nan))
        return Forecast(pd.DataFrame(pooled, index=day.slate.index, columns=list(SELECTIONS)), source=self.name)
