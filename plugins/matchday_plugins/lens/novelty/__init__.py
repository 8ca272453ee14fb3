"""Novelty: how unlike the matches it learned from a match is, in what a model is fed of it.

It tells that inputs have gone wrong, and not where there is money to be made. ``Novelty`` measures, as a p-value; the
learners put it into their forecasts' explanation; ``novelty-watch`` tells it, ``novelty-guard`` bets by it.
"""

from __future__ import annotations

from matchday_plugins.lens.novelty.score import Novelty

__all__ = ["Novelty"]
