"""Seasons walked forward by calling hooks directly: matchdays with the past that is known on each."""

from functools import cache

import pandas as pd

from matchday import Catalogue, History, Matchday, Season, Slate


@cache
def synthetic() -> Season:
    """A season of an invented league, with one season before it and player rows."""
    source = Catalogue().load("source", "synthetic")(seed=5, history=1)
    return source.season(source.default_season())


def history(season: Season, end: int | None = None) -> History:
    """The past before the match at position ``end``; by default before the season's first."""
    end = season.first if end is None else end
    date = season.matches["date"].iloc[end] if end < len(season.matches) else pd.Timestamp.max
    early = slice(0, int((season.players["date"] < date).sum()) if len(season.players) else 0)
    return History(
        season.matches, odds=season.odds("closing"), players=season.players, rows=slice(0, end), player_rows=early
    )


def matchdays(season: Season) -> list[Matchday]:
    """Every matchday of the season, as a plugin is shown it."""
    dates, days = season.matches["date"], []
    for date in season.played["date"].unique():
        rows = slice(int(dates.searchsorted(date)), int(dates.searchsorted(date, side="right")))
        slate = Slate(season.matches[["home", "away", "kickoff"]], season.odds("closing"), rows=rows)
        days.append(Matchday(len(days) + 1, date.date(), slate, history(season, rows.start)))
    return days
