"""Contracts of sources: seasons load, hold what they should, and are the same each time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import chain

import numpy as np
import pandas as pd

from matchday.agent import Agent
from matchday.errors import MatchdayError, one_line
from matchday.events import SeasonClosed
from matchday.history import STATISTIC_COLUMNS
from matchday.loop import play
from matchday.markets import SELECTIONS
from matchday.rules import Rules
from matchday.season import Season, season_year
from matchday.testing.components import Everything, Fixed, Level
from matchday.testing.contract import Broken, NotApplicable, contract
from matchday.testing.contracts.parameters import as_toml
from matchday.testing.sourcing import SourceSpecimen


@contract("its parameters are validated, and survive TOML", "source")
def source_parameters_survive(specimen: SourceSpecimen) -> str:
    """Refuse unknown parameters, and make the source again of what a run's record says of it."""
    source = specimen.make()
    try:
        specimen.kind(**{**specimen.parameters, "no_such_parameter": 1})
    except Exception:
        written = {name: value for name, value in source.model_dump(mode="json").items() if value is not None}
    else:
        raise Broken('it takes unknown parameters. Leave model_config as it is: extra="forbid".')
    try:
        again = specimen.kind(**tomllib.loads(as_toml(written)))
    except Exception as error:
        raise Broken(f"it cannot be made of its own parameters as TOML has them: {one_line(error)}") from error
    if again != source:
        raise Broken(f"made of its own parameters as TOML has them, it is another: {again!r}.")
    return f"{len(written)} parameters"


@contract("it lists its seasons, oldest first", "source")
def lists_its_seasons(specimen: SourceSpecimen) -> str:
    """See how they are written, and in what order."""
    source = specimen.make()
    names = source.seasons()
    years = []
    for name in names:
        try:
            years.append(season_year(name))
        except MatchdayError as error:
            raise Broken(f"seasons() lists {name!r}: {error}") from error
    if not names or years != sorted(set(years)):
        raise Broken(f"seasons() lists {names}. Answer each season once, the oldest first, at least one.")
    if source.default_season() not in names:
        raise Broken(f"default_season() is {source.default_season()!r}, which seasons() does not list.")
    return f"{len(names)}: {names[0]} to {names[-1]}" if len(names) > 1 else names[0]


@contract("its season loads", "source")
def loads(specimen: SourceSpecimen) -> str:
    """Load the default season."""
    season = specimen.loaded
    if isinstance(season, MatchdayError):
        raise Broken(str(season)) from season
    if isinstance(season, Exception):
        reason = one_line(season)
        raise Broken(f"season() failed: {reason}. What a user can mend, raise as SourceError, in one line.") from season
    if not isinstance(season, Season):
        raise Broken(f"season() answered a {type(season).__name__}. Answer a matchday.Season.")
    if season.name != specimen.make().default_season():
        raise Broken(f"season({specimen.make().default_season()!r}) answered season {season.name}.")
    return f"{season.name}: {len(season.played)} matches on {season.matchdays} matchdays, after {season.first}"


@contract("its frames are as described", "source")
def frames_are_as_described(specimen: SourceSpecimen) -> str:
    """Check types, units and names, column by column."""
    season = specimen.season
    for wrong in chain(_matches(season.matches), _quotes(season), _players(season)):
        raise Broken(wrong)
    statistics = sum(name in season.matches for name in STATISTIC_COLUMNS)
    bookmakers = season.quotes.columns.get_level_values(0).nunique()
    return f"{statistics} statistics, {bookmakers} bookmakers, {len(season.players):,} player rows"


def _matches(matches: pd.DataFrame) -> Iterator[str]:
    for name in ("date", "kickoff"):
        if not pd.api.types.is_datetime64_any_dtype(matches[name]):
            yield f"matches, {name} is of type {matches[name].dtype}. Make it datetime64, NaT where it is not known."
    if matches["date"].isna().any() or not matches["date"].equals(matches["date"].dt.normalize()):
        yield "matches, date has times of day, or is missing. Make it midnight; the time belongs to kickoff."
    for name in ("home_goals", "away_goals"):
        goals = matches[name]
        if not pd.api.types.is_numeric_dtype(goals) or not ((goals >= 0) & (goals % 1 == 0)).all():
            yield f"matches, {name} holds something else than whole numbers from 0. Leave out what was not played."
    same = matches["home"] == matches["away"]
    if same.any():
        yield f"match {matches.index[same][0]!r}: a club plays itself."
    for name in set(STATISTIC_COLUMNS) & set(matches.columns):
        if matches[name].dtype != np.float64:
            yield f"matches, {name} is of type {matches[name].dtype}. Make it float64, NaN where it is not known."
    yield from _twice(matches)


