"""Following the states of all clubs through a history, matchday by matchday and season by season."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import Bools, Ints
from matchday_plugins.models.goals.results import Results
from matchday_plugins.models.states.abilities import Motion, States, at_first, moved, updated

#: What strength is expected of every club, by its number, if it comes up in the season of that name.
Opening = Callable[[str], Array]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What is known on a day (days since 1970; None before the first): states, and each club's last season played.

    Seasons are numbers; −1 is none.
    """

    states: States = field(default_factory=at_first)
    day: int | None = None
    season: int = -1
    played: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """How time passes: days move the states, and a summer ``summer_days`` more of them than it has.

    When a season begins, clubs that did not play in the one before stand at the strength expected of newcomers, with
    covariance ``newcomer`` (2, 2), whatever was known of them.
    """

    motion: Motion
    summer_days: int
    newcomer: Array

    def reached(
        self, standing: Standing, *, day: int, season: int, name: str, clubs: int, opening: Opening
    ) -> Standing:
        """Go on to a day of a season, number and name, in which there are so many clubs; no match is taken in."""
        grown, played = self._grown(standing, clubs)
        if standing.day is None:
            return Standing(grown, day, season, played)
        turned = season != standing.season
        states = moved(grown, day - standing.day + (self.summer_days if turned else 0), self.motion)
        if season > 0 and (turned or clubs > len(standing.played)):
            unknown = np.arange(clubs) >= len(standing.played)
            states = self._placed(states, (played < season - 1) & (unknown | turned), opening(name)[:clubs])
        return Standing(states, day, season, played)

    def _grown(self, standing: Standing, clubs: int) -> tuple[States, Ints]:
        """Add clubs never seen: average, as far as anybody knows."""
        more, states = clubs - len(standing.played), standing.states
        if not more:
            return states, standing.played
        mean = np.concatenate([states.mean, np.zeros((more, 2))])
        spread = np.concatenate([states.spread, np.tile(self.motion.long_run, (more, 1, 1))])
        return states._replace(mean=mean, spread=spread), np.concatenate([standing.played, np.full(more, -1)])

    def _placed(self, states: States, fresh: Bools, strength: Array) -> States:
        """Put clubs where newcomers are expected."""
        mean = np.where(fresh[:, None], np.stack([strength, -strength], axis=1), states.mean)
        return states._replace(mean=mean, spread=np.where(fresh[:, None, None], self.newcomer, states.spread))

    def followed(self, standing: Standing, results: Results, *, seen: int, opening: Opening) -> Standing:
        """Take in the matches of ``results`` from place ``seen`` on, a day at a time."""
        if seen == len(results):
            return standing
        days, names = results.days, list(results.seasons)
        goals = np.stack([results.home_goals, results.away_goals], axis=1).astype(np.float64)
        first = seen + np.flatnonzero(np.diff(days[seen:], prepend=days[seen] - 1))
        for start, end in zip(first.tolist(), [*first[1:].tolist(), len(days)], strict=True):
            season, home, away = int(results.season[start]), results.home[start:end], results.away[start:end]
            clubs = max(len(standing.played), int(max(home.max(), away.max())) + 1)
            day, name = int(days[start]), names[season]
            standing = self.reached(standing, day=day, season=season, name=name, clubs=clubs, opening=opening)
            played = standing.played.copy()
            played[home] = played[away] = season
            standing = Standing(updated(standing.states, home, away, goals[start:end]), day, season, played)
        return standing
