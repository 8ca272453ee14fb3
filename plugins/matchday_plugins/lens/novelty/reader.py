"""What the watch and the guard of novelty share: they read what a model says of its inputs as its forecast passes."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from pydantic import Field, PrivateAttr

from matchday import Agent, Component, Forecast, Matchday, MatchdayError, hookimpl
from matchday_plugins.lens.novelty.conformal import enough
from matchday_plugins.lens.novelty.reading import Reading, read


class NoveltyReader(Component):
    """A component that reads, each matchday, how unusual a model says its inputs are, and changes no forecast.

    Where no model says it, or too few past matches can be compared with, it does nothing, and the record says so.
    """

    model: str | None = Field(
        None, description="model whose inputs are judged; None: the first that says how unusual they are"
    )
    p0: float = Field(0.05, gt=0, lt=1, description="p-value of inputs that are unusual")

    _readings: dict[int, Reading] = PrivateAttr(default_factory=dict)
    _complaints: set[str] = PrivateAttr(default_factory=set)

    def check_agent(self, agent: Agent) -> None:
        """Refuse to judge the inputs of nobody, or of a learner that is not to tell of them."""
        if self.model is None:
            return
        agent.need_model(self.model, parameter="model")
        if getattr(agent.components[self.model], "novelty", None) is False:
            raise MatchdayError(
                f"model {self.model!r} does not say how unusual its inputs are; set novelty = true on it"
            )

    @hookimpl
    def season_opened(self) -> None:
        """Forget the last season."""
        self._readings, self._complaints = {}, set()

    @hookimpl(wrapper=True)
    def blend(self, day: Matchday, forecasts: list[Forecast]) -> Generator[None, Forecast, Forecast]:
        """Read what the model says, and hand the forecast on."""
        reading = read(forecasts, self.model)
        if reading is None:
            who = "no model says" if self.model is None else f"{self.model!r} does not say"
            self._complain("nobody", f"{who} how unusual its inputs are; set novelty = true on a learner")
        elif not enough(reading.cases, self.p0):
            takes = np.ceil(1.0 / self.p0)
            cause = f"{reading.cases} past matches to compare with; p0 = {self.p0:g} takes {takes:.0f}"
            self._complain("few", cause)
        else:
            self._readings[day.number] = reading
            self._judge(reading)
        return (yield)

    def _judge(self, reading: Reading) -> None:
        """Put on record what there is to say of a reading at once; here nothing."""

    def _complain(self, about: str, cause: str) -> None:
        """Put on record, once a season, that nothing is done, and why."""
        if about not in self._complaints:
            self._complaints.add(about)
            self.act("takes no action", cause=cause)
