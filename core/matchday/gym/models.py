"""Models whose forecasts are part of the observation: they live through the season as they would in an agent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Literal

import pandas as pd

from matchday.agent import Agent
from matchday.agentfile import build_component
from matchday.assembly import answering
from matchday.bets import BetSlip
from matchday.catalogue import Catalogue
from matchday.component import Component
from matchday.decision import Decision
from matchday.errors import ComponentError, MatchdayError
from matchday.events import MatchdaySettled, SeasonClosed, SeasonOpened
from matchday.forecast import Forecast
from matchday.hooks import hookimpl
from matchday.slate import Matchday

Listed = str | Component | Agent

#: The name of the agent that the models are listed in.
AGENT = "gymnasium"


class Policy(Component):
    """Stand for whoever acts from outside: it decides, so nothing is asked of it here."""

    @hookimpl
    def decide(self) -> Decision:
        """Leave the day to the policy."""
        return Decision(BetSlip.empty())

    @hookimpl
    def blend(self, day: Matchday) -> Forecast:
        """Blend nothing: each forecast is observed by itself."""
        return Forecast.silent(day.slate.index)


class Models:
    """The models of an environment, and watches for them to hear.

    ``listed`` are names of components, components, or agents, of which each says its blend. ``names`` are those that
    forecast, in list order. Raises ``MatchdayError`` for what does not make an agent's list of models.
    """

    def __init__(self, listed: Listed | Sequence[Listed]) -> None:
        several = [listed] if isinstance(listed, str | Component | Agent) else list(listed)
        made = [_made(each) if isinstance(each, str) else each for each in several]
        self._agent = Agent(AGENT, [*made, ("policy", Policy())])
        self.names = tuple(answering(self._agent.components, "forecast"))
        if several and not self.names:
            raise MatchdayError(f"Models: none of {several} forecasts; rule: models, as dixon-coles or elo.")
        self._failure: Literal["stop", "sit-out"] = "stop"

    def season_opened(self, opened: SeasonOpened) -> None:
        """Forget everything; a season begins."""
        self._failure = opened.rules.on_failure
        with self._sitting_out():
            self._agent.season_opened(opened)

    def forecasts(self, day: Matchday) -> tuple[Forecast, ...]:
        """Say what each model thinks of a matchday that begins; () where there is none, or one that failed sits out."""
        if self.names:
            with self._sitting_out():
                self._agent.matchday_opened(day)
                return self._agent.observe(day).forecasts
        return ()

    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settled: MatchdaySettled) -> None:
        """Tell what became of the day."""
        with self._sitting_out():
            self._agent.matchday_settled(day, results, settled.settlement)

    def season_closed(self, closed: SeasonClosed) -> None:
        """Tell that the season is over."""
        with self._sitting_out():
            self._agent.season_closed(closed)

    @contextlib.contextmanager
    def _sitting_out(self) -> Iterator[None]:
        """Let a failure end the episode, unless the rules say otherwise."""
        try:
            yield
        except ComponentError:
            if self._failure == "stop":
                raise


def _made(name: str) -> tuple[str, Component]:
    return name, build_component(AGENT, name, {"use": name}, Catalogue())
