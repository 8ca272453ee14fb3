"""The testing kit: small seasons, plain components, and the contracts that every plugin keeps.

Its parts are imported when they are first used; pytest is needed for ``matchday.testing.fixtures`` alone.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

_HOME = {
    "AgentContract": "suite",
    "Check": "checking",
    "ComponentContract": "suite",
    "Finding": "contract",
    "SourceContract": "suite",
    "check": "checking",
    "scrambled": "scrambling",
    "scripted_market": "scripted",
    "small_season": "seasons",
    "subject": "subjects",
    "watched": "effects",
}

__all__ = [
    "AgentContract",
    "Check",
    "ComponentContract",
    "Finding",
    "SourceContract",
    "check",
    "scrambled",
    "scripted_market",
    "small_season",
    "subject",
    "watched",
]

if TYPE_CHECKING:
    from matchday.testing.checking import Check, check
    from matchday.testing.contract import Finding
    from matchday.testing.effects import watched
    from matchday.testing.scrambling import scrambled
    from matchday.testing.scripted import scripted_market
    from matchday.testing.seasons import small_season
    from matchday.testing.subjects import subject
    from matchday.testing.suite import AgentContract, ComponentContract, SourceContract


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'matchday.testing' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"matchday.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value
