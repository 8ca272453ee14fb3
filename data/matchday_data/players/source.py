"""Player rows for the seasons of a source of matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from matchday.errors import SourceError
from matchday.season import season_name, season_year
from matchday_data.players.appearances import find_fixtures, match_fixtures, write_players
from matchday_data.players.clubs import check_clubs, read_clubs
from matchday_data.players.layout import FIRST_YEAR, archive_folder, fetch_command, list_seasons, rows_file, teams_file
from matchday_data.players.reading import read_rows


@dataclass(frozen=True, slots=True)
class PlayerArchive:
    """The archive of player rows in a folder laid out as it is, or, without one, in the download cache."""

    folder: Path | None = None

    def rows(
        self, matches: pd.DataFrame, *, seasons: Sequence[str], unfinished: str | None = None
    ) -> tuple[pd.DataFrame, list[str]]:
        """Read the rows of everybody who played, in the order of the matches; tell what is missing or odd.

        ``matches`` are the Premier League's of ``seasons``, as ``Season.matches`` has them. Each row has the date of
        its match, in whose past it must not be seen, and belongs to no other. Of the season ``unfinished`` the archive
        may know fixtures that ``matches`` does not; of another season that is an error, which names the fixture.
        Raises ``SourceError`` where the folder has no season of these, or a file is not to be trusted.
        """
        there = list_seasons(self.folder)
        found = [name for name in seasons if name in there]
        if not found:
            raise self._nothing(seasons)
        known = frozenset(matches["home"]) | frozenset(matches["away"])
        frames, notes = list[pd.DataFrame](), self._gaps(seasons, found)
        for name in found:
            of_season = matches[(matches["season"] == name).to_numpy()]
            frame, odd = self._season(of_season, known, name, partial=name == unfinished)
            frames.append(frame)
            notes += odd
        return pd.concat(frames, ignore_index=True), notes

    def _season(
        self, matches: pd.DataFrame, known: frozenset[str], name: str, *, partial: bool
    ) -> tuple[pd.DataFrame, list[str]]:
        file, teams = rows_file(name, self.folder), teams_file(name, self.folder)
        rows, notes = read_rows(file)
        fixtures, clubs = find_fixtures(rows, file=file), read_clubs(teams)
        check_clubs([*fixtures.home.tolist(), *fixtures.away.tolist()], clubs, known=known, file=teams)
        positions, strange = match_fixtures(fixtures, matches, clubs=clubs, file=file)
        if strange and not partial:
            raise file.error(f"fixture {strange[0]!r} is not among the matches of {name}")
        frame, odd = write_players(fixtures, positions, matches, season=name)
        notes += odd
        if strange:
            later = _count(len(strange), "fixture with player rows", "fixtures with player rows")
            notes.append(f"{name}: {later} not yet among the matches, left out")
        if len(fixtures.broken):
            notes.append(
                f"{name}: {_count(len(fixtures.broken), 'fixture')} without eleven players of a side, left out; "
                f"the first is number {fixtures.broken[0]}"
            )
        without = np.setdiff1d(np.arange(len(matches)), positions)
        if len(without):
            first = matches.index[without[0]]
            notes.append(
                f"{name}: {_count(len(without), 'match', 'matches')} without player rows; the first is {first}"
            )
        return frame, notes

    def _gaps(self, seasons: Sequence[str], found: list[str]) -> list[str]:
        missing = [name for name in seasons if name not in found]
        possible = [name for name in missing if season_year(name) >= FIRST_YEAR]
        if not missing:
            return []
        told = f"no player rows of {len(missing)} of {len(seasons)} seasons"
        if not possible:
            return [f"{told}: the archive begins with {season_name(FIRST_YEAR)}"]
        return [
            f"{told}; the archive may hold {', '.join(possible)}: {fetch_command(season='all', players=self.folder)}"
        ]

    def _nothing(self, seasons: Sequence[str]) -> SourceError:
        folder = archive_folder(self.folder)
        get = fetch_command(season=seasons[-1], players=self.folder)
        if season_year(seasons[-1]) < FIRST_YEAR:
            return SourceError(
                f"Season {seasons[-1]!r} has no player rows: the archive begins with {season_name(FIRST_YEAR)}; "
                "load it without players."
            )
        return SourceError(
            f"No player rows of {seasons[0]} to {seasons[-1]} are in {str(folder)!r}; rule: files as "
            f"2023-24/gws/merged_gw.csv; fetch them: {get}"
        )


def _count(number: int, one: str, several: str = "") -> str:
    """Write a number with its noun and verb.

    >>> _count(1, "fixture"), _count(2, "match", "matches")
    ('1 fixture is', '2 matches are')
    """
    return f"1 {one} is" if number == 1 else f"{number} {several or one + 's'} are"
