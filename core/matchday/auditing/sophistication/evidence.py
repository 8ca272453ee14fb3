"""What a run is judged by: its record, its components, and, where it can be loaded, the season with its results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from matchday.auditing.sophistication.forecasts import HEARD, Forecasts
from matchday.auditing.sophistication.record import Chain, Day, Event
from matchday.parts import Part
from matchday.season import Season
from matchday.store import Run


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that the criteria look at.

    ``parts`` are the components, None where they cannot be made any more; ``season`` is None where it cannot be loaded;
    ``missing`` says why, by "parts" and "season". ``variants`` counts the agents of this name that have played this
    season, this one included, by what they are made of.
    """

    run: Run
    opened: Event
    days: list[Day]
    parts: tuple[Part, ...] | None
    season: Season | None
    missing: dict[str, str]
    variants: int

    @cached_property
    def played(self) -> list[Day]:
        """The matchdays, without what belongs to none."""
        return [day for day in self.days if day.number and day.of("MatchdayOpened")]

    @cached_property
    def forecasts(self) -> Forecasts:
        """Who forecast what."""
        models = {part.source for part in self.parts or () if part.agent or part.is_model}
        return Forecasts.of(self.played, listed=frozenset(models))

    @cached_property
    def staking(self) -> list[tuple[Day, str, Chain]]:
        """The chains behind the chosen bets, matchday by matchday, each with its agent."""
        return [
            (day, agent, chain)
            for day in self.played
            for agent, chain in day.chains.items()
            if any((bet["match_id"], bet["selection"]) in chain.sized_last for bet in day.chosen)
        ]

    def chains_of(self, agent: str) -> list[tuple[Day, Chain]]:
        """The chains of one agent behind the chosen bets, with their matchdays."""
        return [(day, chain) for day, whose, chain in self.staking if whose == agent]

    @property
    def stakers(self) -> list[str]:
        """The agents behind the chosen bets, "" being the one that plays."""
        return list(dict.fromkeys(agent for _, agent, _ in self.staking))

    def heard(self) -> Iterator[Part]:
        """The models whose forecast is on record and has weight in what the agent believed."""
        weights = self.forecasts.weights
        for part in self.parts or ():
            if part.is_model and weights.get(part.source, 0.0) >= HEARD:
                yield part

    def having(self, trait: str, *, agent: str | None = None) -> list[Part]:
        """The components that declare a trait, those of one agent or all."""
        return [part for part in self.parts or () if trait in part.traits and agent in (None, part.agent)]
