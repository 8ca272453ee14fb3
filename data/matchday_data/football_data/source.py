"""Real seasons, from the files of football-data.co.uk in a local folder or the download cache.

On request with player rows of another archive, and with the results of the division below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, StrictBool, field_validator, model_validator

from matchday.errors import SourceError
from matchday.history import RESULT_COLUMNS, STATISTIC_COLUMNS
from matchday.season import Season, match_id, season_name, season_year
from matchday.source import Source
from matchday_data.folders import expanded
from matchday_data.football_data.columns import CLOSING, NOT_BOOKMAKERS, QUOTE_ORDER
from matchday_data.football_data.layout import LEAGUE, fetch_command, list_seasons, season_code, season_file
from matchday_data.football_data.policies import POLICIES
from matchday_data.football_data.results import Column, SeasonRows, read_season
from matchday_data.players.layout import LEAGUE as LEAGUE_OF_PLAYERS
from matchday_data.players.source import PlayerArchive


class FootballData(Source):
    """Seasons of football-data.co.uk, each with the seasons of its league before it.

    ``Season.matches`` has the columns of every season, ``referee`` among them, and kick-off times (the United
    Kingdom's) from 2019-20; ``Season.quotes`` has 1X2 and totals of 2.5 goals by the site's bookmaker codes, with
    Pinnacle's ``PS`` throughout. What is no price in a file means "not offered" and is told in ``Season.report``.
    ``Season.players`` and ``Season.below`` are empty unless asked for.
    """

    data: Path | None = Field(
        None,
        description="folder laid out as the site is, mmz4281/2324/E0.csv; without it, the download cache",
    )
    league: str = Field("E0", pattern=LEAGUE, description="the site's code of a league, as E0 or SP1")
    history: int | None = Field(
        None, ge=0, description="how many seasons to load before the played one; without it, all there are"
    )
    players: StrictBool | Path = Field(
        False,
        description="folder of player rows laid out as the Fantasy Premier League archive is, data/2023-24/gws/"
        "merged_gw.csv; true: the download cache; false: none",
    )
    below: str | None = Field(
        None,
        pattern=LEAGUE,
        description="the site's code of the division below, as E1 is below E0: its results in the seasons of history",
    )

    @field_validator("players", mode="before")
    @classmethod
    def _check_players(cls, value: object) -> object:
        if not isinstance(value, bool | str | Path) or value == "":
            raise ValueError("rule: a folder, true for the download cache, or false")
        return value if isinstance(value, bool) else expanded(Path(value)).resolve()  # a run may go on elsewhere

    @model_validator(mode="after")
    def _check_leagues(self) -> Self:
        if self.players is not False and self.league != LEAGUE_OF_PLAYERS:
            raise ValueError(f"players are those of league {LEAGUE_OF_PLAYERS!r} alone; leave out players or league")
        if self.below == self.league:
            raise ValueError(f"below = {self.below!r} is the league itself; name the division below it, as E1 for E0")
        return self

    def seasons(self) -> list[str]:
        """List the seasons on disk, oldest first; raises ``SourceError`` where there is none."""
        return list_seasons(league=self.league, data=self.data)

    def season(self, name: str, *, partial: bool = False) -> Season:
        """Load a season and the seasons before it; of these, some may be missing, which is told, and none unfinished.

        Raises ``SourceError`` where the folder does not hold the season, or a file is not to be trusted.
        """
        history = self._before(name)
        rows = [self._read(season, newer=len(history) - i) for i, season in enumerate(history, start=1)]
        rows.append(self._read(name, partial=partial))
        index = _index(rows, self.league)
        matches = _matches(rows, index, self.league)
        players, told = self._players(matches, rows)
        below, told_below = self._below(name, history)
        return Season(
            name=name,
            competition=self.league,
            source="football-data",
            matches=matches,
            quotes=_quotes(rows, index),
            policies=POLICIES,
            closing=CLOSING,
            not_bookmakers=NOT_BOOKMAKERS,
            players=players,
            below=below,
            report=(*_gaps([*history, name]), *_notes(rows), *told, *told_below),
        )

    def _players(self, matches: pd.DataFrame, rows: list[SeasonRows]) -> tuple[pd.DataFrame, list[str]]:
        if self.players is False:
            return pd.DataFrame(), []
        archive = PlayerArchive(None if self.players is True else self.players)
        unfinished = None if rows[-1].finished else rows[-1].season
        return archive.rows(matches, seasons=[season.season for season in rows], unfinished=unfinished)

    def _below(self, name: str, history: list[str]) -> tuple[pd.DataFrame, list[str]]:
        """Load the division below in the seasons of history that are there, and tell of those that are not."""
        nothing = pd.DataFrame(columns=list(RESULT_COLUMNS))
        if self.below is None or not history:
            return nothing, []
        there = [season for season in list_seasons(league=self.below, data=self.data) if season in history]
        if not there:
            get = fetch_command(season="all", league=self.below, data=self.data)
            raise SourceError(
                f"No season of league {self.below!r} before {name} is on disk; fetch them, or leave out below: {get}"
            )
        rows = [self._read(season, newer=len(there) - i, league=self.below) for i, season in enumerate(there, start=1)]
        missing = [season for season in history if season not in there]
        told = [f"the division below, {self.below}, has no {_spans(missing)}"] if missing else []
        told += [f"{self.below} {note}" for note in _notes(rows)]
        return _matches(rows, _index(rows, self.below), self.below), told

    def _before(self, name: str) -> list[str]:
        season_code(name)  # refuse a season that no file can hold
        year, there = season_year(name), self.seasons()
        if name not in there:
            get = fetch_command(season=name, league=self.league, data=self.data)
            raise SourceError(
                f"Season {name!r} of league {self.league!r} is not on disk; there are {_spans(there)}; fetch it: {get}"
            )
        earlier = [season for season in there if season_year(season) < year]
        return earlier if self.history is None else earlier[len(earlier) - min(self.history, len(earlier)) :]

    def _read(
        self, season: str, *, partial: bool = False, newer: int | None = None, league: str | None = None
    ) -> SeasonRows:
        file = season_file(league=league or self.league, season=season, data=self.data, newer=newer)
        return read_season(file, partial=partial)


def _notes(rows: list[SeasonRows]) -> list[str]:
    return [note for season in rows for note in season.notes]


def _gaps(seasons: list[str]) -> list[str]:
    """Tell in one line, if at all, of the seasons missing among these."""
    every = map(season_name, range(season_year(seasons[0]), season_year(seasons[-1])))
    missing = [season for season in every if season not in seasons]
    return [f"history has no {_spans(missing)}"] if missing else []


def _spans(seasons: list[str]) -> str:
    """Write a sorted list of seasons by its unbroken runs: ``1993-94 to 2002-03, 2005-06``."""
    years = [season_year(season) for season in seasons]
    starts = [i for i, year in enumerate(years) if i == 0 or years[i - 1] != year - 1]
    ends = [*(i - 1 for i in starts[1:]), len(years) - 1]
    runs = zip(starts, ends, strict=True)
    return ", ".join(seasons[a] if a == b else f"{seasons[a]} to {seasons[b]}" for a, b in runs)


def _index(rows: list[SeasonRows], league: str) -> pd.Index[str]:
    ids: list[str] = []
    for season in rows:
        dates = pd.DatetimeIndex(season.matches["date"])
        fixtures = zip(dates, season.matches["home"], season.matches["away"], strict=True)
        ids += [match_id(league, date, home, away) for date, home, away in fixtures]
    return pd.Index(ids, name="match_id")


def _matches(rows: list[SeasonRows], index: pd.Index[str], league: str) -> pd.DataFrame:
    columns: dict[str, object] = {"competition": league}
    columns["season"] = np.repeat(
        np.array([season.season for season in rows], dtype=object), [len(season) for season in rows]
    )
    for name in RESULT_COLUMNS[2:]:
        columns[name] = np.concatenate([season.matches[name] for season in rows])
    for name in STATISTIC_COLUMNS:
        columns[name] = _joined([season.matches.get(name) for season in rows], rows)
    referees = [season.matches.get("referee", np.full(len(season), None)) for season in rows]
    columns["referee"] = pd.array(np.concatenate(referees), dtype="str")
    return pd.DataFrame(columns, index=index)


def _quotes(rows: list[SeasonRows], index: pd.Index[str]) -> pd.DataFrame:
    there = {key for season in rows for key in season.quotes}
    keys = [key for key in QUOTE_ORDER if key in there]
    prices = np.empty((len(keys), len(index)))
    for position, key in enumerate(keys):
        prices[position] = _joined([season.quotes.get(key) for season in rows], rows)
    columns = pd.MultiIndex.from_arrays([[k[0] for k in keys], [k[1] for k in keys]], names=["bookmaker", "selection"])
    return pd.DataFrame(prices.T, index=index, columns=columns)


def _joined(parts: list[Column | None], rows: list[SeasonRows]) -> npt.NDArray[np.float64]:
    """Join a column of all seasons, NaN where a season does not have it."""
    filled = zip(parts, rows, strict=True)
    return np.concatenate([np.full(len(season), np.nan) if part is None else part for part, season in filled])
