"""Download the archive's player rows, with the list of clubs that goes with them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from matchday.season import season_year
from matchday_data.downloading import NOTHING_KEPT, Download, Fetched, MissingSeasonError
from matchday_data.football_data.dates import last_day
from matchday_data.football_data.layout import SeasonFile
from matchday_data.players.appearances import find_fixtures
from matchday_data.players.clubs import read_clubs
from matchday_data.players.layout import (
    ALL_TEAMS,
    ARCHIVE_FOLDER,
    LEAGUE,
    ROWS,
    TEAMS,
    archive_folder,
    check_season,
    rows_file,
    teams_file,
)
from matchday_data.players.reading import read_rows

SITE = "https://raw.githubusercontent.com/vaastav/Fantasy-Premier-League/master"

TERMS = (
    "Data: the Fantasy Premier League archive of Vaastav Anand and contributors, MIT licence, collected from "
    "fantasy.premierleague.com. Where you publish what you found, link to "
    "https://github.com/vaastav/Fantasy-Premier-League."
)


@dataclass(slots=True, kw_only=True)
class PlayerDownload(Download):
    """A visit to the archive for seasons of player rows, two files each."""

    url: str = SITE

    @property
    def folder(self) -> Path:
        """The folder that holds the seasons' folders."""
        return archive_folder(self.to)

    @property
    def nothing_there(self) -> str:
        """Name the address, which may be misspelt."""
        return f"player rows is at {self.url}; check the address."

    def check(self, name: str) -> None:
        """Refuse a season that the archive cannot hold."""
        check_season(name)

    def kept(self, name: str) -> Fetched | None:
        """Tell of files that are already there."""
        rows, teams = rows_file(name, self.to), teams_file(name, self.to)
        return _told(rows, teams, rows.path, "kept") if rows.path.exists() and teams.path.exists() else None

    def fresh(self, name: str, scratch: Path) -> tuple[Fetched, dict[Path, Path]]:
        """Download a season's two files; in errors they are called by their addresses."""
        final = rows_file(name, self.to).path
        rows = self._file(f"{name}/{ROWS}", scratch, name)
        try:
            teams, belongs = self._file(f"{name}/{TEAMS}", scratch, name), final.parents[1] / TEAMS
        except MissingSeasonError:  # the archive's first seasons have one list for all
            teams, belongs = self._file(ALL_TEAMS, scratch, name), final.parents[2] / ALL_TEAMS
        fetched = _told(rows, teams, final, "downloaded")
        if not fetched.finished and dt.date.today() > last_day(season_year(name)):
            raise rows.error(f"season {name} is over and the file is cut, {fetched.matches} matches")
        return fetched, {teams.path: belongs, rows.path: final}

    def _file(self, address: str, scratch: Path, name: str) -> SeasonFile:
        address = f"{ARCHIVE_FOLDER}/{address}"
        path = self.get(
            address,
            scratch / Path(address).name,
            what=f"The file of player rows of season {name!r}",
            check="the season",
        )
        return SeasonFile(path, LEAGUE, name, self.address(address), NOTHING_KEPT, NOTHING_KEPT)


def _told(rows: SeasonFile, teams: SeasonFile, path: Path, state: Literal["downloaded", "kept"]) -> Fetched:
    """Read a season's files, and say how many of the matches that its clubs play have rows of both sides."""
    clubs = len(read_clubs(teams))
    frame, _ = read_rows(rows)
    matches = len(find_fixtures(frame, file=rows).number)
    return Fetched(rows.season, path, state, matches, matches >= clubs * (clubs - 1), rows=len(frame))
