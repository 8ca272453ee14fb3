"""Made-up season files for the tests of the football-data source."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from pathlib import Path

import pytest


class MadeUpSite:
    """A folder laid out as the site is, filled with made-up seasons of four clubs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def rows(
        first_year: int = 2010, clubs: tuple[str, ...] = ("Ayr", "Bury", "Crewe", "Derby")
    ) -> list[dict[str, str]]:
        """Each club against each other on both grounds, one match a day from 14 August on."""
        start = dt.date(first_year, 8, 14)
        rows = []
        for day, (home, away) in enumerate(itertools.permutations(clubs, 2)):
            goals = (day % 3, day % 2)
            row = {
                "Div": "E0",
                "Date": f"{start + dt.timedelta(days=day):%d/%m/%y}",
                "HomeTeam": home,
                "AwayTeam": away,
            }
            row |= {
                "FTHG": str(goals[0]),
                "FTAG": str(goals[1]),
                "FTR": "ADH"[(goals[0] > goals[1]) - (goals[0] < goals[1]) + 1],
            }
            row |= {
                "HS": "11",
                "AS": "7",
                "Referee": "M Dean",
                "B365H": "2.1",
                "B365D": "3.3",
                "B365A": "3.9",
            }
            rows.append(row)
        return rows

    @staticmethod
    def text(rows: list[dict[str, str]]) -> str:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def write(self, content: list[dict[str, str]] | str | bytes, code: str = "1011", league: str = "E0") -> Path:
        """Write a season file: of rows, as text, or as the bytes it shall hold."""
        text = self.text(content) if isinstance(content, list) else content
        path = self.folder / "mmz4281" / code / f"{league}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


@pytest.fixture
def site(tmp_path: Path) -> MadeUpSite:
    """An empty folder to write made-up seasons into."""
    return MadeUpSite(tmp_path / "site")
