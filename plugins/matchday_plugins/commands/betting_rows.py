"""Bets to be sized as a table: a row a bet, with ``label`` to name it in an error."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from matchday import MatchdayError
from matchday.forecast import TOLERANCE
from matchday.growth.candidates import check
from matchday.markets import MARKETS

#: What is known of a bet to be sized; a file's other columns are passed over.
COLUMNS = ["label", "match_id", "market", "selection", "probability", "odds"]

#: ``label, match_id, market, selection``, and ``probability, odds`` as they were written.
Row = dict[str, object]


def table_of(rows: list[Row]) -> pd.DataFrame:
    """Make a table of what was written; raises ``MatchdayError`` where a number is none, or there are no bets."""
    if not rows:
        raise MatchdayError("There are no bets; rule: at least one, as arguments or with --csv FILE.")
    for row in rows:
        for name in ("probability", "odds"):
            row[name] = _number(row[name], f"{row['label']}: {name}")
    return pd.DataFrame(rows, columns=COLUMNS)


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


def _number(text: object, subject: str) -> float:
    try:
        return float(str(text).replace("_", "?"))  # Python's own thousands are nobody's odds
    except ValueError as error:
        raise MatchdayError(f"{subject} {str(text)!r} is not a number; write it as 0.55 or 2.1.") from error
