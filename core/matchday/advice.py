"""What an agent would bet today: it lives through the season so far, and is asked about the next matchday.

    season = with_slate(season_so_far(source, "2026-27"), fixtures, date=today, prices="closing")
    advice = advise(load_agent("dixon-coles"), season, bankroll=250.0)

Nothing is settled after that, and nothing is stored.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import ValidationError

from matchday.agent import Agent
from matchday.bets import BetSlip
from matchday.decision import Decision
from matchday.errors import MatchdayError, RuleBroken, explain
from matchday.events import Event, MatchdayOpened, MatchdaySettled, SeasonClosed, SlipPlaced, SlipRefused
from matchday.ledger import Bet
from matchday.loop import play, told
from matchday.markets import MARKET_OF
from matchday.money import log_growth, to_pence, to_units
from matchday.placing import offer_of, place, without_bet
from matchday.rules import Rules
from matchday.season import Season


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """What an agent would bet on a matchday, and everything that led to it.

    ``opened`` has the matchday, and the bankroll (pence) that the bets are on; ``decision`` is the agent's own, and
    ``placed`` what the rules leave of it, a forced bet marked. ``refused`` says which rule the slip broke; "": none.
    ``so_far`` is the bankroll, in pence, with which the agent's season began and what it has come to.
    """

    agent: str
    opened: MatchdayOpened
    so_far: tuple[int, int]
    decision: Decision
    placed: SlipPlaced
    refused: str = ""

    @property
    def bets(self) -> tuple[Bet, ...]:
        """The bets; stakes in pence."""
        return self.placed.bets

    @property
    def staked(self) -> int:
        """The sum of the stakes, in pence."""
        return sum(bet.stake for bet in self.bets)

    @property
    def growth(self) -> float | None:
        """The expected log growth of the stakes by the agent's own probabilities; None if a bet has no probability."""
        from matchday.growth import expected_growth

        if not self.bets or any(math.isnan(bet.probability) for bet in self.bets):
            return None
        columns = ["match_id", "selection", "probability", "odds"]
        bets = pd.DataFrame([[getattr(bet, name) for name in columns] for bet in self.bets], columns=columns)
        bets["market"] = [MARKET_OF[bet.selection].name for bet in self.bets]
        shares = np.array([bet.stake for bet in self.bets]) / self.opened.bankroll
        return expected_growth(bets, shares, scores=self._scores())

    def _scores(self) -> dict[str, np.ndarray]:
        blended = self.decision.blended
        if blended is None or blended.scores is None:
            return {}
        return dict(zip(blended.probabilities.index.tolist(), blended.scores, strict=True))

    def events(self) -> Iterator[Event]:
        """Tell the matchday as a play's events do, up to the bets."""
        number = self.opened.matchday
        yield self.opened
        yield from told(self.decision, number)
        if self.refused:
            yield SlipRefused(number, self.refused)
        yield self.placed


def advise(
    agent: Agent, season: Season, rules: Rules | None = None, *, bankroll: float | None = None, seed: int = 0
) -> Advice:
    """Let an agent play a season up to the morning of its last matchday, and answer what it would bet on that.

    The season so far begins with the rules' bankroll; ``bankroll`` is what there is today, in currency units; without
    it, what the agent has left of the other. The slip is the one that a play of the same season would place, its rules
    are today's too, and a refused slip counts as an empty one. (A play of a finished season knows from the beginning
    which clubs are in it; of a season so far those are known that have played, or are on the slate.)

    Raises ``ComponentError`` where a component fails (today also under ``on_failure: sit-out``), ``RuleBroken`` where
    the rules ask for a bet and let none be forced, and ``MatchdayError`` where the agent is ruined before the day.
    """
    rules = rules or Rules()
    opened = _last_morning(agent, season, rules, seed)
    start, before = to_pence(rules.bankroll), opened.bankroll
    if bankroll is not None:
        opened = dataclasses.replace(opened, bankroll=_pence(bankroll, rules))
    agent.matchday_opened(opened.day)
    decision = agent.decide(opened.day, to_units(opened.bankroll))
    slip = dataclasses.replace(decision.slip, notes=(*decision.notes, *decision.slip.notes))
    refused = ""
    try:
        placed = _placed(slip, opened, rules)
    except RuleBroken as error:
        refused = str(error)
        placed = _placed(BetSlip.empty(), opened, rules)
    agent.season_closed(SeasonClosed("completed", opened.matchday - 1, start, before, log_growth(start, before)))
    return Advice(agent.name, opened, (start, before), decision, placed, refused)


def _last_morning(agent: Agent, season: Season, rules: Rules, seed: int) -> MatchdayOpened:
    """Play up to the opening of the last matchday."""
    last = season.matchdays
    for event in play(agent, season, rules, seed=seed):
        match event:
            case MatchdayOpened() if event.matchday == last:
                return event
            case MatchdaySettled(settlement=settlement):
                date, left = settlement.date, settlement.after
    raise MatchdayError(
        f"Agent {agent.name!r}: it is ruined on {date}, with {to_units(left):.2f} left of {rules.bankroll:.2f}, so "
        "that it has nothing to bet today; give it more to begin with (--rule bankroll=...), or stake less."
    )


def _pence(bankroll: float, rules: Rules) -> int:
    """Check today's bankroll by the rule for bankrolls; answer it in pence."""
    try:
        Rules.model_validate({**rules.model_dump(), "bankroll": bankroll})
    except ValidationError as error:
        raise MatchdayError(f"Today's bankroll: {explain(error, Rules)}") from error
    return to_pence(bankroll)


def _placed(slip: BetSlip, opened: MatchdayOpened, rules: Rules) -> SlipPlaced:
    """Place a slip as an episode does; raises ``RuleBroken``."""
    offer = offer_of(opened.day.slate)
    placed = place(slip, offer=offer, rules=rules, bankroll=opened.bankroll)
    bets = placed.bets or without_bet(offer, rules=rules, matchday=opened.matchday).bets
    return SlipPlaced(opened.matchday, bets, placed.dropped, slip.notes)
