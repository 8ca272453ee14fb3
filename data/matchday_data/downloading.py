"""Download a source's seasons: politely, patiently, and never leaving half a file or a bad one."""

from __future__ import annotations

import datetime as dt
import logging
import os
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from matchday.errors import SourceError
from matchday.season import season_name

TIMEOUT_SECONDS = 30.0

#: What is said of a download that is refused: there is nothing to mend on this machine.
NOTHING_KEPT = "nothing was kept: look at that address or try again later"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one season: ``matches`` in its file, and whether all have been played; or why it failed.

    ``rows`` counts player rows, 0 where the files hold none.
    """

    season: str
    path: Path
    state: Literal["downloaded", "kept", "missing", "failed"]
    matches: int = 0
    finished: bool = True
    reason: str = ""
    rows: int = 0


class MissingSeasonError(SourceError):
    """The site does not hold a season."""


@dataclass(slots=True, kw_only=True)
class Download(ABC):
    """A visit to a site: downloads seasons into a folder laid out as the site is.

    ``to`` is a folder, or ``None`` for the download cache; ``url`` the site or a server that stands in for it. Between
    two requests pass ``delay`` seconds; a request that fails is tried ``retries`` times more, each wait twice the one
    before. A season already there is kept unless ``force``. A subclass says what a season's files are.
    """

    to: Path | None = None
    url: str
    force: bool = False
    delay: float = 1.0
    retries: int = 3
    _asked: bool = field(default=False, init=False)

    @property
    @abstractmethod
    def folder(self) -> Path:
        """The folder to fill, named in errors."""

    @property
    @abstractmethod
    def nothing_there(self) -> str:
        """What is said, after 'No season of', when the site holds none of the seasons."""

    @abstractmethod
    def check(self, name: str) -> None:
        """Raise ``SourceError`` for a season that cannot be asked for."""

    @abstractmethod
    def kept(self, name: str) -> Fetched | None:
        """Tell of a season that is already there."""

    @abstractmethod
    def fresh(self, name: str, scratch: Path) -> tuple[Fetched, Mapping[Path, Path]]:
        """Download a season to an empty folder and check it; answer what it holds, and where each file belongs."""

    def seasons(self, names: list[str], *, skip_missing: bool = False) -> Iterator[Fetched]:
        """Download the named seasons, each once, telling of each as it comes.

        Raises ``SourceError`` in the end if one of them cannot be had. With ``skip_missing`` a season that the site
        does not hold is told as missing, as long as it holds any.
        """
        for name in names:
            self.check(name)  # refuse a misspelt name before anything is asked
        names = list(dict.fromkeys(names))
        if len(names) == 1:
            yield self._season(names[0])
            return
        told: list[Fetched] = []
        for name in names:
            told.append(self._season_or_why_not(name, skip_missing=skip_missing))
            yield told[-1]
        _check_all_came(told, self.nothing_there)

    def _season_or_why_not(self, name: str, *, skip_missing: bool) -> Fetched:
        folder = self.folder
        try:
            return self._season(name)
        except SourceError as error:
            if skip_missing and isinstance(error, MissingSeasonError):
                return Fetched(name, folder, "missing")
            return Fetched(name, folder, "failed", reason=str(error))

    def _season(self, name: str) -> Fetched:
        there = None if self.force else self.kept(name)
        if there is not None:
            return there
        folder = self.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as scratch:
                fetched, files = self.fresh(name, Path(scratch))
                for downloaded, final in files.items():
                    final.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(downloaded, final)
        except OSError as error:
            raise SourceError(
                f"Cannot write to {str(folder)!r}: {error.strerror}; name another folder by --to."
            ) from error
        return fetched

    def get(self, address: str, path: Path, *, what: str, check: str) -> Path:
        """Download one file, address under ``url``, to ``path``.

        Raises ``MissingSeasonError`` where the server has none, in the words ``what`` is not there, ``check`` what to
        look at, and ``SourceError`` where it cannot be had.
        """
        url = self.address(address)
        for attempt in range(self.retries + 1):
            if self._asked:
                time.sleep(self.delay * 2**attempt)
            self._asked = True
            problem = _get(url, path, what=what, check=check)
            if problem is None:
                return path
        raise SourceError(
            f"{url} cannot be downloaded ({problem}, {self.retries + 1} times); check the connection and the address, "
            "or try again later."
        )

    def address(self, address: str) -> str:
        """Complete an address under ``url``."""
        return f"{self.url.rstrip('/')}/{address}"


def seasons_until(today: dt.date, *, first_year: int) -> list[str]:
    """List the seasons from the one that began in ``first_year`` to the one of that day.

    >>> seasons_until(dt.date(1995, 8, 1), first_year=1993)
    ['1993-94', '1994-95', '1995-96']
    """
    last = today.year if today.month >= 7 else today.year - 1
    return [season_name(year) for year in range(first_year, last + 1)]


def _check_all_came(told: list[Fetched], nothing_there: str) -> None:
    failed = [fetched for fetched in told if fetched.state == "failed"]
    if failed:
        names = ", ".join(fetched.season for fetched in failed)
        raise SourceError(f"{len(failed)} of {len(told)} seasons failed: {names}; the first because {failed[0].reason}")
    if all(fetched.state == "missing" for fetched in told):
        raise MissingSeasonError(f"No season of {nothing_there}")


def _get(url: str, path: Path, *, what: str, check: str) -> str | None:
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
        return "no answer" if answer is None else _refusal(url, answer.status_code, what=what, check=check)
    except (requests.ConnectionError, requests.Timeout):
        return "no answer"
    except requests.exceptions.ChunkedEncodingError:
        return "the answer broke off"
    except requests.RequestException as error:
        raise SourceError(f"{url!r} is no address to download from: {error}.") from error
    return None


def _refusal(url: str, status: int, *, what: str, check: str) -> str:
    if status == 404:
        raise MissingSeasonError(f"{what} is not at {url} (404); check {check}.")
    if status == 429 or status >= 500:
        return f"the server answers {status}"
    raise SourceError(f"{what} at {url} is refused by the server ({status}); open it in a browser to see why.")
