"""Download season files: politely, patiently, and never leaving half a file or a bad one."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from matchday.errors import SourceError
from matchday.season import season_name, season_year
from matchday_data.football_data.dates import FIRST_YEAR, last_day
from matchday_data.football_data.layout import (
    LEAGUE,
    SITE_FOLDER,
    SeasonFile,
    season_code,
    season_file,
    site_folder,
)
from matchday_data.football_data.results import read_season

SITE = "https://www.football-data.co.uk"
TIMEOUT_SECONDS = 30.0

TERMS = (
    "Data: football-data.co.uk, free to download for personal use; the prices are those of the bookmakers named in "
    "https://www.football-data.co.uk/notes.txt. Read the site's terms before you pass the data on, and name the site "
    "where you publish what you found."
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one season: ``matches`` in its file, and whether all have been played; or why it failed."""

    season: str
    path: Path
    state: Literal["downloaded", "kept", "missing", "failed"]
    matches: int = 0
    finished: bool = True
    reason: str = ""


class MissingSeasonError(SourceError):
    """The site does not hold a season."""


@dataclass(slots=True)
class Download:
    """A visit to the site: downloads seasons of a league into a folder laid out as the site is.

    ``to`` is a folder, or ``None`` for the download cache; ``url`` the site or a server that stands in for it. Between
    two requests pass ``delay`` seconds; a request that fails is tried ``retries`` times more, each wait twice the one
    before. A file already there is kept unless ``force``.
    """

    league: str = "E0"
    to: Path | None = None
    url: str = SITE
    force: bool = False
    delay: float = 1.0
    retries: int = 3
    _asked: bool = field(default=False, init=False)

    def seasons(self, names: list[str], *, skip_missing: bool = False) -> Iterator[Fetched]:
        """Download the named seasons, each once, telling of each as it comes.

        Raises ``SourceError`` in the end if one of them cannot be had. With ``skip_missing`` a season that the site
        does not hold is told as missing, as long as it holds any.
        """
        if not re.fullmatch(LEAGUE, self.league):
            raise SourceError(
                f"League {self.league!r} is no code of the site's; rule: capitals and a digit, as E0 or SP1."
            )
        for name in names:
            season_code(name)  # refuse a misspelt name before anything is asked
        names = list(dict.fromkeys(names))
        if len(names) == 1:
            yield self._season(names[0])
            return
        told: list[Fetched] = []
        for name in names:
            told.append(self._season_or_why_not(name, skip_missing=skip_missing))
            yield told[-1]
        _check_all_came(told, f"league {self.league!r} is at {self.url}")

    def _season_or_why_not(self, name: str, *, skip_missing: bool) -> Fetched:
        folder = site_folder(self.to)
        try:
            return self._season(name)
        except SourceError as error:
            if skip_missing and isinstance(error, MissingSeasonError):
                return Fetched(name, folder, "missing")
            return Fetched(name, folder, "failed", reason=str(error))

    def _season(self, name: str) -> Fetched:
        there = season_file(league=self.league, season=name, data=self.to)
        if there.path.exists() and not self.force:
            return _told(there, "kept")
        folder = site_folder(self.to)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as scratch:
                fresh = self._fresh(name, Path(scratch))
                fetched = _told(fresh, "downloaded")
                if not fetched.finished and dt.date.today() > last_day(season_year(name)):
                    raise fresh.error(f"season {name} is over and the file is cut, {fetched.matches} matches")
                there.path.parent.mkdir(exist_ok=True)
                os.replace(fresh.path, there.path)
        except OSError as error:
            raise SourceError(
                f"Cannot write to {str(folder)!r}: {error.strerror}; name another folder by --to."
            ) from error
        return Fetched(name, there.path, "downloaded", fetched.matches, fetched.finished)

    def _fresh(self, name: str, scratch: Path) -> SeasonFile:
        """Download a season to a scratch folder; in errors it is called by its address."""
        url = self._url(name)
        path = scratch / f"{self.league}.csv"
        for attempt in range(self.retries + 1):
            if self._asked:
                time.sleep(self.delay * 2**attempt)
            self._asked = True
            problem = _get(url, path, what=f"Season {name!r} of league {self.league!r}")
            if problem is None:
                remedy = "nothing was kept: look at that address or try again later"
                return SeasonFile(path, self.league, name, url, remedy, remedy)
        raise SourceError(
            f"{url} cannot be downloaded ({problem}, {self.retries + 1} times); check the connection and the address, "
            "or try again later."
        )

    def _url(self, name: str) -> str:
        return f"{self.url.rstrip('/')}/{SITE_FOLDER}/{season_code(name)}/{self.league}.csv"


def seasons_until(today: dt.date) -> list[str]:
    """List the seasons from the site's first to the one of that day.

    >>> seasons_until(dt.date(1995, 8, 1))
    ['1993-94', '1994-95', '1995-96']
    """
    last = today.year if today.month >= 7 else today.year - 1
    return [season_name(year) for year in range(FIRST_YEAR, last + 1)]


def _check_all_came(told: list[Fetched], what: str) -> None:
    failed = [fetched for fetched in told if fetched.state == "failed"]
    if failed:
        names = ", ".join(fetched.season for fetched in failed)
        raise SourceError(f"{len(failed)} of {len(told)} seasons failed: {names}; the first because {failed[0].reason}")
    if all(fetched.state == "missing" for fetched in told):
        raise MissingSeasonError(f"No season of {what}; check the league's code.")


def _told(file: SeasonFile, state: Literal["downloaded", "kept"]) -> Fetched:
    rows = read_season(file, partial=True)
    return Fetched(file.season, file.path, state, len(rows), rows.finished)


def _get(url: str, path: Path, *, what: str) -> str | None:
    """Download once; answer what went wrong if trying again may help, raise if it will not."""
    import pooch  # imported late, with requests: listing commands must stay quick
    import requests

    pooch.get_logger().setLevel(logging.WARNING)
    headers = {"User-Agent": "matchday (season files, one request at a time)"}
    get = pooch.HTTPDownloader(headers=headers, timeout=TIMEOUT_SECONDS, stream=False)
    try:
        pooch.retrieve(url, known_hash=None, fname=path.name, path=path.parent, downloader=get)
    except requests.HTTPError as error:
        answer = error.response
        return "no answer" if answer is None else _refusal(url, answer.status_code, what=what)
    except (requests.ConnectionError, requests.Timeout):
        return "no answer"
    except requests.exceptions.ChunkedEncodingError:
        return "the answer broke off"
    except requests.RequestException as error:
        raise SourceError(f"{url!r} is no address to download from: {error}.") from error
    return None


def _refusal(url: str, status: int, *, what: str) -> str:
    if status == 404:
        raise MissingSeasonError(f"{what} is not at {url} (404); check the season and the league.")
    if status == 429 or status >= 500:
        return f"the server answers {status}"
    raise SourceError(f"{what} at {url} is refused by the server ({status}); open it in a browser to see why.")
