"""matchday: an event loop for the season-long football betting game, and strategies made of plugins.

The public names below are imported when they are first used, so that ``import matchday`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOME = {
    "Agent": "agent",
    "AgentOfAgents": "nesting",
    "BetSlip": "bets",
    "Catalogue": "catalogue",
    "Comparison": "comparison",
    "Component": "component",
    "Decision": "decision",
    "Diagnosis": "slate",
    "Edges": "bets",
    "Episode": "episode",
    "Forecast": "forecast",
    "ForecastCache": "forecastcache",
    "History": "history",
    "Matchday": "slate",
    "MatchdayError": "errors",
    "Rules": "rules",
    "Season": "season",
    "Slate": "slate",
    "Source": "source",
    "Summary": "summary",
    "compare": "comparison",
    "hookimpl": "hooks",
    "load_agent": "agentfile",
    "play": "loop",
    "summarise": "summary",
}

__all__ = [
    "Agent",
    "AgentOfAgents",
    "BetSlip",
    "Catalogue",
    "Comparison",
    "Component",
    "Decision",
    "Diagnosis",
    "Edges",
    "Episode",
    "Forecast",
    "ForecastCache",
    "History",
    "Matchday",
    "MatchdayError",
    "Rules",
    "Season",
    "Slate",
    "Source",
    "Summary",
    "compare",
    "hookimpl",
    "load_agent",
    "play",
    "summarise",
]

if TYPE_CHECKING:
    from matchday.agent import Agent
    from matchday.agentfile import load_agent
    from matchday.bets import BetSlip, Edges
    from matchday.catalogue import Catalogue
    from matchday.comparison import Comparison, compare
    from matchday.component import Component
    from matchday.decision import Decision
    from matchday.episode import Episode
    from matchday.errors import MatchdayError
    from matchday.forecast import Forecast
    from matchday.forecastcache import ForecastCache
    from matchday.history import History
    from matchday.hooks import hookimpl
    from matchday.loop import play
    from matchday.nesting import AgentOfAgents
    from matchday.rules import Rules
    from matchday.season import Season
    from matchday.slate import Diagnosis, Matchday, Slate
    from matchday.source import Source
    from matchday.summary import Summary, summarise


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'matchday' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"matchday.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
