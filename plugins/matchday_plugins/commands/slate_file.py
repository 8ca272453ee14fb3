"""Bets as a CSV file: columns ``match, selection, probability, odds``, and ``market`` where it is not the project's."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from matchday import MatchdayError
from matchday.errors import did_you_mean
from matchday.markets import MARKET_OF
from matchday_plugins.commands.betting_rows import Row, table_of

NEEDED = ("match", "selection", "probability", "odds")

#: The market of a match's only bet, where nobody names it.
UNNAMED = "market"


def read_file(path: str) -> pd.DataFrame:
    """Read bets from a file, or from standard input for ``-``; other columns are passed over.

    Raises ``MatchdayError`` with the line that cannot be read.
    """
    name, text = ("standard input", _standard_input()) if path == "-" else (path, _text(path))
    content = text.lstrip()
    skipped = text[: len(text) - len(content)].count("\n")
    table = csv.DictReader(io.StringIO(content, newline=""), skipinitialspace=True)
    try:
        table.fieldnames = _columns(table.fieldnames or [], name)
        rows = [
            _line(f"{name} line {skipped + table.line_num}", row) for row in table if any(map(_filled, row.values()))
        ]
    except csv.Error as error:
        raise MatchdayError(f"{name} line {skipped + table.line_num}: it cannot be read as CSV: {error}.") from error
    return table_of(_with_markets(rows))


def _standard_input() -> str:
    return sys.stdin.read().removeprefix("\ufeff")


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise MatchdayError(f"{path}: cannot be read: {reason}.") from error


def _columns(header: Sequence[str], name: str) -> list[str]:
    columns = [column.strip().lower() for column in header]
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t|"):
        raise MatchdayError(f"{name}: the header {columns[0]!r} is one cell; separate cells by commas.")
    for column in NEEDED:
        if column not in columns:
            raise MatchdayError(f"{name}: there is no column {column!r}; {did_you_mean(column, columns)}")
        if columns.count(column) > 1:
            raise MatchdayError(f"{name}: column {column!r} stands in it twice; rule: once.")
    return columns


def _filled(cell: object) -> bool:
    return bool(str(cell or "").strip())


def _line(label: str, row: dict[str, str | None]) -> Row:
    cells = {name: (value or "").strip() for name, value in row.items() if not isinstance(value, list)}
    if len(cells) != len(row) or None in row.values():
        amount = "fewer" if None in row.values() else "more"
        raise MatchdayError(f"{label}: it has {amount} cells than the header; rule: one a column.")
    for name in ("match", "selection"):
        if not cells[name]:
            raise MatchdayError(f"{label}: {name} is empty; rule: a name.")
    match, selection = cells.pop("match"), cells["selection"]
    market = cells.get("market") or (MARKET_OF[selection].name if selection in MARKET_OF else "")
    return {**cells, "label": f"{label} ({match}, {selection})", "match_id": match, "market": market}


def _with_markets(rows: list[Row]) -> list[Row]:
    """Refuse a selection that is none of the project's, on a match with other bets, unless its market is named."""
    matches = Counter(row["match_id"] for row in rows)
    for row in rows:
        if not row["market"] and matches[row["match_id"]] > 1:
            known = ", ".join(MARKET_OF)
            raise MatchdayError(
                f"{row['label']}: its market is not known; name it in a column 'market' (without one: {known})."
            )
    return [{**row, "market": row["market"] or UNNAMED} for row in rows]
