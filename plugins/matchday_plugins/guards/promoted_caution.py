"""Caution with clubs of which little is known: the promoted ones, and everybody where history begins."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Generator
from typing import ClassVar

import pandas as pd
from pydantic import Field

from matchday import BetSlip, Component, History, Matchday, hookimpl


class PromotedCaution(Component):
    """Multiply by ``fraction`` the stakes on matches in which a club has played fewer than ``matches`` before.

    What counts is what is in the history, within ``window_days`` of the matchday: a club that comes up from a division
    that the source does not follow has played nothing. With the defaults caution lasts for a newcomer's first ten
    matches.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"promoted"})

    fraction: float = Field(0.5, ge=0, lt=1, description="what is left of such a share; 0: no bet")
    matches: int = Field(10, ge=1, description="matches from which on a club is known")
    window_days: int | None = Field(365, ge=1, description="days that are looked back; none: all history")

    @hookimpl(wrapper=True)
    def size_stakes(self, day: Matchday) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, with less on those matches."""
        slip = yield
        unknown = self._unknown(day)
        known = ~slip.bets["match_id"].isin(list(unknown))
        if known.all():
            return slip
        shares = slip.bets["share"]
        reasons = [f"{self.name}: × {self.fraction:g} ({unknown.get(each, '')})" for each in slip.bets["match_id"]]
        scaled = shares.where(known, self.fraction * shares)
        return slip.with_shares(scaled, reason=reasons)

    def _unknown(self, day: Matchday) -> dict[str, str]:
        """Name the matches with such clubs, and say of each which and how many matches they have played."""
        played = self._played(day)
        fixtures = day.slate.fixtures
        span = "" if self.window_days is None else f" in {self.window_days} days"
        found: dict[str, str] = {}
        for match_id, home, away in zip(fixtures.index, fixtures["home"], fixtures["away"], strict=True):
            few = [f"{club} {played[club]}" for club in (home, away) if played[club] < self.matches]
            if few:
                found[match_id] = f"of {self.matches} matches{span}: {', '.join(few)}"
        return found

    def _played(self, day: Matchday) -> Counter[str]:
        """Count each club's matches within the window; rows of history are in order of play."""
        first = 0 if self.window_days is None else _first_since(day.history, day.date, self.window_days)
        matches = day.history.matches
        return Counter([*matches["home"].iloc[first:].tolist(), *matches["away"].iloc[first:].tolist()])


def _first_since(history: History, date: datetime.date, days: int) -> int:
    """The position of the first match that was played at most so many days before a date."""
    since = pd.Timestamp(date) - pd.Timedelta(days=days)
    return int(history.matches["date"].searchsorted(since))
