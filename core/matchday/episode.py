"""The game, one step at a time: clock, rules and ledger. The loop drives it, and so may any outside program.

    state     step        next
    waiting   open()      open
    open      place()     placed      a refused slip leaves it open
    placed    settle()    waiting, or over: no matchday is left, or the bankroll is gone
    open      settle()    the same, after placing an empty slip
    over      close()     closed

Any other step raises ``RuleBroken`` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pandas as pd

from matchday.bets import BetSlip
from matchday.calendar import Calendar
from matchday.errors import RuleBroken
from matchday.events import MatchdayOpened, MatchdaySettled, SeasonClosed, SeasonOpened, SlipPlaced
from matchday.ledger import Ledger, Settlement
from matchday.money import log_growth, to_pence, to_units
from matchday.placing import place, without_bet
from matchday.rules import Rules
from matchday.season import Season
from matchday.slate import Matchday

State = Literal["waiting", "open", "placed", "over", "closed"]

_STEPS: dict[str, frozenset[State]] = {
    "open": frozenset({"waiting"}),
    "place": frozenset({"open"}),
    "settle": frozenset({"open", "placed"}),
    "close": frozenset({"over"}),
}


class Episode:
    """One season played by one bettor.

    Nothing that ``open`` hands out depends on the day's results or on later ones. Money is counted in pence inside;
    ``bankroll`` is in currency units. Raises ``SourceError`` where the season has no price to play at.
    """

    def __init__(self, season: Season, rules: Rules | None = None) -> None:
        self.season = season
        self.rules = rules or Rules()
        self._calendar = Calendar(season, self.rules)
        self._ledger = Ledger(to_pence(self.rules.bankroll))
        self._state: State = "waiting"
        self._number = 0
        self._day: Matchday | None = None

    @property
    def state(self) -> State:
        """Where the episode stands; see the table at the top of this file."""
        return self._state

    @property
    def bankroll(self) -> float:
        """The bankroll in currency units, open stakes included."""
        return to_units(self._ledger.bankroll)

    @property
    def matchdays(self) -> int:
        """The number of matchdays of the season."""
        return len(self._calendar)

    @property
    def number(self) -> int:
        """The number of the matchday that was opened last; 0 before the first."""
        return self._number

    @property
    def day(self) -> Matchday | None:
        """The matchday that is open, if one is."""
        return self._day

    def begin(self, *, agent: dict[str, Any] | None = None, seed: int = 0) -> SeasonOpened:
        """Say what may be known of the season before it starts."""
        season = self.season
        return SeasonOpened(
            name=season.name,
            competition=season.competition,
            source=season.source,
            clubs=season.clubs,
            rules=self.rules,
            seed=seed,
            agent=agent or {},
            history=self._calendar.history(0),
            closing=season.closing,
            not_bookmakers=season.not_bookmakers,
        )

    def open(self) -> MatchdayOpened:
        """Open the next matchday: its slate, and the past."""
        self._step("open")
        self._day = self._calendar.matchday(self._number)
        self._number, self._state = self._number + 1, "open"
        return MatchdayOpened(self._day, self._ledger.bankroll)

    def place(self, slip: BetSlip) -> SlipPlaced:
        """Place the day's slip; raises ``RuleBroken``, with nothing changed, where it breaks a rule.

        Shares are rounded once, down to whole pence. A slip that comes to no bet meets the rule ``without_bet``.
        """
        self._step("place")
        offer = self._calendar.offer(self._number - 1)
        placed = place(slip, offer=offer, rules=self.rules, bankroll=self._ledger.bankroll)
        bets = placed.bets or without_bet(offer, rules=self.rules, matchday=self._number).bets
        self._ledger.place(bets)
        self._state = "placed"
        return SlipPlaced(self._number, bets, placed.dropped, slip.notes)

    def settle(self) -> MatchdaySettled:
        """Settle the day's bets together against its results."""
        self._step("settle")
        if self._state == "open":
            self.place(BetSlip.empty())
        assert self._day is not None
        before = self._ledger.bankroll
        settled = self._ledger.settle(self._calendar.outcome)
        settlement = Settlement(self._number, self._day.date, before, self._ledger.bankroll, settled)
        self._day = None
        self._state = "over" if self._ruined or self._number == len(self._calendar) else "waiting"
        return MatchdaySettled(self._number, settlement)

    def results(self) -> pd.DataFrame:
        """Disclose the scores and statistics of the matchday that was settled last."""
        if self._number == 0 or self._state in {"open", "placed"}:
            raise RuleBroken(f"Episode: results() while {self._state}; a matchday's results come after settle().")
        return self._calendar.results(self._number - 1)

    def close(self) -> SeasonClosed:
        """End the episode once no matchday is left, or the bankroll is gone."""
        self._step("close")
        self._state = "closed"
        start, end = to_pence(self.rules.bankroll), self._ledger.bankroll
        reason: Literal["completed", "ruined"] = "ruined" if self._ruined else "completed"
        return SeasonClosed(reason, self._number, start, end, log_growth(start, end))

    @property
    def _ruined(self) -> bool:
        floor = max(self.rules.ruin_below, self.rules.minimum_bet)
        return self._ledger.bankroll < to_pence(floor)

    def _step(self, step: str) -> None:
        if self._state not in _STEPS[step]:
            allowed = ", ".join(f"{name}()" for name, states in _STEPS.items() if self._state in states)
            raise RuleBroken(f"Episode: {step}() while {self._state}; possible now: {allowed or 'nothing'}.")


def steps(episode: Episode) -> Iterator[MatchdayOpened]:
    """Open matchday after matchday until the episode is over; each must be settled before the next is asked for."""
    while episode.state == "waiting":
        yield episode.open()
