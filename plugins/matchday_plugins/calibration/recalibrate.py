"""Recalibration on demand: nothing is corrected until a watch raises an alarm, and then what has gone wrong of late.

A calibrator that is always at work pays for it where there is nothing to mend, and learns from a whole season, the part
before the trouble too. This one waits for evidence, and looks at the last ``window`` matches alone. ``platt`` has the
formula.
"""

from __future__ import annotations

from collections.abc import Generator

from pydantic import Field, PrivateAttr

from matchday import Agent, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday_plugins.calibration.platt import Platt
from matchday_plugins.diagnostics.alarms import ANY, Alert, Heeded, check_heeded, look_for_watches


class Recalibrate(Platt):
    """Hand the forecast on as it is until a watch raises an alarm; correct it by ``platt`` from that morning on.

    The correction is fitted to the last ``window`` settled matches, anew after every matchday. It ends when ``calm``
    matchdays have passed without an alarm, the day of the last one counted; without ``calm``, with the season: silence
    after a correction may be the correction's own work. A watch that is listed before it goes on watching the forecast
    as it was, one that is listed after it the corrected one. When it begins, what it corrects and when it ends is on
    record, with the cause.
    """

    alarms: Heeded = Field((ANY,), description='watches whose alarm counts, by name; "any": whoever raises one')
    window: int = Field(200, ge=1, description="settled matches, the last ones, that the correction is fitted to")
    calm: int | None = Field(None, ge=1, description="matchdays without an alarm that end it; none: the season does")

    _alert: Alert = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Begin without an alarm."""
        self._alert = Alert(self.alarms, self.calm)

    def check_agent(self, agent: Agent) -> None:
        """Refuse to heed a watch that is not there."""
        check_heeded(self.alarms, agent, parameter="alarms")

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last run."""
        super().season_opened(season)
        self._alert = Alert(self.alarms, self.calm)
        look_for_watches(self, self.alarms, season)

    @hookimpl(wrapper=True)
    def blend(self, day: Matchday) -> Generator[None, Forecast, Forecast]:
        """Note the forecast, and answer it corrected while there is an alert."""
        self._heed(day)
        return (yield from super().blend(day))

    def _heed(self, day: Matchday) -> None:
        cause = self._alert.heed(day)
        if cause is None:
            return
        if self._alert.since is None:
            self._forget()
            self.act("corrects no more", cause=cause)
        else:
            self.act("recalibrates", cause=cause)
            super()._learn(0)

    @property
    def _seen(self) -> slice:
        return slice(-self.window, None)

    def _learn(self, settled: int) -> None:
        if self._alert.since is not None:
            super()._learn(settled)
