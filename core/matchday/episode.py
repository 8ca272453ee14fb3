"""The game, one step at a time: clock, rules and ledger. The loop drives it, and so may any outside program.

    state     step        next
    waiting   open()      open
    open      place()     placed      a refused slip leaves it open
    open      settle()    waiting     after placing an empty slip
    placed    settle()    waiting, or over: no matchday is left, or the bankroll is gone
    over      close()     closed

Any other step raises ``RuleBroken`` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from matchday.bets import BetSlip
from matchday.errors import RuleBroken, SourceError
from matchday.events import MatchdayOpened, MatchdaySettled, SeasonClosed, SeasonOpened, SlipPlaced
from matchday.history import History
from matchday.ledger import Ledger, Settlement
from matchday.markets import settle_score
from matchday.money import log_growth, to_pence, to_units
from matchday.placing import Offer, Placed, forced_bet, place
from matchday.rules import Rules
from matchday.season import Season
from matchday.slate import Matchday, Slate

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
        self._calendar = _Calendar(season, self.rules)
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
        bets = placed.bets or self._without_bet(offer).bets
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

    def _without_bet(self, offer: Offer) -> Placed:
        if self.rules.without_bet == "off":
            return Placed(())
        forced = forced_bet(offer, rules=self.rules)
        if forced.bets and self.rules.without_bet == "refuse":
            raise RuleBroken(
                f"Matchday {self._number}: the slip has no bet; rule: at least one a matchday (without_bet: refuse)."
            )
        return forced

    def _step(self, step: str) -> None:
        if self._state not in _STEPS[step]:
            allowed = ", ".join(f"{name}()" for name, states in _STEPS.items() if self._state in states)
            raise RuleBroken(f"Episode: {step}() while {self._state}; possible now: {allowed or 'nothing'}.")


class _Calendar:
    """The season cut into matchdays; everything is sliced from frames that are made once."""

    def __init__(self, season: Season, rules: Rules) -> None:
        self._season, self._rules = season, rules
        self._quotes = season.quotes_at(season.policy(rules.prices))
        self._odds = season.odds(rules.prices)[list(rules.selections)]
        _check_prices(season, rules, self._odds)
        self._prices = self._odds.to_numpy()
        self._fixtures = season.matches[["home", "away", "kickoff"]]
        self._starts = _starts(season)
        self._ids: list[str] = season.matches.index.tolist()
        self._position = {match_id: i for i, match_id in enumerate(self._ids)}
        self._goals = season.matches[["home_goals", "away_goals"]].to_numpy()
        self._played_on = season.matches["date"].to_numpy()
        self._player_dates = season.players["date"].to_numpy() if len(season.players) else np.array([], "M8[ns]")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def _rows(self, number: int) -> slice:
        return slice(self._starts[number], self._starts[number + 1])

    def matchday(self, number: int) -> Matchday:
        rows = self._rows(number)
        date = self._played_on[rows.start].astype("datetime64[D]").item()
        slate = Slate(self._fixtures, self._odds, self._quotes, rows=rows)
        return Matchday(number + 1, date, slate, self.history(number))

    def history(self, number: int) -> History:
        start = self._starts[number]
        known = int(np.searchsorted(self._player_dates, self._played_on[start], side="left"))
        return History(
            self._season.matches,
            odds=self._odds,
            quotes=self._season.quotes,
            players=self._season.players,
            rows=slice(0, start),
            player_rows=slice(0, known),
        )

    def offer(self, number: int) -> Offer:
        """List the prices of a matchday: ``{match_id: {selection: decimal odds}}``."""
        rows, names = self._rows(number), self._rules.selections
        return {
            match_id: {name: price for name, price in zip(names, prices, strict=True) if price == price}
            for match_id, prices in zip(self._ids[rows], self._prices[rows].tolist(), strict=True)
        }

    def outcome(self, match_id: str) -> Mapping[str, tuple[float, float]]:
        home, away = self._goals[self._position[match_id]]
        return settle_score(int(home), int(away))

    def results(self, number: int) -> pd.DataFrame:
        return self._season.matches.iloc[self._rows(number)]


def _starts(season: Season) -> list[int]:
    """Find the row at which each matchday begins, and the row after the last one."""
    dates = season.played["date"].to_numpy()
    changes = np.flatnonzero(dates[1:] != dates[:-1]) + 1
    return [season.first + int(row) for row in (0, *changes, len(dates))]


def _check_prices(season: Season, rules: Rules, odds: pd.DataFrame) -> None:
    if odds.iloc[season.first :].isna().to_numpy().all():
        raise SourceError(
            f"Season {season.name} of {season.source!r} has no prices under policy {rules.prices!r}: it can serve as "
            "history, not be played; choose another season, or another policy with --prices."
        )


def steps(episode: Episode) -> Iterator[MatchdayOpened]:
    """Open matchday after matchday until the episode is over; each must be settled before the next is asked for."""
    while episode.state == "waiting":
        yield episode.open()
