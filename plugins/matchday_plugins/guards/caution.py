"""Caution: smaller stakes while a watch has its doubts."""

from __future__ import annotations

from collections.abc import Generator

from pydantic import Field, PrivateAttr

from matchday import Agent, BetSlip, Component, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday_plugins.diagnostics.alarms import ANY, Alert, Heeded, check_heeded, look_for_watches


class Caution(Component):
    """Multiply every share by ``fraction`` from the morning of an alarm until ``matchdays`` have passed without one.

    The day of the alarm is counted: after one on matchday 30, with the default, 30 to 49 are cautious. An alarm that a
    watch repeats every morning, as ``calibration-watch`` does, keeps caution up. Alarms are heeded on days on which the
    agent does not bet too, as a member of another may. When it begins and when it ends is on record, with the cause.
    """

    fraction: float = Field(0.5, ge=0, lt=1, description="what is left of each share; 0: no bets")
    matchdays: int | None = Field(20, ge=1, description="matchdays without an alarm that end it; none: the season does")
    alarms: Heeded = Field((ANY,), description='watches whose alarm counts, by name; "any": whoever raises one')

    _alert: Alert = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Begin without an alarm."""
        self._alert = Alert(self.alarms, self.matchdays)

    def check_agent(self, agent: Agent) -> None:
        """Refuse to heed a watch that is not there."""
        check_heeded(self.alarms, agent, parameter="alarms")

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season's alarms."""
        self._alert = Alert(self.alarms, self.matchdays)
        look_for_watches(self, self.alarms, season)

    @hookimpl(wrapper=True)
    def blend(self, day: Matchday) -> Generator[None, Forecast, Forecast]:
        """Heed the morning's alarms, and hand the forecast on: an agent has an opinion on days without bets too."""
        cause = self._alert.heed(day)
        if cause is not None:
            over = self._alert.since is None
            self.act("full stakes again" if over else f"stakes × {self.fraction:g}", cause=cause)
        return (yield)

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, smaller while there is an alert."""
        slip, since = (yield), self._alert.since
        if since is None:
            return slip
        why = f"{self.name}: × {self.fraction:g} (alarm on matchday {since})"
        return slip.with_shares(self.fraction * slip.bets["share"], reason=why)
