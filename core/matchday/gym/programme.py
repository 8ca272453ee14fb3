"""Which seasons an environment plays, and by which rules: what ``gymnasium.make`` is told, made out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from matchday.catalogue import Catalogue
from matchday.episode import Episode
from matchday.errors import MatchdayError, explain
from matchday.rules import Rules
from matchday.scenario import Scenario
from matchday.season import Season
from matchday.source import Source, make_source, seeded

#: The source that is played where none is named: it needs no download.
DEFAULT = "synthetic"

#: No bookmaker offers more; the bound of the odds that are observed.
LARGEST_ODDS = 1001.0

Listed = str | Season


class Programme:
    """The seasons that an environment plays, one an episode.

    ``seasons`` are names that the source can load, or seasons; none is the source's default. The seasons of a source
    that is random, and has no seed among its ``parameters``, are another league's in every episode; all others are
    loaded once. ``rows`` is the largest slate there may be: that of all seasons listed, and, where leagues change, at
    least half the clubs of one. Raises ``MatchdayError`` for what cannot be played.
    """

    def __init__(
        self, seasons: Sequence[Listed], source: str | Source | None, parameters: Mapping[str, Any], *, rules: Rules
    ) -> None:
        named = [each for each in seasons if isinstance(each, str)]
        self._rules = rules
        self._loaded: dict[str, Season] = {}
        self._source = None if seasons and not named and source is None else opened(source or DEFAULT, parameters)
        self._changing = isinstance(source, str | None) and "seed" not in parameters and _is_random(self._source)
        self._seasons = tuple(seasons) or (self._need_source().default_season(),)
        known = self._need_source().seasons() if self._changing else []
        alike = [each for each in named[1:] if each in known]  # one league of a source is as large as another
        probes = [self.load(each, seed=0) for each in self._seasons if each not in alike]
        half = max(len(season.clubs) // 2 for season in probes) if self._changing else 0
        self.rows = max(half, *map(largest_slate, probes))

    def draw(self, rng: np.random.Generator, seed: int, *, season: str | None = None) -> Season:
        """Draw one of the seasons, or load the one that is named; ``seed`` makes the league where leagues change."""
        given = (each for each in self._seasons if isinstance(each, Season) and each.name == season)
        chosen = self._seasons[int(rng.integers(len(self._seasons)))] if season is None else next(given, season)
        loaded = self.load(chosen, seed=seed)
        if (slate := largest_slate(loaded)) > self.rows:
            raise MatchdayError(
                f"Season {loaded.name}: {slate} matches on a date are more than the {self.rows} rows of the "
                "observation; list it among the seasons that the environment is made with."
            )
        return loaded

    def load(self, season: Listed, *, seed: int) -> Season:
        """Load a season, or take it from those that are; raises ``MatchdayError`` where it cannot be observed."""
        if isinstance(season, Season):
            return self._checked(season)
        if self._changing:
            return self._checked(seeded(self._need_source(), seed).season(season))
        if season not in self._loaded:
            self._loaded[season] = self._checked(self._need_source().season(season))
        return self._loaded[season]

    def _need_source(self) -> Source:
        if self._source is None:
            listed = ", ".join(season.name for season in self._seasons if isinstance(season, Season))
            raise MatchdayError(f"The environment was given seasons and no source; seasons: {listed}.")
        return self._source

    def _checked(self, season: Season) -> Season:
        Episode(season, self._rules)  # which refuses one that has no such prices
        odds = season.odds(self._rules.prices).iloc[season.first :].to_numpy()
        if (high := np.nanmax(odds, initial=0.0)) > LARGEST_ODDS:
            raise MatchdayError(
                f"Season {season.name}: odds of {high:g} are beyond what is observed; rule: at most {LARGEST_ODDS:g}; "
                "choose another price policy."
            )
        return season


def largest_slate(season: Season) -> int:
    """Count the matches of the date that has most of them."""
    return int(season.played["date"].value_counts().max())


def plan(
    season: Listed | Sequence[Listed] | None,
    *,
    source: str | Source | None,
    parameters: Mapping[str, Any],
    scenario: str | None,
    rules: Rules | Mapping[str, Any] | None,
    bankroll: float | None,
) -> tuple[Programme, Rules]:
    """Make out what is to be played, and by which rules; raises ``MatchdayError`` for what contradicts itself."""
    seasons = [] if season is None else [season] if isinstance(season, str | Season) else list(season)
    found: Scenario | None = None if scenario is None else Catalogue().load("scenario", scenario)
    chosen = _rules(found, rules, bankroll)
    if found is not None:
        if seasons:
            raise MatchdayError(f"Scenario {scenario!r} has a season of its own, {found.season}; leave out season.")
        if isinstance(source, str) and source != found.source:
            raise MatchdayError(f"Scenario {scenario!r} is played on {found.source}; leave out source.")
        seasons = [found.season]
        if source is None:
            source, parameters = found.source, {"league": found.competition, **parameters}
    return Programme(seasons, source, parameters, rules=chosen), chosen


def opened(source: str | Source, parameters: Mapping[str, Any]) -> Source:
    """Make the source of a name; one that is made already takes no parameters."""
    if isinstance(source, str):
        return make_source(source, dict(parameters))
    if parameters:
        raise MatchdayError(
            f"Source {type(source).__name__} is made already; set {', '.join(parameters)} where it is made, and leave "
            "out source_parameters."
        )
    return source


def _is_random(source: Source | None) -> bool:
    return source is not None and "seed" in type(source).model_fields


def _rules(scenario: Scenario | None, rules: Rules | Mapping[str, Any] | None, bankroll: float | None) -> Rules:
    """Put the rules together: a scenario's bankroll, what was set, and the bankroll where it is named."""
    said = rules.model_dump(exclude_unset=True) if isinstance(rules, Rules) else dict(rules or {})
    start = {"bankroll": scenario.bankroll} if scenario else {}
    named = {} if bankroll is None else {"bankroll": bankroll}
    try:
        made = Rules(**{**start, **said, **named})
    except ValidationError as error:
        raise MatchdayError(f"Rules: {explain(error, Rules)}") from error
    if made.without_bet == "refuse":
        raise MatchdayError(
            "Rules: without_bet = 'refuse' would stop a policy that bets nothing; rule: 'force' or 'off'."
        )
    return made
