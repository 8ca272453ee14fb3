"""A season as far as it has been played, with matches to come as its last matchday."""

from __future__ import annotations

import dataclasses
import datetime
import difflib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from matchday.errors import MatchdayError, SourceError, did_you_mean
from matchday.markets import SELECTIONS
from matchday.season import Season, match_id, season_name, season_year
from matchday.source import Source

#: The month in which a new season begins.
JULY = 7


@dataclass(frozen=True, slots=True)
class Fixture:
    """A match to come.

    ``odds`` are the decimal odds on offer, by selection; ``quotes`` those of other bookmakers, by (bookmaker,
    selection); what is left out is not offered. ``label`` is how errors name it. Raises ``MatchdayError`` for odds that
    are none.
    """

    home: str
    away: str
    kickoff: datetime.time | None = None
    odds: Mapping[str, float] = field(default_factory=dict)
    quotes: Mapping[tuple[str, str], float] = field(default_factory=dict)
    label: str = ""

    def __post_init__(self) -> None:
        prices = [*self.odds.items(), *((selection, odds) for (_, selection), odds in self.quotes.items())]
        for selection, odds in prices:
            if selection not in SELECTIONS:
                raise MatchdayError(
                    f"{self.name}: {selection!r} is no selection; {did_you_mean(selection, SELECTIONS)}"
                )
            if not (math.isfinite(odds) and odds > 1.0):
                raise MatchdayError(f"{self.name}: {selection} at odds {odds:g}; rule: finite decimal odds above 1.")

    @property
    def name(self) -> str:
        """What an error calls it."""
        return self.label or f"{self.home} v {self.away}"


def season_of(date: datetime.date) -> str:
    """Name the season that a date belongs to; from July on it is a new one.

    >>> season_of(datetime.date(2026, 6, 30)), season_of(datetime.date(2026, 7, 1))
    ('2025-26', '2026-27')
    """
    return season_name(date.year if date.month >= JULY else date.year - 1)


def season_so_far(source: Source, name: str) -> Season:
    """Load a season as far as it goes, or, where the source has none of it yet, the latest season before it.

    Raises ``SourceError`` where the source has neither.
    """
    year, there = season_year(name), source.seasons()
    if name in there:
        return source.season(name, partial=True)
    earlier = [each for each in there if season_year(each) < year]
    if not earlier:
        raise SourceError(f"Season {name!r}: the source has no match before it; its first season is {there[0]}.")
    return source.season(earlier[-1])


def with_slate(
    season: Season, fixtures: Sequence[Fixture], *, date: datetime.date, prices: str, name: str | None = None
) -> Season:
    """Answer the season ``name`` (default: this one) as it stands on the morning of a date, with these matches on it.

    Whatever the season holds from that date on is left out, and its truth. The matches have no results: 0-0 stands in
    for them where nothing but the ledger looks. ``odds`` are put under the first bookmaker of the price policy
    ``prices``, so that the policy finds them.

    Raises ``MatchdayError`` for a club twice on the slate, a bookmaker that is unknown to the source, a slate that
    nobody can bet on, and odds on offer beside a quote that the policy would take instead.
    """
    name, morning = name or season.name, pd.Timestamp(date)
    _check_clubs(fixtures)
    _check_bookmakers(fixtures, season)
    fixtures = sorted(fixtures, key=lambda each: each.kickoff or datetime.time.max)
    past = (season.matches["date"] < morning).to_numpy()
    rows = _rows(fixtures, season, name=name, date=morning)
    told = _quotes(fixtures, season, first=season.policy(prices).bookmakers[0], index=rows.index)
    until = dataclasses.replace(
        season,
        name=name,
        matches=pd.concat([season.matches[past], rows]),
        quotes=pd.concat([season.quotes[past].reindex(columns=told.columns), told]),
        players=season.players[season.players["date"] < morning] if len(season.players) else season.players,
        below=season.below[season.below["date"] < morning] if len(season.below) else season.below,
        truth=None,
    )
    _check_offer(fixtures, until.odds(prices).loc[rows.index], prices=prices)
    return until


def newcomers(season: Season, fixtures: Sequence[Fixture], *, expected: Collection[str] = ()) -> list[str]:
    """List the clubs that the source has never seen, in the division below neither.

    Raises ``MatchdayError`` for one whose name is so near to a club's that it may be misspelt, unless it is
    ``expected``.
    """
    frames = (season.matches, season.below)
    known = sorted({club for frame in frames for side in ("home", "away") for club in frame[side].tolist()})
    found = []
    for fixture in fixtures:
        for club in (fixture.home, fixture.away):
            if club in known:
                continue
            near = _nearest(club, known)
            if near and club not in expected:
                raise MatchdayError(
                    f"{fixture.name}: club {club!r} is unknown to {season.source} {season.competition}; did you mean "
                    f"{near!r}? A newcomer of this name has to be announced (--newcomer)."
                )
            found.append(club)
    return found


