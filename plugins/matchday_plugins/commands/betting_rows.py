"""Bets as a person writes them: on the command line, or as a CSV file.

    0.55@2.0                                     one bet: probability @ decimal odds
    home=0.5@2.2,draw=0.27@3.6                   bets on one market, which exclude one another
    Arsenal v Spurs:home=0.5@2.2                 with the match; without it every argument is a match of its own

A file has the columns ``match, selection, probability, odds`` and, if it likes, ``market``; others are passed over.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from matchday import MatchdayError
from matchday.errors import did_you_mean
from matchday.forecast import TOLERANCE
from matchday.markets import MARKET_OF, MARKETS
from matchday_plugins.staking.joint.candidates import check

NEEDED = ("match", "selection", "probability", "odds")

#: The market of a selection that is none of the project's, where the file does not name one.
UNNAMED = "market"

Row = dict[str, object]


def read_arguments(texts: Sequence[str]) -> pd.DataFrame:
    """Read bets from the command line: a row a bet, with ``label`` to name it in an error."""
    return _frame([row for number, text in enumerate(texts, start=1) for row in _market(number, text)])


def read_file(path: str) -> pd.DataFrame:
    """Read bets from a CSV file, or from standard input for ``-``: a row a bet, with ``label`` to name it."""
    try:
        lines = sys.stdin.read().removeprefix("\ufeff") if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise MatchdayError(f"{path}: cannot be read: {reason}.") from error
    name = "standard input" if path == "-" else path
    table = csv.DictReader(io.StringIO(lines.lstrip(), newline=""), skipinitialspace=True)
    try:
        table.fieldnames = _columns(table.fieldnames or [], name)
        rows = [_line(f"{name} line {table.line_num}", row) for row in table if any(map(_filled, row.values()))]
    except csv.Error as error:
        raise MatchdayError(f"{name} line {table.line_num}: it cannot be read as CSV: {error}.") from error
    return _frame(_with_markets(rows))


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


def whole(rows: pd.DataFrame, *, normalise: bool) -> pd.DataFrame:
    """Answer the rows, if they can be sized; raises ``MatchdayError`` with the label of the first that cannot.

    The probabilities of a market that is listed whole have to add up to 1; with ``normalise`` they are made to.
    """
    if normalise:
        sound = rows["probability"].ge(0.0) & np.isfinite(rows["probability"])
        whole_and_sound = _listed_whole(rows) & _by_market(rows, sound, "all") & (_totals(rows) > 0.0)
        rows = rows.assign(probability=rows["probability"] / _totals(rows).where(whole_and_sound, 1.0))
    check(rows, label=rows["label"])
    short = _listed_whole(rows) & (_totals(rows) < 1.0 - TOLERANCE)
    if short.any():
        row = rows[short].iloc[0]
        total = f"the probabilities of its market ({row['market']}) add up to {_totals(rows)[short].iloc[0]:.6g}"
        raise MatchdayError(f"{row['label']}: {total}; rule: 1, as it is listed whole (--normalise makes them).")
    return rows


def _totals(rows: pd.DataFrame) -> pd.Series[float]:
    return _by_market(rows, rows["probability"], "sum")


def _by_market(rows: pd.DataFrame, values: pd.Series[Any], what: Literal["all", "nunique", "sum"]) -> pd.Series[Any]:
    return values.groupby([rows["match_id"], rows["market"]], sort=False).transform(what)


def _listed_whole(rows: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether every selection of its market is there; known of the project's own markets alone."""
    selections = {market.name: len(market.selections) for market in MARKETS}
    return _by_market(rows, rows["selection"], "nunique") == rows["market"].map(selections)


def _market(number: int, text: str) -> Iterator[Row]:
    """Read one argument, which is one market."""
    match, colon, rest = text.rpartition(":")
    markets = {MARKET_OF[name].name if name in MARKET_OF else "" for name in map(_selection, rest.split(","))}
    if len(markets - {""}) > 1:
        said = " and ".join(sorted(markets - {""}))
        raise MatchdayError(f"Bet {text!r}: it mixes {said}; rule: one market an argument, so give two.")
    market = markets.pop() or f"market {number}" if len(markets) == 1 else f"market {number}"
    for place, part in enumerate(rest.split(","), start=1):
        selection, equals, bet = part.rpartition("=")
        probability, at, odds = bet.partition("@")
        if not at or (colon and not match.strip()) or (equals and not selection.strip()):
            raise MatchdayError(
                f"Bet {text!r}: {part!r} is not [MATCH:][SELECTION=]PROBABILITY@ODDS, e.g. home=0.55@2.1."
            )
        yield {
            "label": f"Bet {text!r}" if rest == part else f"Bet {text!r}, {part!r}",
            "match_id": match.strip() or f"match {number}",
            "market": market,
            "selection": selection.strip() or f"selection {place}",
            "probability": probability.strip(),
            "odds": odds.strip(),
        }


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


def _selection(part: str) -> str:
    return part.rpartition("=")[0].strip()


def _frame(rows: list[Row]) -> pd.DataFrame:
    if not rows:
        raise MatchdayError("There are no bets; rule: at least one, as arguments or with --csv FILE.")
    for row in rows:
        for name in ("probability", "odds"):
            row[name] = _number(row[name], f"{row['label']}: {name}")
    return pd.DataFrame(rows)


def _number(text: object, subject: str) -> float:
    try:
        return float(str(text).replace("_", "?"))  # Python's own thousands are nobody's odds
    except ValueError as error:
        raise MatchdayError(f"{subject} {str(text)!r} is not a number; write it as 0.55 or 2.1.") from error
