"""Download the season files of football-data.co.uk."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from matchday.errors import SourceError
from matchday.season import season_year
from matchday_data.downloading import NOTHING_KEPT, Download, Fetched
from matchday_data.football_data.dates import last_day
from matchday_data.football_data.layout import LEAGUE, SITE_FOLDER, SeasonFile, season_code, season_file, site_folder
from matchday_data.football_data.results import read_season

SITE = "https://www.football-data.co.uk"

TERMS = (
    "Data: football-data.co.uk, free to download for personal use; the prices are those of the bookmakers named in "
    "https://www.football-data.co.uk/notes.txt. Read the site's terms before you pass the data on, and name the site "
    "where you publish what you found."
)


@dataclass(slots=True, kw_only=True)
class SeasonDownload(Download):
    """A visit to the site for seasons of one league, a file each."""

    url: str = SITE
    league: str = "E0"

    @property
    def folder(self) -> Path:
        """The folder that holds the seasons' folders."""
        return site_folder(self.to)

    @property
    def nothing_there(self) -> str:
        """Name the league, which may be misspelt."""
        return f"league {self.league!r} is at {self.url}; check the league's code."

    def check(self, name: str) -> None:
        """Refuse a season or a league that the site cannot name."""
        if not re.fullmatch(LEAGUE, self.league):
            raise SourceError(
                f"League {self.league!r} is no code of the site's; rule: capitals and a digit, as E0 or SP1."
            )
        season_code(name)

    def kept(self, name: str) -> Fetched | None:
        """Tell of a file that is already there."""
        there = season_file(league=self.league, season=name, data=self.to)
        return _told(there, there.path, "kept") if there.path.exists() else None

    def fresh(self, name: str, scratch: Path) -> tuple[Fetched, dict[Path, Path]]:
        """Download a season's file; in errors it is called by its address."""
        final = season_file(league=self.league, season=name, data=self.to).path
        address = f"{SITE_FOLDER}/{season_code(name)}/{self.league}.csv"
        path = self.get(
            address,
            scratch / final.name,
            what=f"Season {name!r} of league {self.league!r}",
            check="the season and the league",
        )
        file = SeasonFile(path, self.league, name, self.address(address), NOTHING_KEPT, NOTHING_KEPT)
        fetched = _told(file, final, "downloaded")
        if not fetched.finished and dt.date.today() > last_day(season_year(name)):
            raise file.error(f"season {name} is over and the file is cut, {fetched.matches} matches")
        return fetched, {path: final}


def _told(file: SeasonFile, path: Path, state: Literal["downloaded", "kept"]) -> Fetched:
    rows = read_season(file, partial=True)
    return Fetched(file.season, path, state, len(rows), rows.finished)
