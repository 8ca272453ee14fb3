"""From the bytes of a file of player rows to a frame of checked numbers.

A file that is as it should be is read by pandas, which is quick. Any other is read cell by cell, to mend what can be
mended, and to say on which line it cannot.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.errors import did_you_mean
from matchday_data.football_data.layout import SeasonFile
from matchday_data.football_data.reading import decode, split_rows
from matchday_data.players.columns import (
    COUNTS,
    KEYS,
    MANAGER,
    MANAGERS_COLUMNS,
    MEASURES,
    READ,
    REQUIRED,
    SCORES,
    TEXTS,
    WAS_HOME,
)

_WHOLE = (*KEYS, *COUNTS.values())
_TRUTH = {"True": True, "False": False, "TRUE": True, "FALSE": False, "true": True, "false": False}

#: The highest count that is believed. Nobody plays longer, or saves or scores as often.
_MOST = {name: 130 if name == "minutes" else 99 for name in COUNTS.values()}


def read_rows(file: SeasonFile) -> tuple[pd.DataFrame, list[str]]:
    """Read a season's rows of everybody who played, under the archive's names, and tell what was odd in them.

    Keys and counts are whole numbers, ``was_home`` is a bool, scores and measures are float64, NaN where they are not
    known; all measures are there. Assistant managers are left out. Raises ``SourceError`` where the file is not to be
    trusted.
    """
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise file.error(f"cannot be read: {error.strerror}") from error
    frame, notes = _quickly(data), list[str]()
    if frame is None:
        frame, notes = _carefully(data, file)
    frame = frame[frame["minutes"].to_numpy() > 0]
    frame = frame.reindex(columns=[*TEXTS, *_WHOLE, WAS_HOME, *SCORES, *MEASURES.values()])
    manages = (frame["position"] == MANAGER).to_numpy()
    frame = frame[~manages] if manages.any() else frame
    return frame.astype(dict.fromkeys((*SCORES, *MEASURES.values()), "float64")), notes


def _quickly(data: bytes) -> pd.DataFrame | None:
    """Read a file without a flaw; ``None`` where there is any, or might be."""
    octets = np.frombuffer(data, dtype=np.uint8)
    lines = np.count_nonzero(octets == ord("\n")) + (not data.endswith(b"\n"))
    header = data[: data.find(b"\n")]
    if b'"' in data or np.count_nonzero(octets == ord(",")) != header.count(b",") * lines:
        return None  # rows of another width: pandas would cut them without a word
    try:
        frame = pd.read_csv(io.BytesIO(data), usecols=lambda name: name in READ, encoding="utf-8-sig")
    except ValueError:  # of which pandas' and Unicode's errors are kinds
        return None
    return frame if _is_sound(frame) else None


def _is_sound(frame: pd.DataFrame) -> bool:
    if not len(frame) or not set(REQUIRED) <= set(frame.columns) or frame["name"].isna().any():
        return False
    kinds = {name: dtype.kind for name, dtype in frame.dtypes.items()}
    measured = [name for name in (*SCORES, *MEASURES.values()) if name in kinds]
    if any(kinds[name] != "i" for name in _WHOLE) or any(kinds[name] not in "if" for name in measured):
        return False
    whole = frame[list(_WHOLE)].to_numpy()
    most = np.array([_MOST.get(name, np.inf) for name in _WHOLE])
    return kinds[WAS_HOME] == "b" and bool((whole >= 0).all() and (whole.max(axis=0) <= most).all())


def _carefully(data: bytes, file: SeasonFile) -> tuple[pd.DataFrame, list[str]]:
    """Read a file cell by cell, mending rows of the width that the archive's own flaw gives them."""
    text, notes = decode(data, file)
    rows = split_rows(text, file)
    if len(rows) < 2:
        raise file.error("the file is empty" if not rows else "the file holds a header and no rows")
    header = [name.strip() for name in rows[0][1]]
    for name in REQUIRED:
        if name not in header:
            raise file.error(f"column {name!r} is missing; {did_you_mean(name, header)}")
    wider = _with_managers(header)
    places = {len(header): _places(header), len(wider): _places(wider)}
    cells = [_pick(row, places, line, file) for line, row in rows[1:]]
    mended = sum(len(row) == len(wider) != len(header) for _, row in rows[1:])
    if mended:
        notes.append(
            f"{file.season}: {mended:,} player rows have {len(wider) - len(header)} cells more than the header, "
            "the assistant managers', and are read past them"
        )
    columns = dict(zip(_present(header), map(list, zip(*cells, strict=True)), strict=True))
    reader = _Cells(file, [line for line, _ in rows[1:]], columns, notes)
    return reader.frame(), notes