def _twice(matches: pd.DataFrame) -> Iterator[str]:
    """Find clubs that play twice on one date."""
    both = pd.concat([matches[["date", side]].set_axis(["date", "club"], axis=1) for side in ("home", "away")])
    twice = both[both.duplicated()]
    if len(twice):
        yield f"{twice['club'].iloc[0]} plays twice on {twice['date'].iloc[0].date()}."


def _quotes(season: Season) -> Iterator[str]:
    columns = season.quotes.columns
    if columns.nlevels != 2:
        yield "quotes has columns of one level. Make them (bookmaker, selection)."
        return
    unknown = sorted(set(columns.get_level_values(1)) - set(SELECTIONS))
    if unknown:
        yield f"quotes has the selection {unknown[0]!r}. Selections are {', '.join(SELECTIONS)}."
    for name, dtype in season.quotes.dtypes.items():
        if dtype != np.float64:
            yield f"quotes, {name} is of type {dtype}. Make it float64, NaN where there is no price."
    prices = season.quotes.to_numpy(dtype=np.float64)
    low = np.argwhere(prices <= 1.0)
    if len(low):
        row, column = low[0]
        where = f"match {season.quotes.index[row]!r}, {columns[column]}"
        yield f"{where}: odds of {prices[row, column]:g}. Decimal odds are above 1; NaN where there is no price."
    named = {bookmaker for policy in season.policies.values() for bookmaker in policy.bookmakers} | season.closing
    absent = sorted(named - set(columns.get_level_values(0)))
    if absent and named == set(absent):
        yield f"policies and closing name {absent[0]!r}, which quotes does not have."


def _players(season: Season) -> Iterator[str]:
    missing = [name for name in ("date", "player", "team") if name not in season.players] if len(season.players) else []
    if missing:
        yield f"players has no column {missing[0]!r}. Give each row date, player and team."
    elif len(season.players) and not pd.api.types.is_datetime64_any_dtype(season.players["date"]):
        yield f"players, date is of type {season.players['date'].dtype}. Make it datetime64, that of the match."


@contract("it gives the same season each time", "source")
def gives_the_same_season(specimen: SourceSpecimen) -> str:
    """Load the season again, from a source that is made anew, and from the same one."""
    before = specimen.season.fingerprint
    if specimen.again is not None:
        remedy = "Sort what has no order, draw from a seed that is a parameter, and download to a cache."
        raise Broken(f"its fingerprint was {before}, then {specimen.again}. {remedy}")
    return f"fingerprint {before}, three times"


@contract("it refuses a season that is not there", "source")
def refuses_other_seasons(specimen: SourceSpecimen) -> str:
    """Ask for a season of long ago."""
    source = specimen.make()
    name = "1801-02"
    try:
        source.season(name)
    except MatchdayError as error:
        if "\n" in str(error):
            raise Broken("what it says of a season that is not there takes several lines. Say it in one.") from error
        return str(error)
    except Exception as error:
        reason = one_line(error)
        raise Broken(f"season({name!r}) failed: {reason}. Raise SourceError: what, why, and what there is.") from error
    raise Broken(f"season({name!r}) answered a season. Raise SourceError: what, why, and what there is.")


@contract("its season can be played", "source")
def can_be_played(specimen: SourceSpecimen) -> str:
    """Play it with a plain agent, at the default prices."""
    season = specimen.season
    if Rules().prices not in season.policies:
        raise Broken(f"it has no price policy {Rules().prices!r}, the default. Name one of its policies so.")
    agent = Agent("plain", [Fixed(), Everything(), Level(share=0.001)])
    try:
        *_, closed = play(agent, season)
    except MatchdayError as error:
        raise Broken(str(error)) from error
    assert isinstance(closed, SeasonClosed)
    return f"{closed.matchdays} matchdays, {closed.reason}"


@contract("it can be sent to another process", "source")
def source_can_be_pickled(specimen: SourceSpecimen) -> str:
    """Pickle the source, as workers get it, and load the season from the copy."""
    import cloudpickle

    if specimen.again is not None:
        raise NotApplicable("it does not give the same season each time, so nobody can tell")
    try:
        copied = cloudpickle.loads(cloudpickle.dumps(specimen.make()))
    except Exception as error:
        raise Broken(f"{one_line(error)}. Keep nothing in it that cannot be copied, such as open files.") from error
    if copied.season(specimen.season.name).fingerprint != specimen.season.fingerprint:
        raise Broken("a copy of it loads another season. Keep all that it needs in its parameters.")
    return "a copy loads the same season"


OF_SOURCES = (
    source_parameters_survive,
    lists_its_seasons,
    loads,
    frames_are_as_described,
    gives_the_same_season,
    refuses_other_seasons,
    can_be_played,
    source_can_be_pickled,
)
