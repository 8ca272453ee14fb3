"""Small invented seasons, quick enough to play in every test."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from matchday.markets import SELECTIONS
from matchday.prices import PricePolicy
from matchday.season import Season, match_id, season_name

CLUBS = ("Albion", "Borough", "City", "Dynamo", "Eagles", "Forest")

#: Decimal odds around which a small season is priced.
ODDS: Mapping[str, float] = {"home": 2.1, "draw": 3.4, "away": 3.6, "over_2_5": 1.9, "under_2_5": 1.95}

#: The season that is played, by the year it begins in.
YEAR = 2001


def small_season(
    *,
    matchdays: int = 8,
    seed: int = 0,
    per_day: int = 3,
    odds: Mapping[str, float] | None = None,
    history: int = 1,
) -> Season:
    """Invent seasons of six clubs, a matchday a week, of which the last, 2001-02, is played.

    ``per_day`` is the number of matches a matchday, at most three; ``history`` the number of seasons before it, as long
    as itself. ``odds`` are decimal odds a selection (default: all five), which every price is within 5 % of: one that
    is left out is not on offer. Bookmaker A quotes opening prices, B closing ones. Goals are Poisson, of mean 1.5 at
    home and 1.2 away, and depend on nothing.

    >>> season = small_season(matchdays=4, history=2)
    >>> season.matchdays, season.first
    (4, 24)
    """
    rng = np.random.default_rng(seed)
    rows = []
    for year in range(YEAR - history, YEAR + 1):
        for week in range(matchdays):
            clubs = [CLUBS[i] for i in rng.permutation(len(CLUBS))]
            date = _first_day(year) + pd.Timedelta(weeks=week)
            pairs = list(pairwise(clubs))[::2][:per_day]
            rows += [_row(rng, season_name(year), date, home, away) for home, away in pairs]
    matches = indexed(pd.DataFrame(rows))
    return season_of(matches, _quotes(rng, matches.index, odds or ODDS))


def _first_day(year: int) -> pd.Timestamp:
    """Answer the last Saturday up to the 5th of August."""
    date = pd.Timestamp(year, 8, 5)
    return date - pd.Timedelta(days=(date.weekday() - 5) % 7)


def season_of(matches: pd.DataFrame, quotes: pd.DataFrame) -> Season:
    """Make a season of matches, index ``match_id``, and the quotes of bookmakers A, at opening, and B, at closing."""
    return Season(
        name=matches["season"].iloc[-1],
        competition="T",
        source="doubles",
        matches=matches,
        quotes=quotes,
        policies={"closing": PricePolicy(("B",)), "opening": PricePolicy(("A",), moment="opening")},
        closing=frozenset({"B"}),
        players=_players(matches),
    )


def indexed(matches: pd.DataFrame) -> pd.DataFrame:
    """Answer the matches with their ``match_id`` as index."""
    names = zip(matches["date"], matches["home"], matches["away"], strict=True)
    return matches.set_axis(pd.Index([match_id("T", date, home, away) for date, home, away in names]))


def _row(rng: np.random.Generator, season: str, date: pd.Timestamp, home: str, away: str) -> dict[str, Any]:
    return {
        "competition": "T",
        "season": season,
        "date": date,
        "kickoff": date + pd.Timedelta(hours=15),
        "home": home,
        "away": away,
        "home_goals": int(rng.poisson(1.5)),
        "away_goals": int(rng.poisson(1.2)),
        "home_shots": float(rng.poisson(12)),
        "away_shots": float(rng.poisson(10)),
    }


def _quotes(rng: np.random.Generator, index: pd.Index[str], odds: Mapping[str, float]) -> pd.DataFrame:
    columns = pd.MultiIndex.from_product([["A", "B"], SELECTIONS])
    base = np.tile([odds.get(name, np.nan) for name in SELECTIONS], 2)
    noise = rng.uniform(0.95, 1.05, (len(index), len(columns)))
    return pd.DataFrame(np.maximum((base * noise).round(2), 1.01), index=index, columns=columns)


def _players(matches: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": matches["date"].to_numpy(),
            "player": "P. Layer",
            "team": matches["home"].to_numpy(),
            "minutes": 90.0,
        }
    )
