"""The calendar of seasons: when each may be played, and how the site writes dates and times."""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")

#: In 2020 the pandemic pushed one season into the next one's summer; Serie A played until 2 August.
_LATE_STARTS = {2020: dt.date(2020, 8, 1)}
_LATER_STARTS = {("I1", 2020): dt.date(2020, 8, 3)}


def first_day(league: str, year: int) -> dt.date:
    """Answer the first day on which the season beginning in ``year`` may be played.

    >>> first_day("E0", 2023), first_day("E0", 2020)
    (datetime.date(2023, 7, 1), datetime.date(2020, 8, 1))
    """
    return _LATER_STARTS.get((league, year)) or _LATE_STARTS.get(year) or dt.date(year, 7, 1)


def last_day(league: str, year: int) -> dt.date:
    """Answer the last day of the season beginning in ``year``: the eve of the next one's first."""
    return first_day(league, year + 1) - dt.timedelta(days=1)


def read_date(written: str) -> dt.date | None:
    """Read dd/mm/yy or dd/mm/yyyy; ``None`` where it is no such date.

    >>> read_date("14/08/93"), read_date("1/5/2024"), read_date("2014/8/4"), read_date("31/02/24")
    (datetime.date(1993, 8, 14), datetime.date(2024, 5, 1), None, None)
    """
    parts = _DATE.fullmatch(written)
    if parts is None:
        return None
    day, month, year = map(int, parts.groups())
    try:
        return dt.date(full_year(year), month, day)
    except ValueError:
        return None


def full_year(year: int) -> int:
    """Complete a year of two digits, 70 being 1970 and 69 being 2069."""
    if year > 99:
        return year
    return 1900 + year if year >= 70 else 2000 + year


def read_time(written: str) -> dt.time | None:
    """Read HH:MM; ``None`` where it is no time of day.

    >>> read_time("20:00"), read_time("24:00"), read_time("")
    (datetime.time(20, 0), None, None)
    """
    parts = _TIME.fullmatch(written)
    if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
        return None
    return dt.time(int(parts[1]), int(parts[2]))
