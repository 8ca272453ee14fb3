"""CSV that people type: a header and lines, with errors that name the line."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from matchday.errors import MatchdayError


@dataclass(frozen=True, slots=True)
class CsvLines:
    """A file's header and lines, cells stripped; each line with how errors call it, as "slate.csv line 3"."""

    name: str
    header: list[str]
    lines: list[tuple[str, list[str]]]


def read_lines(path: str) -> CsvLines:
    """Read a CSV file in UTF-8, or standard input for ``-``; lines without a filled cell are passed over.

    The header is empty where the file is. Raises ``MatchdayError`` where it cannot be read, is not separated by commas,
    or has a line of other length than the header.
    """
    name, text = ("standard input", sys.stdin.read()) if path == "-" else (path, _text(path))
    table = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), skipinitialspace=True)
    try:
        numbered = [(table.line_num, [cell.strip() for cell in row]) for row in table]
    except csv.Error as error:
        raise MatchdayError(f"{name} line {table.line_num}: it cannot be read as CSV: {error}.") from error
    filled = [(f"{name} line {number}", row) for number, row in numbered if any(row)]
    header = filled[0][1] if filled else []
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise MatchdayError(f"{name}: the header {header[0]!r} is one cell; separate cells by commas.")
    for label, row in filled[1:]:
        if len(row) != len(header):
            amount = "fewer" if len(row) < len(header) else "more"
            raise MatchdayError(f"{label}: it has {amount} cells than the header; rule: one a column.")
    return CsvLines(name, header, filled[1:])


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise MatchdayError(f"{path}: cannot be read: {reason}.") from error
