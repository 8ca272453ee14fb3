"""Where the archive's files lie, in the archive and on disk: ``data/2023-24/gws/merged_gw.csv``."""

from __future__ import annotations

import shlex
from pathlib import Path

from matchday.errors import SourceError
from matchday.folders import cache_folder
from matchday.season import SEASON_NAME, season_name, season_year
from matchday_data.folders import expanded
from matchday_data.football_data.layout import SeasonFile

#: The archive's folder of seasons' folders, part of its addresses.
ARCHIVE_FOLDER = "data"

#: The league and the season in which the archive begins.
LEAGUE = "E0"
FIRST_YEAR = 2016

#: In a season's folder: a row per player and match, and the number of each club.
ROWS, TEAMS = "gws/merged_gw.csv", "teams.csv"

#: In the archive's folder: the clubs' numbers by season, for the seasons whose folder has no ``teams.csv``.
ALL_TEAMS = "master_team_list.csv"


def archive_folder(players: Path | None) -> Path:
    """Answer the folder that holds the seasons' folders: ``players`` itself or the ``data`` in it."""
    root = cache_folder("players") if players is None else expanded(players)
    inside = root / ARCHIVE_FOLDER
    if inside.is_dir():
        return inside
    bare = root.name == ARCHIVE_FOLDER or (root.is_dir() and any(root.glob(f"[0-9]*/{ROWS}")))
    return root if bare else inside


def check_season(name: str) -> str:
    """Answer a season's name; raises ``SourceError`` where the archive cannot hold it.

    >>> check_season("2023-24")
    '2023-24'
    """
    if season_year(name) < FIRST_YEAR:
        raise SourceError(
            f"Season {name!r} cannot be in the archive of player rows; rule: {season_name(FIRST_YEAR)} or later."
        )
    return name


def list_seasons(players: Path | None) -> list[str]:
    """List the seasons on disk that have a file of player rows, oldest first; there may be none."""
    found = [path.parents[1].name for path in archive_folder(players).glob(f"*/{ROWS}")]
    return sorted(name for name in found if SEASON_NAME.fullmatch(name) and season_year(name) >= FIRST_YEAR)


def fetch_command(*, season: str, players: Path | None, force: bool = False) -> str:
    """Write the command that downloads player rows to where they are looked for.

    >>> fetch_command(season="2023-24", players=None)
    'matchday fetch players --season 2023-24'
    """
    words = ["matchday", "fetch", "players", "--season", season]
    words += [] if players is None else ["--to", shlex.quote(str(players))]
    return " ".join([*words, "--force"] if force else words)


def rows_file(season: str, players: Path | None) -> SeasonFile:
    """Name the file of a season's player rows, whether or not it exists."""
    return _file(archive_folder(players) / season / ROWS, season, players)


def teams_file(season: str, players: Path | None) -> SeasonFile:
    """Name the file of a season's club numbers: its own, or the archive's list of all seasons'."""
    folder = archive_folder(players)
    own, all_seasons = folder / season / TEAMS, folder / ALL_TEAMS
    return _file(all_seasons if all_seasons.exists() and not own.exists() else own, season, players)


def _file(path: Path, season: str, players: Path | None) -> SeasonFile:
    anew = f"fetch it anew: {fetch_command(season=season, players=players, force=True)}"
    remedy = f"mend the file, move the season's folder away, or {anew}"
    return SeasonFile(path, LEAGUE, season, str(path), remedy, remedy)