def _with_managers(header: list[str]) -> list[str]:
    """Insert the columns that the header lacks where the archive puts them: in alphabetical order, after minutes."""
    if MANAGERS_COLUMNS[0] in header:
        return header
    after = header.index("minutes") + 1
    return [*header[:after], *MANAGERS_COLUMNS, *header[after:]]


def _present(header: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(header) if name in READ]


def _places(header: list[str]) -> list[int]:
    return [header.index(name) for name in _present(header)]


def _pick(row: list[str], places: dict[int, list[int]], line: int, file: SeasonFile) -> list[str]:
    if len(row) not in places:
        width = min(places)
        cut = ": the file is cut" if len(row) < width else ""
        raise file.error(f"the row has {len(row)} cells under a header of {width}{cut}", line=line)
    return [row[place].strip() for place in places[len(row)]]


class _Cells:
    """The cells of a file by column, with the line that each row stands on."""

    def __init__(self, file: SeasonFile, lines: list[int], columns: dict[str, list[str]], notes: list[str]) -> None:
        self._file, self._lines, self._columns, self._notes = file, lines, columns, notes

    def frame(self) -> pd.DataFrame:
        """Answer the columns as a frame, each of its type."""
        read: dict[str, Any] = {name: self._text(name) for name in TEXTS if name in self._columns}
        read |= {name: self._whole(name) for name in _WHOLE}
        read[WAS_HOME] = self._truth(WAS_HOME)
        read |= {name: self._known(name) for name in (*SCORES, *MEASURES.values()) if name in self._columns}
        return pd.DataFrame(read)

    def _text(self, name: str) -> pd.api.extensions.ExtensionArray:
        cells = self._columns[name]
        if name in REQUIRED and "" in cells:
            raise self._error(cells.index(""), f"{name} is blank")
        return pd.array([cell or None for cell in cells], dtype="str")

    def _whole(self, name: str) -> npt.NDArray[np.int64]:
        numbers, most = self._numbers(name), _MOST.get(name, np.inf)
        bad = ~((numbers >= 0) & (numbers <= most) & (numbers == np.floor(numbers)))
        if bad.any():
            rule = f"from 0 to {most}" if name in _MOST else "from 0"
            row = int(np.argmax(bad))
            raise self._error(row, f"{name} {self._columns[name][row]!r} is no whole number {rule}")
        return numbers.astype(np.int64)

    def _truth(self, name: str) -> npt.NDArray[np.bool_]:
        cells = self._columns[name]
        for row, cell in enumerate(cells):
            if cell not in _TRUTH:
                raise self._error(row, f"{name} {cell!r} is neither True nor False")
        return np.array([_TRUTH[cell] for cell in cells])

    def _known(self, name: str) -> npt.NDArray[np.float64]:
        """Read what may be unknown, and tell of cells that are neither blank nor a number."""
        numbers, cells = self._numbers(name), self._columns[name]
        odd = [row for row in np.flatnonzero(np.isnan(numbers)).tolist() if cells[row]]
        if odd:
            count = "1 value that is" if len(odd) == 1 else f"{len(odd)} values that are"
            where = f"line {self._lines[odd[0]]}: {cells[odd[0]]!r}"
            self._notes.append(f"{self._file.season}: {name} holds {count} no number ({where}), taken as unknown")
        return numbers

    def _numbers(self, name: str) -> npt.NDArray[np.float64]:
        cells = self._columns[name]
        return np.fromiter(map(_number, cells), dtype=np.float64, count=len(cells))

    def _error(self, row: int, problem: str) -> Exception:
        return self._file.error(problem, line=self._lines[row])


def _number(cell: str) -> float:
    """Read a finite number, NaN for what is none."""
    try:
        number = float("nan") if "_" in cell else float(cell)
    except ValueError:
        return float("nan")
    return number if np.isfinite(number) else float("nan")
