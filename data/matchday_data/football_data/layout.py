"""Where season files lie, on the site and on disk: ``DATA/mmz4281/2324/E0.csv``."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from matchday.errors import SourceError, did_you_mean
from matchday.folders import cache_folder
from matchday.season import season_name, season_year
from matchday_data.folders import expanded
from matchday_data.football_data.dates import FIRST_YEAR, LAST_YEAR, full_year

#: The site's folder of season files, part of its URLs.
SITE_FOLDER = "mmz4281"

#: The site's codes of leagues: E0, EC, SP1.
LEAGUE = r"^[A-Z]{1,3}[0-9]?$"

_CODE = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class SeasonFile:
    """One season of one league in a file: where it is, what errors call it, and how a bad one is mended.

    ``remedy`` mends a file that is not to be trusted, ``unfinished`` one that is, and does not hold all matches.
    """

    path: Path
    league: str
    season: str
    label: str
    remedy: str
    unfinished: str

    def error(self, problem: str, *, line: int | None = None, remedy: str = "") -> SourceError:
        """Say in one line what is wrong, where, and what to do."""
        place = self.label if line is None else f"{self.label}, line {line}"
        return SourceError(f"{place}: {problem}; {remedy or self.remedy}.")


def site_folder(data: Path | None) -> Path:
    """Answer the folder that holds the seasons' folders: ``data`` itself or the ``mmz4281`` in it."""
    root = cache_folder("football-data") if data is None else expanded(data)
    inside = root / SITE_FOLDER
    if inside.is_dir():
        return inside
    bare = root.name == SITE_FOLDER or (root.is_dir() and any(root.glob("[0-9][0-9][0-9][0-9]/*.csv")))
    return root if bare else inside


def season_code(name: str) -> str:
    """Write a season as the site does; raises ``SourceError`` where the name is no season the site can name.

    >>> season_code("2023-24"), season_code("1999-00")
    ('2324', '9900')
    """
    year = season_year(name)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise SourceError(
            f"Season {name!r} cannot be on football-data.co.uk; "
            f"rule: {season_name(FIRST_YEAR)} to {season_name(LAST_YEAR)}."
        )
    return f"{year % 100:02d}{(year + 1) % 100:02d}"


def season_of_code(code: str) -> str | None:
    """Read the site's way to write a season; ``None`` where it is none.

    >>> season_of_code("9394"), season_of_code("0001"), season_of_code("2325")
    ('1993-94', '2000-01', None)
    """
    if not _CODE.fullmatch(code) or (int(code[:2]) + 1) % 100 != int(code[2:]):
        return None
    return season_name(full_year(int(code[:2])))


def fetch_command(*, season: str, league: str, data: Path | None, force: bool = False) -> str:
    """Write the command that downloads a season to where it is looked for.

    >>> fetch_command(season="2023-24", league="SP1", data=None)
    'matchday fetch football-data --season 2023-24 --league SP1'
    """
    words = ["matchday", "fetch", "football-data", "--season", season]
    words += [] if league == "E0" else ["--league", league]
    words += [] if data is None else ["--to", shlex.quote(str(data))]
    return " ".join([*words, "--force"] if force else words)


def season_file(*, league: str, season: str, data: Path | None, newer: int | None = None) -> SeasonFile:
    """Name the file of a season, whether or not it exists.

    ``newer`` is for a season of history: how many others of history come after it. That many can do without it.
    """
    path = site_folder(data) / season_code(season) / f"{league}.csv"
    anew = f"fetch it anew: {fetch_command(season=season, league=league, data=data, force=True)}"
    mend = f"mend the file or {anew}"
    if newer is None:
        return SeasonFile(path, league, season, str(path), mend, f"play it as far as it goes with --partial, or {mend}")
    without = f"; or, as it is only history, move the file away or load fewer seasons by --set source.history={newer}"
    return SeasonFile(path, league, season, str(path), mend + without, anew + without)


def list_seasons(*, league: str, data: Path | None) -> list[str]:
    """List the seasons of a league on disk, oldest first; raises ``SourceError`` where there is none."""
    folder = site_folder(data)
    found = (season_of_code(path.parent.name) for path in folder.glob(f"*/{league}.csv"))
    seasons = sorted(name for name in found if name is not None)
    if not seasons:
        raise _nothing(folder, league=league, data=data)
    return seasons


def _nothing(folder: Path, *, league: str, data: Path | None) -> SourceError:
    get = fetch_command(season="all", league=league, data=data)
    if data is not None and not expanded(data).is_dir():
        return SourceError(f"Folder {str(data)!r} does not exist; name an existing one, or fetch into it: {get}")
    leagues = sorted({path.stem for path in folder.glob("[0-9][0-9][0-9][0-9]/*.csv")})
    if leagues:
        return SourceError(
            f"No season of league {league!r} is in {str(folder)!r}; {did_you_mean(league, leagues)} Or fetch it: {get}"
        )
    where = f"the download cache {str(folder)!r}" if data is None else repr(str(data))
    return SourceError(
        f"No season of league {league!r} is in {where}; rule: files as {SITE_FOLDER}/2324/{league}.csv; "
        f"fetch them: {get}"
    )
