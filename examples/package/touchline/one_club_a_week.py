"""A guard: not twice on the same club within a week, however good it looks."""

from collections.abc import Generator
from datetime import date, timedelta

from pydantic import Field, PrivateAttr

from matchday import BetSlip, Component, Matchday, hookimpl


class OneClubAWeek(Component):
    """Veto bets on clubs that were bet on within ``days`` days before."""

    days: int = Field(7, ge=1, description="days that a club is left alone")

    _bet_on: dict[str, date] = PrivateAttr(default_factory=dict)

    @hookimpl
    def season_opened(self) -> None:
        """Forget the last season."""
        self._bet_on = {}

    @hookimpl(wrapper=True)
    def size_stakes(self, day: Matchday) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip without those bets, and remember the clubs of the others."""
        slip = yield
        fixtures, since = day.slate.fixtures, day.date - timedelta(days=self.days)
        resting = {club for club, last in self._bet_on.items() if last > since}
        clubs = fixtures.loc[slip.bets["match_id"], ["home", "away"]].to_numpy()
        allowed = [resting.isdisjoint(pair) for pair in clubs]
        kept = slip.with_shares(slip.bets["share"].where(allowed, 0.0), reason=self.name)
        for club in fixtures.loc[kept.bets["match_id"], ["home", "away"]].to_numpy().ravel():
            self._bet_on[club] = day.date
        return kept
