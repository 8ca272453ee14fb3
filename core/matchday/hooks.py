"""All hooks of the project, in the order of a matchday. A component implements those it needs.

Three ways to compose, all of them pluggy's own: hooks that *collect* call every implementation, in the agent's list
order; hooks of which *one answers* take exactly one implementation; *wrappers* of those
(``@hookimpl(wrapper=True)``) act on the answer in list order. Arguments are passed by name, so an implementation takes
only those it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import pandas as pd

    from matchday.bets import BetSlip, Edges
    from matchday.decision import Decision
    from matchday.events import SeasonClosed, SeasonOpened
    from matchday.forecast import Forecast
    from matchday.ledger import Settlement
    from matchday.slate import Diagnosis, Matchday

PROJECT = "matchday"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """The hook specifications."""

    @hookspec
    def season_opened(self, season: SeasonOpened) -> None:
        """A season begins: forget everything and learn from ``season.history``. Every component is told."""

    @hookspec
    def matchday_opened(self, day: Matchday) -> None:
        """A matchday begins: results up to yesterday are in ``day.history``. Every component is told."""

    @hookspec
    def diagnose(self, day: Matchday) -> list[Diagnosis]:  # type: ignore[empty-body]
        """Say what is unusual this morning; collected, and read by every later hook as ``day.diagnoses``."""

    @hookspec
    def forecast(self, day: Matchday) -> Forecast:  # type: ignore[empty-body]
        """Answer a probability for each selection of the slate; collected from every model. Knows no money."""

    @hookspec(firstresult=True)
    def blend(self, day: Matchday, forecasts: list[Forecast]) -> Forecast:  # type: ignore[empty-body]
        """Make one forecast of the models'; one answers, wrappers calibrate. A single model needs no blend."""

    @hookspec(firstresult=True)
    def find_edges(self, day: Matchday, forecast: Forecast) -> Edges:  # type: ignore[empty-body]
        """Choose the candidate bets; one answers, wrappers filter."""

    @hookspec(firstresult=True)
    def size_stakes(self, day: Matchday, edges: Edges, bankroll: float) -> BetSlip:  # type: ignore[empty-body]
        """Choose each candidate's share of the bankroll (currency units); one answers, wrappers shrink, cap, veto."""

    @hookspec(firstresult=True)
    def decide(self, day: Matchday, bankroll: float) -> Decision:  # type: ignore[empty-body]
        """Decide the whole matchday; one answers. Without one the core runs the chain of the five hooks above."""

    @hookspec
    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """The day's matches are over: ``results`` has their scores and statistics. Every component is told.

        Models take ``results`` and never ``settlement``: forecasts do not depend on money.
        """

    @hookspec
    def season_closed(self, closed: SeasonClosed) -> None:
        """The season is over, or the bankroll is gone. Every component is told."""
