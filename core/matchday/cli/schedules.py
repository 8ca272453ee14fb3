"""Many seasons, as the command line names them: one by one, in ranges, by scenario, each with so many seeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from matchday.cli.options import SOURCE, Choice
from matchday.comparison import Schedule
from matchday.errors import MatchdayError
from matchday.season import season_name, season_year

#: Seeds of a league of chance, where the user names neither seeds nor seasons: a season alone proves nothing.
SEEDS = 10


@dataclass(frozen=True, slots=True)
class Span:
    """The seasons that the user named; what ``choice`` says holds for all of them."""

    seasons: Sequence[str] = ()
    scenarios: Sequence[str] = ()
    seeds: int | None = None
    choice: Choice = field(default_factory=Choice)

    def with_source(self, overrides: dict[str, dict[str, Any]]) -> Span:
        """Take what is set of the source out of overrides, by component, and answer the same seasons of that source."""
        return dataclasses.replace(self, choice=dataclasses.replace(self.choice, parameters=overrides.pop(SOURCE, {})))

    def schedules(self) -> list[Schedule]:
        """Say what is to be played, season by season."""
        names = [name for text in self.seasons for name in spell_out(text)]
        chosen = [dataclasses.replace(self.choice, season=name) for name in names]
        chosen += [dataclasses.replace(self.choice, scenario=name) for name in self.scenarios]
        return [schedule for each in chosen or [self.choice] for schedule in self._seeded(each, alone=not chosen)]

    def _seeded(self, choice: Choice, *, alone: bool) -> list[Schedule]:
        source, _, _ = choice.plan()
        chance = "seed" in type(source).model_fields
        seeds = self.seeds or (SEEDS if alone and chance else 1)
        planned = [dataclasses.replace(choice, seed=choice.seed + n) for n in range(seeds)]
        return [
            Schedule(name, rules, each.seed, source, partial=each.partial)
            for each in planned
            for source, name, rules in [each.plan()]
        ]


def spell_out(text: str) -> list[str]:
    """Name the seasons of a range, both ends included.

    >>> spell_out("2021-22:2023-24"), spell_out("1999-00")
    (['2021-22', '2022-23', '2023-24'], ['1999-00'])
    """
    first, colon, last = text.partition(":")
    years = range(season_year(first), season_year(last if colon else first) + 1)
    if not years:
        raise MatchdayError(f"Seasons {text!r} end before they begin; rule: FIRST:LAST, as 2014-15:2023-24.")
    return [season_name(year) for year in years]
