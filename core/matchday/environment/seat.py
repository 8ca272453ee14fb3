"""A bettor's seat: what it has in hand on a matchday, and the tools that work on that."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from matchday.environment.account import Account
from matchday.environment.answer import Answer, refused
from matchday.environment.arguments import Arguments
from matchday.environment.desk import Desk
from matchday.environment.forecasters import Forecasters
from matchday.environment.tools import FORECAST, TOOLS, Tool, read
from matchday.errors import MatchdayError
from matchday.events import SeasonOpened
from matchday.ledger import Settlement
from matchday.rules import Rules
from matchday.slate import Matchday

_log = logging.getLogger(__name__)


class Seat:
    """What a bettor has in hand: the desk of the matchday, an account of its bets, and models to ask.

    It is told what happens as a component is, by whoever drives it: an episode, or an agent's hooks. ``models`` names
    the models that may be asked; None: every model that is installed; empty: none, and no such tool. ``patience`` is
    for how many seconds a model's answer is waited for; None: however long it takes.
    """

    desk: Desk

    def __init__(self, *, models: Sequence[str] | None = None, patience: float | None = None) -> None:
        self.forecasters = Forecasters(models, seconds=patience)
        self.account = Account()
        self._rules = Rules()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools that are offered."""
        return tuple(tool for tool in TOOLS if tool is not FORECAST or self.forecasters.offered)

    def season_opened(self, season: SeasonOpened) -> None:
        """Forget everything; a season begins."""
        self._rules, self.account = season.rules, Account()
        self.forecasters.season_opened(season)

    def matchday_opened(self, day: Matchday, bankroll: int) -> None:
        """Clear the desk for a matchday, with a bankroll in pence."""
        self.desk = Desk(day, bankroll, self._rules)
        self.forecasters.matchday_opened(day)

    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """Take into account how the matchday ended."""
        self.account.add(settlement)
        self.forecasters.matchday_settled(day, results, settlement)

    def read(self, name: str, arguments: Mapping[str, Any] | None) -> tuple[Tool, Arguments]:
        """Look up a tool and read its arguments; raises ``MatchdayError`` in one line."""
        return read(self.tools, name, arguments)

    def use(self, tool: Tool, arguments: Arguments) -> Answer:
        """Use a tool on this matchday; a mistake is answered, and changes nothing."""
        assert tool.use is not None
        try:
            return Answer(tool.use(self, arguments))
        except MatchdayError as error:
            return refused(f"{tool.name}: {error}")
        except Exception as error:  # a fault of ours, or of a model, which must not end anybody's season
            _log.exception("tool %s failed", tool.name)
            return refused(f"{tool.name}: it failed with {type(error).__name__}, which is not your mistake")
