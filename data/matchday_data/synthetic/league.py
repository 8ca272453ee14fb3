"""A league over the seasons: abilities and squads move on, matches are played, clubs go down and come up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from matchday_data.synthetic.abilities import Abilities, log_abilities
from matchday_data.synthetic.calendar import Fixtures, draw_calendar
from matchday_data.synthetic.chance import Chance, Purpose
from matchday_data.synthetic.scorelines import Floats, Ints, draw_scores, scorelines
from matchday_data.synthetic.squads import LineUps, Squads, draw_line_ups

#: The year in which the world begins: early enough for every playable season to have its history.
FIRST_YEAR = 1990
#: How much luck there is in promotion, in standard deviations of strength.
PROMOTION_LUCK = 0.5


class Nature(BaseModel):
    """What makes the matches of a synthetic league what they are; no bookmaker in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = Field(0, ge=0, description="the same seed, the same world")
    league: str = Field(
        "SYN",
        pattern=r"^[A-Za-z0-9]{1,8}$",
        description="competition code; under one seed, leagues of different codes are different worlds",
    )
    clubs: int = Field(20, ge=4, le=24, multiple_of=2, description="clubs in the league; as many wait below it")
    goals: float = Field(1.285, gt=0.3, le=3, description="expected goals of a side between average clubs, no home")
    home_advantage: float = Field(
        0.235,
        ge=0,
        le=1,
        description="log of the home side's over the away side's expected goals, between equals",
    )
    rho: float = Field(-0.06, ge=-0.2, le=0.2, description="Dixon-Coles dependence of low scores; below 0: more draws")
    spread: float = Field(0.275, ge=0, le=0.5, description="standard deviation of a club's log attack and log defence")
    gap: float = Field(1.8, ge=0, le=4, description="mean of the league above that of the clubs below it, in spreads")
    persistence: float = Field(0.998, gt=0, le=1, description="AR(1) coefficient of abilities from match to match")
    summer_persistence: float = Field(0.95, gt=0, le=1, description="AR(1) coefficient of abilities over the summer")
    line_up: float = Field(
        0.03,
        ge=0,
        le=0.2,
        description="log goals that a standard deviation of one starter's quality is worth",
    )

    @property
    def promoted(self) -> int:
        """How many clubs go down and come up: 3 of 20, in proportion, at least 1."""
        return max(1, round(0.15 * self.clubs))

    def campaigns(self, last_year: int) -> Iterator[Campaign]:
        """Play the seasons from ``FIRST_YEAR`` to ``last_year``, each the same whatever comes after."""
        chance = Chance(self.seed, self.league)
        members = np.arange(self.clubs)
        abilities = Abilities.settled(chance.stream(FIRST_YEAR - 1, Purpose.ABILITIES), self._level(members))
        squads = Squads.founded(chance.stream(FIRST_YEAR - 1, Purpose.SQUADS), clubs=2 * self.clubs)
        for year in range(FIRST_YEAR, last_year + 1):
            path = self._drift(chance.stream(year, Purpose.ABILITIES), abilities, members)
            squads = squads.after_summer(chance.stream(year, Purpose.SQUADS))
            campaign = self._campaign(chance, year, members, path, squads)
            yield campaign
            abilities = path[-1]
            members = self._next_members(chance.stream(year, Purpose.PROMOTION), campaign, abilities.strength)

    def _level(self, members: Ints) -> Floats:
        """Say what strength each club of the pool drifts about: 0 in the league, ``-gap`` below it."""
        level = np.full(2 * self.clubs, -self.gap)
        level[members] = 0.0
        return level

    def _drift(self, rng: np.random.Generator, abilities: Abilities, members: Ints) -> list[Abilities]:
        """Take abilities over the summer and through the season."""
        level = self._level(members)
        autumn = abilities.after(rng, level, persistence=self.summer_persistence)
        return autumn.path(rng, level, rounds=2 * (self.clubs - 1), persistence=self.persistence)

    def _campaign(self, chance: Chance, year: int, members: Ints, path: list[Abilities], squads: Squads) -> Campaign:
        """Play one season."""
        fixtures = draw_calendar(chance.stream(year, Purpose.CALENDAR), year=year, clubs=self.clubs)
        own = squads.of(members)
        line_ups = draw_line_ups(chance.stream(year, Purpose.LINE_UPS), own, rounds=len(path))
        attack, defence = (each[members] for each in log_abilities(path, spread=self.spread))
        base = np.log(self.goals) + 0.5 * self.home_advantage * np.array([1.0, -1.0])
        expected = base + _duel(fixtures, attack, defence)
        intensities = expected + self.line_up * _duel(fixtures, line_ups.attack, line_ups.defence)
        grid = scorelines(intensities, rho=self.rho)
        goals = draw_scores(chance.stream(year, Purpose.SCORES), grid)
        return Campaign(year, members, fixtures, own, line_ups, expected, intensities, goals)

    def _next_members(self, rng: np.random.Generator, campaign: Campaign, strength: Floats) -> Ints:
        """Send the bottom of the table down and bring the strongest of the rest up, with some luck."""
        chances = strength + PROMOTION_LUCK * rng.standard_normal(len(strength))
        chances[campaign.members] = -np.inf
        staying = campaign.members[campaign.table()[: -self.promoted]]
        rising = np.argsort(-chances, kind="stable")[: self.promoted]
        return np.sort(np.concatenate([staying, rising]))


@dataclass(frozen=True, slots=True, eq=False)
class Campaign:
    """One season as it happened, before anybody wrote it down.

    ``members`` are the league's clubs among the pool's; everything else counts clubs by their place in it. Arrays
    (matches, 2) hold home and away: ``expected`` log goals were both best elevens to play, ``intensities`` with the
    line-ups that do play, and the ``goals``.
    """

    year: int
    members: Ints
    fixtures: Fixtures
    squads: Squads
    line_ups: LineUps
    expected: Floats
    intensities: Floats
    goals: Ints

    def table(self) -> Ints:
        """Rank the clubs by points, goal difference and goals, champions first."""
        clubs, goals = np.stack([self.fixtures.home, self.fixtures.away], axis=1), self.goals
        margin = goals - goals[:, ::-1]
        points = np.where(margin > 0, 3, np.where(margin == 0, 1, 0))
        sums = [np.bincount(clubs.ravel(), weights=each.ravel()) for each in (goals, margin, points)]
        return np.lexsort(sums)[::-1].astype(np.int64)


def _duel(fixtures: Fixtures, attack: Floats, defence: Floats) -> Floats:
    """Set each side's attack against the other's defence: (matches, 2) from (clubs, rounds)."""
    home, away = (fixtures.home, fixtures.home_turn), (fixtures.away, fixtures.away_turn)
    return np.stack([attack[home] - defence[away], attack[away] - defence[home]], axis=1)
