"""Audits: whether an agent knows what it cannot know, and how well a run was thought through.

Its parts are imported when they are first used: a replay in a fresh process needs only its own.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

_HOME = {
    "Audit": "sophistication",
    "Leak": "detector",
    "LookaheadReport": "detector",
    "audit": "sophistication",
    "lookahead": "detector",
}

__all__ = ["Audit", "Leak", "LookaheadReport", "audit", "lookahead"]

if TYPE_CHECKING:
    from matchday.auditing.detector import Leak, LookaheadReport, lookahead
    from matchday.auditing.sophistication import Audit, audit


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'matchday.auditing' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"matchday.auditing.{_HOME[name]}"), name)
    globals()[name] = value
    return value
