"""Audits: whether an agent knows what it cannot know, and how well a run was thought through."""

from matchday.auditing.lookahead import Leak, LookaheadReport, lookahead
from matchday.auditing.sophistication import Audit, audit

__all__ = ["Audit", "Leak", "LookaheadReport", "audit", "lookahead"]
