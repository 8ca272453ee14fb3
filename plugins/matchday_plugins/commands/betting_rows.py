"""Bets as a person writes them: on the command line, or as a CSV file.

    0.55@2.0                                     one bet: probability @ decimal odds
    home=0.5@2.2,draw=0.27@3.6                   bets on one market, which exclude one another
    Arsenal v Spurs:home=0.5@2.2                 with the match; without it every argument is a match of its own

A file has the columns ``match, selection, probability, odds`` and, if it likes, ``market``; others are passed over.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

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
    table = csv.DictReader(lines.splitlines(), skipinitialspace=True)
    name, columns = "standard input" if path == "-" else path, [column.strip() for column in table.fieldnames or []]
    for column in NEEDED:
        if column not in columns:
            raise MatchdayError(f"{name}: there is no column {column!r}; {did_you_mean(column, columns)}")
    table.fieldnames = columns
    return _frame([_line(f"{name} line {table.line_num}", row) for row in table])


def whole(rows: pd.DataFrame, *, normalise: bool) -> pd.DataFrame:
    """Answer the rows, if they can be sized; raises ``MatchdayError`` with the label of the first that cannot.

    The probabilities of a market that is listed whole have to add up to 1; with ``normalise`` they are made to.
    """
    if normalise:
        rows = rows.assign(probability=rows["probability"] / _totals(rows).where(_listed_whole(rows), 1.0))
    check(rows, label=rows["label"])
    short = _listed_whole(rows) & (_totals(rows) < 1.0 - TOLERANCE)
    if short.any():
        row = rows[short].iloc[0]
        total = f"the probabilities of its market ({row['market']}) add up to {_totals(rows)[short].iloc[0]:.6g}"
        raise MatchdayError(f"{row['label']}: {total}; rule: 1, as it is listed whole (--normalise makes them).")
    return rows


def _totals(rows: pd.DataFrame) -> pd.Series[float]:
    return rows.groupby(["match_id", "market"], sort=False)["probability"].transform("sum")


def _listed_whole(rows: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether every selection of its market is there; known of the project's own markets alone."""
    selections = {market.name: len(market.selections) for market in MARKETS}
    listed = rows.groupby(["match_id", "market"], sort=False)["selection"].transform("nunique")
    return listed == rows["market"].map(selections)


def _market(number: int, text: str) -> Iterator[Row]:
    match, colon, rest = text.rpartition(":")
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
            "market": MARKET_OF[selection.strip()].name if selection.strip() in MARKET_OF else f"market {number}",
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
    market = cells.get("market") or (MARKET_OF[selection].name if selection in MARKET_OF else UNNAMED)
    return {**cells, "label": f"{label} ({match}, {selection})", "match_id": match, "market": market}


def _frame(rows: list[Row]) -> pd.DataFrame:
    if not rows:
        raise MatchdayError("There are no bets; rule: at least one, as arguments or with --csv FILE.")
    for row in rows:
        for name in ("probability", "odds"):
            row[name] = _number(row[name], f"{row['label']}: {name}")
    return pd.DataFrame(rows)


def _number(text: object, subject: str) -> float:
    try:
        return float(str(text))
    except ValueError as error:
        raise MatchdayError(f"{subject} {str(text)!r} is not a number; write it as 0.55 or 2.1.") from error
