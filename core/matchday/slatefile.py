"""A slate of one's own as a CSV file: who plays whom, and at which odds.

    date,kickoff,match,home,draw,away,over_2_5,under_2_5,PSC.home
    2026-08-15,15:00,Arsenal v Spurs,1.85,3.70,4.40,1.80,2.05,1.87

``match`` alone is needed. ``date`` and ``kickoff`` may be left out; an empty price is not offered. BOOKMAKER.SELECTION
is the quote of another bookmaker, by the source's code.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matchday.csvlines import read_lines
from matchday.errors import MatchdayError, did_you_mean
from matchday.markets import SELECTIONS
from matchday.upcoming import Fixture

COLUMNS = ("date", "kickoff", "match", *SELECTIONS)

#: What stands between two clubs.
VERSUS = " v "


@dataclass(frozen=True, slots=True)
class SlateFile:
    """The matches of a file in its order, each with its date; all dates are None where there is no such column."""

    name: str
    matches: tuple[tuple[datetime.date | None, Fixture], ...]

    @property
    def dates(self) -> list[datetime.date]:
        """The dates that stand in the file, in order."""
        return sorted({date for date, _ in self.matches if date is not None})

    def date(self) -> datetime.date | None:
        """Answer the file's one date, None where there is none; raises ``MatchdayError`` where there are several."""
        if len(self.dates) > 1:
            raise MatchdayError(
                f"{self.name}: matches are on {len(self.dates)} dates, {_listed(self.dates)}; pick one with --date."
            )
        return self.dates[0] if self.dates else None

    def on(self, date: datetime.date) -> list[Fixture]:
        """List the matches of a date, all of them where no date is given; raises ``MatchdayError`` if there is none."""
        chosen = [fixture for stated, fixture in self.matches if stated in {None, date}]
        if not chosen:
            raise MatchdayError(f"{self.name}: no match is on {date}; dates: {_listed(self.dates)}.")
        return chosen


def read_slate(path: str) -> SlateFile:
    """Read a file, or standard input for ``-``; raises ``MatchdayError`` with the line and column that is wrong."""
    file = read_lines(path)
    if not file.header:
        raise MatchdayError(
            f"{file.name}: the file is empty; rule: a header with a column 'match', and a line a match."
        )
    columns = _columns(file.header, file.name)
    matches = tuple(_match(label, columns, row) for label, row in file.lines)
    if not matches:
        raise MatchdayError(f"{file.name}: there is no match below the header; rule: a line a match.")
    return SlateFile(file.name, matches)


def _listed(dates: Sequence[datetime.date]) -> str:
    shown = ", ".join(map(str, dates[:5]))
    return f"{shown}, ..." if len(dates) > 5 else shown


def _columns(header: Sequence[str], name: str) -> list[str]:
    """Check a header; the project's own names may be written in capitals."""
    columns = [cell.lower() if cell.lower() in COLUMNS else cell for cell in header]
    for column, times in Counter(columns).items():
        if times > 1:
            raise MatchdayError(f"{name}: column {column!r} stands in it {times} times; rule: once.")
        code, _, selection = column.rpartition(".")
        if column not in COLUMNS and not (code and selection in SELECTIONS):
            known = [f"{code}.{each}" for each in SELECTIONS] if code else COLUMNS
            raise MatchdayError(f"{name}: column {column!r} is unknown; {did_you_mean(column, known)}")
    if "match" not in columns:
        raise MatchdayError(f"{name}: there is no column 'match', as 'Arsenal{VERSUS}Spurs'; add it.")
    return columns


def _match(label: str, columns: Sequence[str], row: Sequence[str]) -> tuple[datetime.date | None, Fixture]:
    cells = dict(zip(columns, row, strict=True))
    home, away = _clubs(cells["match"], label)
    prices = dict(_prices(cells, label))
    fixture = Fixture(
        home=home,
        away=away,
        kickoff=_kickoff(cells.get("kickoff", ""), label),
        odds={column: odds for column, odds in prices.items() if column in SELECTIONS},
        quotes={_quote(column): odds for column, odds in prices.items() if column not in SELECTIONS},
        label=label,
    )
    return (_date(cells["date"], label) if "date" in cells else None), fixture


def _clubs(cell: str, label: str) -> tuple[str, str]:
    clubs = [club.strip() for club in cell.split(VERSUS)]
    if len(clubs) != 2 or not all(clubs):
        raise MatchdayError(f"{label}: match {cell!r}; rule: two clubs, as 'Arsenal{VERSUS}Spurs'.")
    return clubs[0], clubs[1]


def _date(cell: str, label: str) -> datetime.date:
    try:
        return datetime.datetime.strptime(cell, "%Y-%m-%d").date()
    except ValueError:
        raise MatchdayError(f"{label}: date {cell!r}; rule: year-month-day, as 2026-08-15, on every line.") from None


def _kickoff(cell: str, label: str) -> datetime.time | None:
    try:
        return datetime.datetime.strptime(cell, "%H:%M").time() if cell else None
    except ValueError:
        raise MatchdayError(f"{label}: kickoff {cell!r}; rule: hour:minute, as 15:00, or nothing.") from None


def _prices(cells: dict[str, str], label: str) -> Iterator[tuple[str, float]]:
    for column, cell in cells.items():
        if column in {"date", "kickoff", "match"} or not cell:
            continue
        try:
            odds = float(cell)
        except ValueError:
            odds = math.nan
        if not (math.isfinite(odds) and odds > 1.0):
            raise MatchdayError(f"{label}: {column} {cell!r}; rule: decimal odds above 1, as 2.10; empty: not offered.")
        yield column, odds


def _quote(column: str) -> tuple[str, str]:
    code, _, selection = column.rpartition(".")
    return code, selection