def _nearest(club: str, known: Sequence[str]) -> str | None:
    """Find a club that may be meant: of a similar name, or one that is the beginning of the other."""
    longer = [each for each in known if club.startswith(each) or each.startswith(club)]
    return next(iter(difflib.get_close_matches(club, known, n=1) + longer), None)


def _check_clubs(fixtures: Sequence[Fixture]) -> None:
    if not fixtures:
        raise MatchdayError("Slate: there is no match on it.")
    seen: dict[str, Fixture] = {}
    for fixture in fixtures:
        if fixture.home == fixture.away:
            raise MatchdayError(f"{fixture.name}: {fixture.home} v {fixture.away} is a club against itself.")
        for club in (fixture.home, fixture.away):
            if club in seen:
                raise MatchdayError(
                    f"{fixture.name}: club {club!r} is on the slate already, in {seen[club].name}; rule: once a day."
                )
            seen[club] = fixture


def _check_bookmakers(fixtures: Sequence[Fixture], season: Season) -> None:
    known = set(season.quotes.columns.get_level_values(0)).union(*(p.bookmakers for p in season.policies.values()))
    for fixture in fixtures:
        for code, selection in fixture.quotes:
            if code not in known:
                raise MatchdayError(
                    f"{fixture.name}: '{code}.{selection}': bookmaker {code!r} is unknown to {season.source}; "
                    f"{did_you_mean(code, known)}"
                )


def _rows(fixtures: Sequence[Fixture], season: Season, *, name: str, date: pd.Timestamp) -> pd.DataFrame:
    """Write the matches as rows of ``matches``, in columns of the same types."""
    types = season.matches.dtypes
    ids = [match_id(season.competition, date, each.home, each.away) for each in fixtures]
    stated: dict[str, Any] = {str(name): 0 for name, kind in types.items() if pd.api.types.is_integer_dtype(kind)}
    stated |= {
        "competition": season.competition,
        "season": name,
        "date": date,
        "kickoff": [
            pd.NaT if each.kickoff is None else pd.Timestamp.combine(date.date(), each.kickoff) for each in fixtures
        ],
        "home": [each.home for each in fixtures],
        "away": [each.away for each in fixtures],
        "home_goals": 0,
        "away_goals": 0,
    }
    index = pd.Index(ids, name=season.matches.index.name, dtype="str")
    return pd.DataFrame(stated, index=index).reindex(columns=season.matches.columns).astype(types.to_dict())


def _quotes(fixtures: Sequence[Fixture], season: Season, *, first: str, index: pd.Index[str]) -> pd.DataFrame:
    """Write the odds and quotes as rows of ``quotes``; columns that it lacks are added at its end."""
    told = [{**{(first, name): odds for name, odds in each.odds.items()}, **each.quotes} for each in fixtures]
    there: list[tuple[str, str]] = [*season.quotes.columns]
    keys = there + sorted({key for quotes in told for key in quotes} - {*there})
    table = [[quotes.get(key, math.nan) for key in keys] for quotes in told]
    columns = pd.MultiIndex.from_tuples(keys, names=season.quotes.columns.names)
    return pd.DataFrame(table, index=index, columns=columns, dtype=np.float64)


def _check_offer(fixtures: Sequence[Fixture], offered: pd.DataFrame, *, prices: str) -> None:
    """Refuse a slate without odds, and odds on offer that the price policy would pass over."""
    if offered.isna().to_numpy().all():
        raise MatchdayError(f"{fixtures[0].name}: no match of the slate has odds under policy {prices!r}; give some.")
    for fixture, found in zip(fixtures, offered[list(SELECTIONS)].to_dict("records"), strict=True):
        for selection, price in found.items():
            stated = fixture.odds.get(str(selection), math.nan)
            if fixture.odds and stated != price and not (math.isnan(stated) and math.isnan(price)):
                raise MatchdayError(
                    f"{fixture.name}: {selection}: {_odds(stated)} is on offer, yet policy {prices!r} takes "
                    f"{_odds(price)} from the quotes; give one of the two, or another policy (--prices)."
                )


def _odds(price: float) -> str:
    return "nothing" if math.isnan(price) else f"{price:g}"
