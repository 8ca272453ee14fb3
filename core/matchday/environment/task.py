"""A task: one season to play, by which rules, with which seed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from matchday.catalogue import Catalogue
from matchday.rules import Rules
from matchday.scenario import Scenario

Split = Literal["train", "test"]
SPLITS: tuple[Split, ...] = ("train", "test")


class Task(BaseModel):
    """A season to play. ``seed`` is the run's, and a synthetic league's; where the data lie is the host's business."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="what it is called")
    title: str = Field("", description="what people call it")
    split: Split = Field("test", description="whether it trains or tests agents")
    source: str = Field(description="name of the source")
    league: str | None = Field(None, description="competition, for sources that have several")
    season: str = Field(description="season, as 2023-24")
    seed: int = Field(0, ge=0, lt=2**63, description="seed of the run, and of a synthetic league")
    rules: Rules = Field(default_factory=Rules, description="the rules, the starting bankroll among them")

    @classmethod
    def of_scenario(cls, name: str, scenario: Scenario, *, seed: int = 0, rules: Rules | None = None) -> Task:
        """Make the task of a scenario; its bankroll is the scenario's, the other rules those given."""
        chosen = (rules or Rules()).model_copy(update={"bankroll": scenario.bankroll})
        split: Split = "train" if scenario.split == "train" else "test"
        return cls(
            name=name,
            title=scenario.title,
            split=split,
            source=scenario.source,
            league=scenario.competition,
            season=scenario.season,
            seed=seed,
            rules=chosen,
        )


def scenario_tasks() -> list[Task]:
    """List the tasks of the scenarios that are installed, in order of their seasons."""
    catalogue = Catalogue()
    made = [Task.of_scenario(name, catalogue.load("scenario", name)) for name in catalogue.names("scenario")]
    return sorted(made, key=lambda task: task.season)
