"""From the bytes of a season file to a table of text, with errors that say where it stops being one."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matchday.errors import SourceError
from matchday_data.football_data.columns import REQUIRED
from matchday_data.football_data.layout import SeasonFile

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A season file as text: columns by the site's name, each with a cell a match, blank where there is nothing.

    ``lines`` says on which line of the file each match stands, ``notes`` what was odd in reading it.
    """

    file: SeasonFile
    columns: dict[str, tuple[str, ...]]
    lines: tuple[int, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def text(self, name: str) -> list[str]:
        """Answer a column's cells without the space around them."""
        return [cell.strip() for cell in self.columns[name]]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Answer a column as float64, NaN where a cell is blank or no number."""
        return np.fromiter(map(_number, self.columns[name]), dtype=np.float64, count=len(self))

    def unusable(self, name: str, usable: npt.NDArray[np.bool_]) -> tuple[int, list[int]]:
        """Part a column's cells that cannot be used: count the blank ones, list the rows of the others."""
        cells = self.columns[name]
        rows = np.flatnonzero(~usable).tolist()
        odd = [row for row in rows if cells[row].strip()]
        return len(rows) - len(odd), odd

    def error(self, row: int, problem: str) -> SourceError:
        """Say what is wrong with a match, by its position, and what to do."""
        return self.file.error(problem, line=self.lines[row])


@lru_cache(maxsize=10_000)
def _number(cell: str) -> float:
    """Read a number, NaN for what is none. Prices repeat themselves, hence the cache."""
    try:
        return float("nan") if "_" in cell else float(cell)
    except ValueError:
        return float("nan")


def read_table(file: SeasonFile) -> Table:
    """Read a season file; raises ``SourceError`` where it is missing, empty, not text or not a table."""
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise file.error(f"cannot be read: {error.strerror}") from error
    text, notes = decode(data, file)
    rows = split_rows(text, file)
    if not rows:
        raise file.error("the file is empty")
    (_, header), *matches = rows
    if not matches:
        raise file.error("the file holds a header and no matches")
    names = [name.strip() for name in header]
    cells = zip(*(_fit(row, len(names), line, file) for line, row in matches), strict=True)
    columns: dict[str, tuple[str, ...]] = {}
    for name, column in zip(names, cells, strict=True):
        if name in columns:
            if name in REQUIRED and column != columns[name]:
                raise file.error(f"column {name!r} stands in the file twice, with different content")
            notes.append(f"{file.season}: column {name} stands in the file twice; the first is read")
        elif name:
            columns[name] = column
    return Table(file, columns, tuple(line for line, _ in matches), tuple(notes))


def decode(data: bytes, file: SeasonFile) -> tuple[str, list[str]]:
    """Read bytes as text, and tell if it is not UTF-8; raises ``SourceError`` where it is no text."""
    if data.startswith(_WIDE) or b"\0" in data:
        raise file.error(
            "it is UTF-16 or binary (NUL bytes), not text; rule: UTF-8, or cp1252 as the site's older files"
        )
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), [f"{file.season}: the file is not UTF-8, read as cp1252"]
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise file.error(f"byte 0x{data[error.start]:02x} is neither UTF-8 nor cp1252", line=line) from error


def split_rows(text: str, file: SeasonFile) -> list[tuple[int, list[str]]]:
    """Split into (line number, cells), leaving out rows in which all is blank; raises ``SourceError`` for no table."""
    if text.lstrip()[:1] == "<":
        raise file.error("it is a web page, not a season")
    header = text.lstrip().partition("\n")[0]
    for delimiter, called in ((";", "semicolons"), ("\t", "tabs")):
        if delimiter in header and "," not in header:
            raise file.error(f"its columns are separated by {called}, not by commas")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if "".join(row).strip()]
    except csv.Error as error:
        raise file.error(f"it is not comma-separated text ({error})", line=reader.line_num) from error


def _fit(row: list[str], width: int, line: int, file: SeasonFile) -> list[str]:
    """Give a row the header's width: short rows end in blanks, long ones must."""
    if len(row) == width:
        return row
    if "".join(row[width:]).strip():
        raise file.error(f"the row has {len(row)} cells under a header of {width}", line=line)
    return row[:width] + [""] * (width - len(row))
