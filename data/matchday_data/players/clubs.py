"""From the archive's names and numbers of clubs to the names of the matches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from matchday.errors import did_you_mean
from matchday_data.football_data.layout import SeasonFile
from matchday_data.football_data.reading import Table, read_table

#: The archive's name to football-data.co.uk's, of clubs that the two call differently. All others they call alike.
RENAMED: dict[str, str] = {
    "Man Utd": "Man United",
    "Sheffield Utd": "Sheffield United",
    "Sheffield Wed": "Sheffield Weds",
    "Spurs": "Tottenham",
}


def read_clubs(file: SeasonFile) -> dict[int, str]:
    """Read the clubs of a season by number, in the words of the matches; raises ``SourceError`` for a bad file."""
    table = read_table(file)
    number, name = ("team", "team_name") if "team_name" in table.columns else ("id", "name")
    for column in (number, name):
        if column not in table.columns:
            raise file.error(f"column {column!r} is missing; {did_you_mean(column, table.columns)}")
    written = table.text(name)
    clubs: dict[int, str] = {}
    for row in _rows_of_season(table):
        club, called = _number(table, number, row), RENAMED.get(written[row], written[row])
        if club in clubs or called in clubs.values():
            raise table.error(row, f"club {club} {written[row]!r} stands there twice")
        clubs[club] = called
    if not clubs:
        raise file.error(f"it lists no club of {file.season}")
    return clubs


def check_clubs(numbers: Iterable[int], clubs: Mapping[int, str], *, known: Collection[str], file: SeasonFile) -> None:
    """Raise ``SourceError`` for a number without a club, and for a club that the matches do not know, by name."""
    for number in sorted(set(numbers)):
        if number not in clubs:
            raise file.error(f"club {number} has player rows in {file.season} and is not in the list")
        if clubs[number] not in known:
            raise file.error(
                f"club {clubs[number]!r} is in none of the matches; {did_you_mean(clubs[number], known)}",
                remedy="write it there as the matches do",
            )


def _rows_of_season(table: Table) -> list[int]:
    if "season" not in table.columns:
        return list(range(len(table)))
    return [row for row, season in enumerate(table.text("season")) if season == table.file.season]


def _number(table: Table, column: str, row: int) -> int:
    written = table.text(column)[row]
    if not written.isdecimal():
        raise table.error(row, f"{column} {written!r} is no number of a club")
    return int(written)
