"""A scripted market: a season whose prices and results are given as a little table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from matchday.errors import MatchdayError, did_you_mean
from matchday.markets import SELECTIONS
from matchday.season import Season
from matchday.slatefile import VERSUS
from matchday.testing.seasons import indexed, season_of
from matchday.upcoming import season_of as season_of_date

_NEEDED = ("date", "match", "score")


def scripted_market(table: str) -> Season:
    """Make a season of a table: a line a match, cells apart by two spaces or more, the first line names the columns.

    Columns are ``date``, ``match`` (Albion v City), ``score`` (2-1), and selections with their decimal odds: one that
    has no column, or ``-`` for a price, is not on offer. The last date's season is played, those before it are history;
    from July on it is a new one. Raises ``MatchdayError`` in one line on anything else.

    >>> season = scripted_market('''
    ...     date        match          score  home  draw  away
    ...     2001-08-04  Albion v City  2-0    1.90  3.50  4.20
    ...     2001-08-11  City v Albion  1-1    2.40  -     2.90
    ... ''')
    >>> season.name, season.matchdays, season.odds("closing")[["home", "draw"]].to_numpy().tolist()
    ('2001-02', 2, [[1.9, 3.5], [2.4, nan]])
    """
    head, *lines = [re.split(r"\s{2,}", line.strip()) for line in table.strip().splitlines()] or [[]]
    _check_head(head)
    rows = [_row(head, cells, number) for number, cells in enumerate(lines, start=1)]
    if not rows:
        raise MatchdayError("Scripted market: it has no matches; write a line for each.")
    matches = indexed(pd.DataFrame([_match(row) for row in rows]).sort_values("date", kind="stable"))
    prices = pd.DataFrame([_prices(rows[place]) for place in np.argsort([row["date"] for row in rows], kind="stable")])
    quotes = pd.concat({bookmaker: prices.set_axis(matches.index) for bookmaker in ("A", "B")}, axis=1)
    return season_of(matches, quotes)


def _check_head(head: Sequence[str]) -> None:
    for name in _NEEDED:
        if name not in head:
            raise MatchdayError(
                f"Scripted market: there is no column {name!r}; rule: {', '.join(_NEEDED)}, selections."
            )
    for name in head:
        if name not in {*_NEEDED, *SELECTIONS}:
            raise MatchdayError(f"Scripted market: column {name!r}; {did_you_mean(name, [*_NEEDED, *SELECTIONS])}")


def _row(head: Sequence[str], cells: Sequence[str], number: int) -> dict[str, str]:
    """Read a line; raises ``MatchdayError`` where it does not fit the columns."""
    where = f"Scripted market, match {number}"
    if len(cells) != len(head):
        raise MatchdayError(f"{where}: {len(cells)} cells in {len(head)} columns; keep cells apart by two spaces.")
    row = dict(zip(head, cells, strict=True))
    for name, pattern, rule in (
        ("date", r"\d{4}-\d{2}-\d{2}", "year-month-day, as 2001-08-04"),
        ("match", r".+ v .+", "two clubs, as Albion v City"),
        ("score", r"\d+-\d+", "home goals and away goals, as 2-1"),
        *((name, r"-|\d+(\.\d+)?", "decimal odds, or -") for name in SELECTIONS if name in row),
    ):
        if not re.fullmatch(pattern, row[name]):
            raise MatchdayError(f"{where}: {name} {row[name]!r}; rule: {rule}.")
    return row


def _match(row: Mapping[str, str]) -> dict[str, object]:
    date = pd.Timestamp(row["date"])
    home, away = row["match"].split(VERSUS, 1)
    home_goals, away_goals = map(int, row["score"].split("-"))
    return {
        "competition": "T",
        "season": season_of_date(date),
        "date": date,
        "kickoff": date + pd.Timedelta(hours=15),
        "home": home,
        "away": away,
        "home_goals": home_goals,
        "away_goals": away_goals,
    }


def _prices(row: Mapping[str, str]) -> dict[str, float]:
    return {name: float(row[name]) if row.get(name, "-") != "-" else np.nan for name in SELECTIONS}
