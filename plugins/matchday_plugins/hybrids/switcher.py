"""A switcher: one agent plays until a signal, then another."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Self

from pydantic import Field, PrivateAttr, model_validator

from matchday import Decision, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.ledger import Settlement
from matchday.nesting import AgentOfAgents, Composition
from matchday_plugins.diagnostics.alarms import ANY, Heeded, alarms_of, misnamed, told, watches
from matchday_plugins.guards.drawdown_brake import ROUNDING, percent


class Switcher(AgentOfAgents):
    """Let the first agent play until a signal, then the next of the list, and so on; the last one stays.

    A signal is an alarm that a watch of the agent that plays raises in the morning, or a morning's bankroll that has
    fallen by ``drawdown`` or more from its peak since that agent began to play. It is heeded the same day: the slip of
    an agent whose watch raises an alarm is not placed. With ``back_after``, the first agent plays again once it has
    given no signal for that many matchdays, the day of the signal counted; a watch that repeats its alarm every morning
    keeps it out. Every change is on record with its cause.

    The agent that plays has the whole bankroll and hears what became of its bets. The others are asked what they think
    and hear the results, so that they go on learning, but they bet nothing, and what they would bet is not asked.

    The forecast of the whole is that of the agent that plays.
    """

    agents: tuple[Composition, ...] = Field(
        min_length=2, description="the agents in the order in which they play: bundled names, TOML files, or tables"
    )
    alarms: Heeded = Field(
        (ANY,), description='watches whose alarm is a signal, by name; "any": any watch; an empty list: no alarm is one'
    )
    drawdown: float | None = Field(
        None, gt=0, lt=1, description="fall from the peak that is a signal; none: no fall is"
    )
    back_after: int | None = Field(
        None, ge=1, description="matchdays without a signal after which the first plays again; none: it never does"
    )

    _playing: int = PrivateAttr(default=0)
    _peak: float = PrivateAttr(default=0.0)
    _signalled: int = PrivateAttr(default=0)

    @model_validator(mode="after")
    def _can_switch(self) -> Self:
        """Refuse watches that nobody has, and a switcher that would never switch."""
        known = [name for agent in self.agents for name in watches(agent)]
        wrong = misnamed(self.alarms, known)
        if wrong:
            raise ValueError(f"alarms {wrong}")
        if self.drawdown is None and not (known and self.alarms):
            raise ValueError("nothing is a signal: set drawdown, or list an agent that has a watch")
        return self

    @property
    def playing(self) -> str:
        """The name of the agent that plays."""
        return list(self.members)[self._playing]

    def _begin(self, season: SeasonOpened) -> None:  # noqa: ARG002
        self._playing, self._peak, self._signalled = 0, 0.0, 0

    @hookimpl
    def decide(self, day: Matchday, bankroll: float) -> Decision:
        """Look for signals, and answer the slip of the agent that plays after that."""
        self._look_at(day, bankroll)
        decisions: dict[str, Decision] = {}
        for place, name in enumerate(self.members):
            plays = place == self._playing
            decisions[name] = decision = self._ask(name, day, bankroll if plays else None)
            alarms = alarms_of(decision.diagnoses, self.alarms)
            if not alarms or not (plays or place == 0):
                continue
            if place == 0:
                self._signalled = day.number
            if plays and place + 1 < len(self.members):
                alarm = dataclasses.replace(alarms[0], source=f"{name}/{alarms[0].source}")
                self._switch(place + 1, day, bankroll, cause=told(alarm))
        return self._answer(day, decisions, decisions[self.playing])

    def _look_at(self, day: Matchday, bankroll: float) -> None:
        """Heed what is known before anybody is asked: how long the first has been quiet, and how far the money fell."""
        self._peak = max(self._peak, bankroll)
        fall = 1.0 - bankroll / self._peak if self._peak > 0.0 else 0.0
        if self._playing and self.back_after is not None and day.number - self._signalled >= self.back_after:
            self._switch(
                0, day, bankroll, cause=f"{day.number - self._signalled} matchdays without a signal of its own"
            )
        elif self.drawdown is not None and fall >= self.drawdown - ROUNDING and self._playing + 1 < len(self.members):
            cause = f"drawdown {percent(fall)} from {self._peak:.2f} under {self.playing}"
            self._switch(self._playing + 1, day, bankroll, cause=cause)

    def _switch(self, place: int, day: Matchday, bankroll: float, *, cause: str) -> None:
        if self._playing == 0:
            self._signalled = day.number
        before, self._playing, self._peak = self.playing, place, bankroll
        self.act(f"{self.playing} plays in place of {before}", cause=cause)

    def _parts(self, settlement: Settlement) -> Mapping[str, Settlement]:
        return {self.playing: settlement}

    def _whole(self, day: Matchday, forecasts: Mapping[str, Forecast]) -> Forecast | None:  # noqa: ARG002
        return forecasts.get(self.playing)
