"""Bets as a CSV file: columns ``match, selection, probability, odds``, and ``market`` where it is not the project's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from matchday import MatchdayError
from matchday.csvlines import read_lines
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
    file = read_lines(path)
    columns = _columns(file.header, file.name)
    rows = [_line(label, dict(zip(columns, cells, strict=True))) for label, cells in file.lines]
    return table_of(_with_markets(rows))


def _columns(header: Sequence[str], name: str) -> list[str]:
    columns = [column.lower() for column in header]
    for column in NEEDED:
        if column not in columns:
            raise MatchdayError(f"{name}: there is no column {column!r}; {did_you_mean(column, columns)}")
        if columns.count(column) > 1:
            raise MatchdayError(f"{name}: column {column!r} stands in it twice; rule: once.")
    return columns


def _line(label: str, cells: dict[str, str]) -> Row:
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
