"""Tables as text: CSV, filtered and cut into pages, so that an agent reads no more than it wants to."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_string_dtype

from matchday.errors import MatchdayError, did_you_mean
from matchday.history import History
from matchday.slate import Slate

#: Tables of the past, by the name an agent asks for.
TABLES = ("matches", "odds", "quotes", "players", "below")

#: Columns in which a club's name stands, whichever of them a table has.
_CLUBS = ("home", "away", "home_club", "away_club", "team", "opponent")

#: What clubs' columns are called where the selections ``home`` and ``away`` stand beside them.
_CLUB_COLUMNS = {"home": "home_club", "away": "away_club"}


def slate_table(slate: Slate, *, quotes: bool = False) -> str:
    """Write a slate: who plays, when, and the odds on offer; with ``quotes`` also every bookmaker's prices."""
    parts = [slate.fixtures.rename(columns=_CLUB_COLUMNS), slate.odds]
    if quotes:
        parts.append(flat(slate.quotes.dropna(axis="columns", how="all")))
    return as_csv(pd.concat(parts, axis="columns"))


def past_table(history: History, name: str) -> pd.DataFrame:
    """Look up a table of the past; those of prices begin with when and who."""
    if name == "odds":
        return _with_match(history, history.odds)
    if name == "quotes":
        return _with_match(history, flat(history.quotes))
    frame: pd.DataFrame = getattr(history, name)
    return frame


def flat(quotes: pd.DataFrame) -> pd.DataFrame:
    """Name columns (bookmaker, selection) as one text, ``PSC home``."""
    return quotes.set_axis([" ".join(column) for column in quotes.columns.tolist()], axis="columns")


def _with_match(history: History, prices: pd.DataFrame) -> pd.DataFrame:
    when = history.matches[["season", "date", "home", "away"]].rename(columns=_CLUB_COLUMNS)
    return pd.concat([when, prices], axis="columns")


def selected(
    frame: pd.DataFrame,
    *,
    clubs: Sequence[str] = (),
    player: str = "",
    season: str = "",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> pd.DataFrame:
    """Filter a table: rows of any of these clubs, of a player, of a season, of these dates (both included)."""
    if not len(frame):
        return frame
    kept = pd.Series(True, index=frame.index)
    if clubs:
        places = frame[[name for name in _CLUBS if name in frame.columns and is_string_dtype(frame[name])]]
        kept &= places.isin(list(clubs)).any(axis="columns")
        _check_known("club", clubs, pd.unique(places.to_numpy().ravel()))
    if player:
        named = _column(frame, "player").str.casefold() == player.casefold()
        kept &= named
        _check_known("player", [] if named.any() else [player], frame["player"].unique())
    if season:
        kept &= _column(frame, "season") == season
        _check_known("season", [season], frame["season"].unique())
    if since is not None:
        kept &= frame["date"] >= pd.Timestamp(since)
    if until is not None:
        kept &= frame["date"] <= pd.Timestamp(until)
    return frame[kept.to_numpy()]


def _check_known(what: str, asked: Sequence[str], known: Iterable[str]) -> None:
    names = set(map(str, known))
    for name in asked:
        if name not in names:
            raise MatchdayError(f"{what} {name!r} is not in the table; {did_you_mean(name, names)}")


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in frame.columns:
        raise MatchdayError(f"this table has no column {name!r}; columns: {', '.join(map(str, frame.columns))}.")
    return frame[name]


def with_columns(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Keep the columns asked for, in the order asked for; all of them where none is."""
    for name in columns:
        if name not in frame.columns:
            raise MatchdayError(f"column {name!r} is not in the table; {did_you_mean(name, map(str, frame.columns))}")
    return frame[list(dict.fromkeys(columns))] if columns else frame.dropna(axis="columns", how="all")


def page_of(frame: pd.DataFrame, *, page: int, size: int) -> tuple[pd.DataFrame, str]:
    """Cut a table, oldest row first, into pages, of which page 1 has the newest rows; answers one, and its heading."""
    pages = max(1, math.ceil(len(frame) / size))
    if page > pages:
        raise MatchdayError(f"page {page}: there are {pages} pages of {size} rows.")
    end = len(frame) - (page - 1) * size
    start = max(end - size, 0)
    heading = f"rows {start + 1} to {end} of {len(frame)}, page {page} of {pages} (page 1 is the newest)"
    return frame.iloc[start:end], heading if len(frame) else "no rows"


def as_csv(frame: pd.DataFrame) -> str:
    """Write a table as CSV; a number that is not known is empty, dates and kick-offs are as people write them."""
    frame = frame.copy(deep=False)
    for name in frame.columns:
        if pd.api.types.is_datetime64_any_dtype(frame[name]):
            whole = (frame[name].dropna() == frame[name].dropna().dt.normalize()).all()
            frame[name] = frame[name].dt.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M")
    named = is_string_dtype(frame.index)  # by match; player rows are numbered, which tells nobody anything
    text: str = frame.to_csv(index=named, index_label="match_id" if named else None, float_format="%.10g")
    return text.rstrip("\n")
