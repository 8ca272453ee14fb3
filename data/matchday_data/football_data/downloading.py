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
from matchday.season import season_name
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
FIRST_YEAR = 1993
TIMEOUT_SECONDS = 30.0

TERMS = (
    "Data: football-data.co.uk, free to download for personal use; the prices are those of the bookmakers named in "
    "https://www.football-data.co.uk/notes.txt. Read the site's terms before you pass the data on, and name the site "
    "where you publish what you found."
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one season: ``matches`` in its file, and whether all have been played."""

    season: str
    path: Path
    state: Literal["downloaded", "kept", "missing"]
    matches: int = 0
    finished: bool = True


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
        """Download the named seasons, telling of each as it comes.

        Raises ``SourceError`` at the first that cannot be had. With ``skip_missing`` a season that the site does not
        hold is told as missing, as long as it holds any.
        """
        if not re.match(LEAGUE, self.league):
            raise SourceError(
                f"League {self.league!r} is no code of the site's; rule: capitals and a digit, as E0 or SP1."
            )
        for name in names:
            season_code(name)  # refuse a misspelt name before anything is asked
        found = False
        for name in names:
            fetched = self._season_if_there(name) if skip_missing else self._season(name)
            found = found or fetched.state != "missing"
            yield fetched
        if not found:
            raise MissingSeasonError(
                f"No season of league {self.league!r} is at {self.url}; check the league's code."
            )

    def _season_if_there(self, name: str) -> Fetched:
        try:
            return self._season(name)
        except MissingSeasonError:
            return Fetched(name, site_folder(self.to), "missing")

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
                return SeasonFile(
                    path, self.league, name, url, "nothing was kept: look at that address or try again later"
                )
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
    raise SourceError(
        f"{what} at {url} is refused by the server ({status}); open it in a browser to see why."
    )
