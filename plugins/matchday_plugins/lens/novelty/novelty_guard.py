"""A guard of input integrity: less at stake on a match whose inputs the model has never seen the like of."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from matchday import BetSlip, Matchday, hookimpl
from matchday_plugins.lens.novelty.conformal import multiplier
from matchday_plugins.lens.novelty.reader import NoveltyReader


class NoveltyGuard(NoveltyReader):
    """Multiply the stakes on a match by min(1, p / p0), p saying how usual the model's inputs of that match are.

    p is the conformal p-value of a learner with ``novelty = true``: the share of past matches that are as far from what
    the model was fitted to. Inputs that were permuted or scaled have the least there is, 1 / (n + 1), so that next to
    nothing is staked. It guards against a feed that has gone wrong and is no edge: from some matches of sound inputs it
    takes too, a share p0 of them where seasons are alike, and more where they change, above all as a season begins.
    Stakes never grow. One model is judged; another guard, with ``model``, judges another one. Nothing is done, and the
    record says so, while n < 1 / p0, and where no model tells how unusual its inputs are.
    """

    @hookimpl(wrapper=True)
    def size_stakes(self, day: Matchday) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, with less on matches of unusual inputs."""
        slip, reading = (yield), self._readings.get(day.number)
        if reading is None:
            return slip
        matches = slip.bets["match_id"].tolist()
        left = multiplier(np.array([reading.p.get(each, np.nan) for each in matches]), self.p0)
        reasons = [
            f"{self.name}: × {share:.3g} ({reading.describe(match_id)})" if share < 1.0 else ""
            for match_id, share in zip(matches, left, strict=True)
        ]
        return slip.with_shares(left * slip.bets["share"], reason=reasons)
