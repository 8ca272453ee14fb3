"""Seasons as they come: of one match a day, without prices, with new clubs, with no past, with gaps."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from matchday.season import Season
from matchday.testing.seasons import indexed, small_season

_STATISTICS = ["home_shots", "away_shots"]


def one_match_a_day(seed: int) -> Season:
    """A season of one match a matchday."""
    season = _weeks(seed)
    matches = season.matches
    first = ~matches["date"].duplicated() | (matches["season"] != season.name)
    return dataclasses.replace(season, matches=matches[first], quotes=season.quotes[first])


def missing_odds(seed: int) -> Season:
    """A season in which a price, a selection, a market and a whole matchday are not on offer, and some of the past."""
    season = _weeks(seed)
    quotes = season.quotes.copy()
    first, rng = season.first, np.random.default_rng(seed)
    quotes.iloc[first + 1, :] = np.nan
    for bookmaker in ("A", "B"):
        quotes.loc[quotes.index[first + 2], (bookmaker, "away")] = np.nan
        quotes.loc[quotes.index[first + 3 : first + 6], [(bookmaker, "over_2_5"), (bookmaker, "under_2_5")]] = np.nan
    quotes.iloc[first + 6 : first + 9, :] = np.nan
    holes = rng.random(quotes.shape) < 0.2
    holes[first:] = False
    return dataclasses.replace(season, quotes=quotes.mask(holes))


def unseen_clubs(seed: int) -> Season:
    """A season two of whose clubs have not been heard of before."""
    season = _weeks(seed)
    matches = season.matches.copy()
    now = (matches["season"] == season.name).to_numpy()
    for side in ("home", "away"):
        matches[side] = matches[side].mask(now, matches[side].replace({"Eagles": "Gunners", "Forest": "Hotspur"}))
    return _again(season, matches)


def empty_history(seed: int) -> Season:
    """A season before which nothing is known."""
    season = _weeks(seed)
    began = season.played["date"].iloc[0]
    return dataclasses.replace(
        season,
        matches=season.played,
        quotes=season.quotes.loc[season.played.index],
        players=season.players[season.players["date"] >= began].reset_index(drop=True),
    )


def postponed_match(seed: int) -> Season:
    """A season one of whose matches is played weeks late, in midweek."""
    season = _weeks(seed)
    dates = season.matches["date"].copy()
    dates.iloc[season.first + 4] += pd.Timedelta(weeks=3, days=-3)
    return _dated(season, dates)


def odd_calendar(seed: int) -> Season:
    """A season of matchdays a day apart, a gap of four months, and matchdays of one match each."""
    season = _weeks(seed)
    days = [0, 0, 0, 1, 1, 1, 122, 122, 122, 123, 124, 125, 127, 127, 127]
    began, played = season.played["date"].iloc[0], len(season.played)
    days += [days[-1] + 1 + extra // 3 for extra in range(played - len(days))]
    dates = season.matches["date"].copy()
    dates.iloc[season.first :] = [began + pd.Timedelta(days=day) for day in days[:played]]
    return _dated(season, dates)


def bare_source(seed: int) -> Season:
    """A season without statistics, players and times of kick-off."""
    season = _weeks(seed)
    matches = season.matches.drop(columns=_STATISTICS)
    matches["kickoff"] = pd.Series(pd.NaT, index=matches.index, dtype="datetime64[ns]")
    return dataclasses.replace(season, matches=matches, players=pd.DataFrame())


def _weeks(seed: int) -> Season:
    return small_season(matchdays=5, history=3, seed=seed)


def _dated(season: Season, dates: pd.Series[pd.Timestamp]) -> Season:
    """Answer the season with its matches on other dates."""
    moved = season.matches.assign(date=dates, kickoff=dates + pd.Timedelta(hours=15))
    return _again(season, moved)


def _again(season: Season, matches: pd.DataFrame) -> Season:
    """Make the season again of matches in order of date, with their prices and player rows."""
    order = np.argsort(matches["date"].to_numpy(), kind="stable")
    sorted_ = indexed(matches.iloc[order])
    players = season.players.iloc[order].reset_index(drop=True)
    players = players.assign(date=sorted_["date"].to_numpy(), team=sorted_["home"].to_numpy())
    quotes = season.quotes.iloc[order].set_axis(sorted_.index)
    return dataclasses.replace(season, matches=sorted_, quotes=quotes, players=players)
