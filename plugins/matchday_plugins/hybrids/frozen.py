"""Frozen: an agent that learns nothing of the season it plays.

Grady, T. et al. (2026). KellyBench. arXiv:2604.27865 (there such agents are called static).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Self

import pandas as pd
from pydantic import Field, PrivateAttr, model_validator

from matchday import Decision, Forecast, History, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.ledger import Settlement
from matchday.nesting import AgentOfAgents, Composition


class Frozen(AgentOfAgents):
    """Let an agent play with what was known when the season opened: what it would have learned since is kept from it.

    On every matchday its history ends where it ended in the beginning, and it is told neither results nor what became
    of its bets. Fixtures, odds and quotes are the day's, and so are the date and the bankroll: a model of the price
    goes on following it, a model that ages its matches goes on ageing them, and a brake that looks at the bankroll
    brakes. Watches hear no results, so they say nothing.

    What the same agent makes of the season by itself, less this, is what its learning was worth. The forecast of the
    whole is the agent's.
    """

    agents: tuple[Composition, ...] = Field(
        min_length=1, description="the agent, one: a bundled name, a TOML file, or a table"
    )

    _history: History | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.agents) > 1:
            raise ValueError(f"agents are {len(self.agents)}; rule: one, so freeze each by itself")
        return self

    @property
    def world(self) -> str:
        """Without results."""
        return "frozen"

    def _begin(self, season: SeasonOpened) -> None:
        self._history = season.history

    def _shown(self, day: Matchday) -> Matchday:
        return day if self._history is None else dataclasses.replace(day, history=self._history)

    @hookimpl
    def decide(self, day: Matchday, bankroll: float) -> Decision:
        """Answer the agent's slip."""
        (name,) = self.members
        decision = self._ask(name, day, bankroll)
        return self._answer(day, {name: decision}, decision)

    @hookimpl
    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """Tell nobody."""

    def _parts(self, settlement: Settlement) -> Mapping[str, Settlement]:  # noqa: ARG002
        return {}

    def _whole(self, day: Matchday, forecasts: Mapping[str, Forecast]) -> Forecast | None:  # noqa: ARG002
        return next(iter(forecasts.values()), None)
