"""A watch of input integrity: it tells the matches whose inputs the model has never seen the like of."""

from __future__ import annotations

from pydantic import Field

from matchday import Diagnosis, Matchday, hookimpl
from matchday_plugins.lens.novelty.reader import NoveltyReader
from matchday_plugins.lens.novelty.reading import Reading


class NoveltyWatch(NoveltyReader):
    """Tell how unusual a model's inputs are, match by match, and raise an alarm where p <= p0.

    p is the conformal p-value of a learner with ``novelty = true``. A model is fed after the watches have spoken, so
    that an unusual match is on record as an action on its own day, before anything is staked on it; the next morning
    every match of the last matchday has a measure ``novelty_p``, with the alarm. Sound inputs raise some alarms too: of
    a share p0 of the matches where seasons are alike, and of more where they change. So let ``caution`` and
    ``refit_on`` name the watches that they heed, where a single odd match is not to set them off. Nothing is said while
    n < 1 / p0, and where no model tells how unusual its inputs are.
    """

    p0: float = Field(0.01, gt=0, lt=1, description="p-value of inputs that are unusual: an alarm")

    @hookimpl
    def diagnose(self, day: Matchday) -> list[Diagnosis]:
        """Say how unusual the inputs of the last matchday were; nothing before the first."""
        reading = self._readings.get(day.number - 1)
        if reading is None:
            return []
        unusual = reading.unusual(self.p0)
        return [
            Diagnosis(
                self.name,
                "novelty_p",
                p,
                alarm=match_id in unusual,
                match_id=match_id,
                message=reading.describe(match_id) if match_id in unusual else "",
            )
            for match_id, p in reading.p.items()
        ]

    def _judge(self, reading: Reading) -> None:
        for match_id in reading.unusual(self.p0):
            self.act("unusual inputs", cause=f"{match_id}: {reading.describe(match_id)}")
