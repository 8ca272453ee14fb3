"""From a table of text to a season's results, statistics and prices, refusing what cannot be trusted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matchday.errors import did_you_mean
from matchday.season import season_year
from matchday_data.football_data.columns import QUOTES, REQUIRED, STATISTICS, unknown_bookmakers
from matchday_data.football_data.dates import first_day, last_day, read_date, read_time
from matchday_data.football_data.layout import SeasonFile
from matchday_data.football_data.reading import Table, read_table

Column = npt.NDArray[Any]

#: Matches of a season, by clubs, in Scotland's leagues, whose clubs meet more than twice.
_SCOTTISH = {12: 228, 10: 180}

#: Of Scotland's leagues in a season that the pandemic shortened.
_SHORTENED = {("SC1", "2020-21"): 135, ("SC2", "2020-21"): 110, ("SC3", "2020-21"): 110}

#: Leagues in which two clubs may meet more than once on the same ground.
_MEET_OFTEN = ("SC", "B1", "G1", "T1")

#: Seasons that the pandemic ended before all was played: as finished as they will ever be. In EC a club gave up.
ABANDONED = frozenset(
    [
        *((league, "2019-20") for league in ("E2", "E3", "EC", "SC0", "SC1", "SC2", "SC3", "F1", "F2", "N1", "B1")),
        ("EC", "2020-21"),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class SeasonRows:
    """A season's checked columns in order of play, and what was odd in them.

    ``matches`` has a column of (n,) values by our names (dates datetime64[us], goals int64, statistics float64),
    ``quotes`` one of decimal odds > 1 or NaN by (bookmaker, selection).
    """

    season: str
    matches: dict[str, Column]
    quotes: dict[tuple[str, str], npt.NDArray[np.float64]]
    finished: bool
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.matches["date"])


def read_season(file: SeasonFile, *, partial: bool = False) -> SeasonRows:
    """Read and check a season file.

    Raises ``SourceError`` where it is not to be trusted, or unfinished and ``partial`` not given.
    """
    table = read_table(file)
    _check_columns(table)
    notes = list(table.notes)
    results = {**_dates(table, notes), **_clubs(table), **_goals(table)}
    _check_fixtures(table, results)
    finished = _check_finished(table, results, notes, partial=partial)
    statistics = _statistics(table, notes)
    quotes = _quotes(table, notes)
    order = _order_of_play(results)
    return SeasonRows(
        season=file.season,
        matches={name: column[order] for name, column in {**results, **statistics}.items()},
        quotes={key: prices[order] for key, prices in quotes.items()},
        finished=finished,
        notes=tuple(notes),
    )


def _check_columns(table: Table) -> None:
    for name in REQUIRED:
        if name not in table.columns:
            raise table.file.error(f"column {name!r} is missing; {did_you_mean(name, list(table.columns)[:30])}")
    for row, division in enumerate(table.text("Div")):
        if division != table.file.league:
            raise table.error(row, f"division {division!r} stands in a file of {table.file.league!r}")


def _dates(table: Table, notes: list[str]) -> dict[str, Column]:
    cells = table.text("Date")
    days = {cell: read_date(cell) for cell in set(cells)}
    year = season_year(table.file.season)
    first, last = first_day(year), last_day(year)
    for row, cell in enumerate(cells):
        day = days[cell]
        if day is None:
            raise table.error(
                row, f"date {cell!r} is no date as dd/mm/yy or dd/mm/yyyy (has a spreadsheet rewritten it?)"
            )
        if not first <= day <= last:
            raise table.error(row, f"date {cell!r} lies outside season {table.file.season}, {first} to {last}")
    date = np.array([days[cell] for cell in cells], dtype="datetime64[us]")
    return {"date": date, "kickoff": _kickoffs(table, [days[cell] for cell in cells], notes)}


def _kickoffs(table: Table, days: list[dt.date | None], notes: list[str]) -> Column:
    if "Time" not in table.columns:
        return np.full(len(table), "NaT", dtype="datetime64[us]")
    times = [read_time(cell) for cell in table.text("Time")]
    _, odd = table.unusable("Time", np.array([time is not None for time in times]))
    notes += _told(table, "Time", odd, "no time as HH:MM", "unknown")
    both = zip(days, times, strict=True)
    return np.array([dt.datetime.combine(d, t) if d and t else None for d, t in both], dtype="datetime64[us]")


def _clubs(table: Table) -> dict[str, Column]:
    home, away = table.text("HomeTeam"), table.text("AwayTeam")
    for row, clubs in enumerate(zip(home, away, strict=True)):
        if not all(clubs):
            raise table.error(row, f"a club has no name in {clubs[0]!r} v {clubs[1]!r}")
        if clubs[0] == clubs[1]:
            raise table.error(row, f"{clubs[0]!r} plays itself")
    return {"home": np.array(home, dtype=object), "away": np.array(away, dtype=object)}


def _goals(table: Table) -> dict[str, Column]:
    goals = {}
    for ours, name in (("home_goals", "FTHG"), ("away_goals", "FTAG")):
        counts = table.numbers(name)
        bad = ~((counts >= 0) & (counts < 100) & (counts == np.floor(counts)))
        if bad.any():
            row = int(np.argmax(bad))
            raise table.error(row, f"{name} {table.text(name)[row]!r} is no whole number of goals from 0 to 99")
        goals[ours] = counts.astype(np.int64)
    _check_result(table, goals["home_goals"], goals["away_goals"])
    return goals


def _check_result(table: Table, home: Column, away: Column) -> None:
    results = np.array(table.text("FTR"), dtype=object)
    follows = np.array(["A", "D", "H"], dtype=object)[np.sign(home - away) + 1]
    for row in np.flatnonzero(results != follows)[:1]:
        raise table.error(row, f"FTR {results[row]!r} contradicts the score {home[row]}-{away[row]}")


def _check_fixtures(table: Table, results: dict[str, Column]) -> None:
    """Refuse a match that stands there twice, and a club that plays twice on a date."""
    met: dict[tuple[str, str], int] = {}
    busy: dict[tuple[Any, str], int] = {}
    often = table.file.league.startswith(_MEET_OFTEN)
    for row, (date, home, away) in enumerate(zip(results["date"], results["home"], results["away"], strict=True)):
        earlier = met.setdefault((home, away), row)
        same_day = results["date"][earlier] == date
        if earlier != row and (same_day or not often):
            when = "" if same_day else " on another date"
            raise table.error(row, f"match '{home} v {away}' is already on line {table.lines[earlier]}{when}")
        for club in (home, away):
            before = busy.setdefault((date, club), row)
            if before != row:
                day = date.astype("datetime64[D]")
                raise table.error(row, f"{club!r} already plays on {day}, on line {table.lines[before]}")


def _check_finished(table: Table, results: dict[str, Column], notes: list[str], *, partial: bool) -> bool:
    file = table.file
    clubs = len({*results["home"], *results["away"]})
    planned = planned_matches(file.league, file.season, clubs=clubs)
    if len(table) >= planned or (file.league, file.season) in ABANDONED:
        return True
    played = f"{len(table)} of the {planned} matches of {clubs} clubs"
    if not partial:
        raise file.error(f"season {file.season} is unfinished, {played}", remedy=file.unfinished)
    notes.append(f"{file.season}: unfinished, {played}")
    return False


def planned_matches(league: str, season: str, *, clubs: int) -> int:
    """Answer how many matches a season of that many clubs has.

    >>> planned_matches("E0", "2023-24", clubs=20), planned_matches("SC0", "2023-24", clubs=12)
    (380, 228)
    """
    twice = clubs * (clubs - 1)
    if not league.startswith("SC"):
        return twice
    return _SHORTENED.get((league, season)) or _SCOTTISH.get(clubs, twice)


def _statistics(table: Table, notes: list[str]) -> dict[str, Column]:
    statistics: dict[str, Column] = {}
    for ours, name in STATISTICS.items():
        if name in table.columns:
            counts = table.numbers(name)
            known = (counts >= 0) & np.isfinite(counts)
            _, odd = table.unusable(name, known)
            notes += _told(table, name, odd, "no count", "unknown")
            statistics[ours] = np.where(known, counts, np.nan)
    if "Referee" in table.columns:
        statistics["referee"] = np.array([name or None for name in table.text("Referee")], dtype=object)
    return statistics


def _quotes(table: Table, notes: list[str]) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
    quotes: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
    blanks: list[int] = []
    for name, key in QUOTES.items():
        if name in table.columns and key not in quotes:
            prices = table.numbers(name)
            offered = (prices > 1.0) & np.isfinite(prices)
            blank, odd = table.unusable(name, offered)
            notes += _told(table, name, odd, "no price", "not offered")
            if offered.any():  # a column that is blank throughout is a market the bookmaker does not price
                quotes[key] = np.where(offered, prices, np.nan)
                blanks += [blank] if blank else []
    if blanks:
        prices_are = "1 price is" if sum(blanks) == 1 else f"{sum(blanks):,} prices are"
        columns = "1 column" if len(blanks) == 1 else f"{len(blanks)} columns"
        notes.append(f"{table.file.season}: {prices_are} blank, in {columns}")
    notes += [
        f"{table.file.season}: bookmaker {code!r} is unknown and left out"
        for code in unknown_bookmakers(tuple(table.columns))
    ]
    return quotes


def _told(table: Table, name: str, odd: list[int], what: str, taken: str) -> list[str]:
    """Tell in one line, if at all, of the rows in which a column holds what cannot be used."""
    if not odd:
        return []
    where = f"line {table.lines[odd[0]]}: {table.columns[name][odd[0]].strip()!r}"
    count = "1 value that is" if len(odd) == 1 else f"{len(odd)} values that are"
    return [f"{table.file.season}: {name} holds {count} {what} ({where}), taken as {taken}"]


def _order_of_play(results: dict[str, Column]) -> npt.NDArray[np.intp]:
    """Sort by date, kick-off (unknown ones first) and home club."""
    keys = list(zip(results["date"].tolist(), results["kickoff"].view(np.int64).tolist(), results["home"], strict=True))
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)
