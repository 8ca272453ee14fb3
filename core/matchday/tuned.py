"""What an agent's parameters were chosen on: how many were tried, on which seasons, for what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from matchday.errors import SourceError
from matchday.season import season_year

#: What a search looks for: the mean log growth of a season, or the log-loss of a match.
Objective = Literal["growth", "log-loss"]


class Tuned(BaseModel):
    """The search that an agent's parameters come from; it stands in the agent's file, and goes with it on record.

    ``trials`` agents were tried on ``seasons``, and the one with the best ``objective`` was kept: its ``value`` is the
    mean log growth of a season (more is better) or the log-loss of a match in nats (less is). What is measured on those
    seasons is in-sample. ``parameters`` are those that were searched, as component.parameter.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    trials: int = Field(ge=1)
    seasons: tuple[str, ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    competition: str = ""
    prices: str = "closing"
    objective: Objective = "growth"
    value: float = Field(allow_inf_nan=False)
    parameters: tuple[str, ...] = ()
    study: str = ""

    @field_validator("seasons")
    @classmethod
    def _named(cls, seasons: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(sorted(set(seasons), key=season_year))
        except SourceError as error:
            raise ValueError(str(error)) from None

    def saw(self, *, source: str, competition: str, season: str) -> bool:
        """Whether the parameters were chosen on this season, at whatever prices."""
        league = not self.competition or self.competition == competition
        return self.source == source and league and season in self.seasons


def searches(spec: Mapping[str, Any]) -> Iterator[Tuned]:
    """Find the searches behind an agent as its ``spec`` describes it, and behind the agents inside it."""
    if spec.get("tuned") is not None:
        yield Tuned.model_validate(spec["tuned"])
    for component in spec.get("component", ()):
        inside = [component["agent"]] if "agent" in component else component.get("agents") or ()
        for each in inside:
            if isinstance(each, Mapping):
                yield from searches(each)


def tries(spec: Mapping[str, Any]) -> int:
    """Count the agents that were tried to find this one: 1 where no search is behind it."""
    return max(1, sum(search.trials for search in searches(spec)))
