"""The calendar of seasons: when each may be played, and how the site writes dates and times."""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")

#: The site's first season. It writes years with two digits, so the hundred years from here are all it can name.
FIRST_YEAR = 1993
LAST_YEAR = FIRST_YEAR + 99


def first_day(year: int) -> dt.date:
    """Answer the first day on which the season beginning in ``year`` may be played.

    >>> first_day(2023), first_day(2020)
    (datetime.date(2023, 7, 1), datetime.date(2020, 8, 1))
    """
    return dt.date(year, 8 if year == 2020 else 7, 1)


def last_day(year: int) -> dt.date:
    """Answer the last day of the season beginning in ``year``.

    The pandemic pushed 2019-20 into the August in which some leagues began the next: the two overlap.

    >>> last_day(2022), last_day(2019)
    (datetime.date(2023, 6, 30), datetime.date(2020, 8, 31))
    """
    return dt.date(2020, 8, 31) if year == 2019 else dt.date(year + 1, 6, 30)


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
    """Complete a year of two digits, 93 being 1993 and 92 being 2092."""
    if year > 99:
        return year
    return 1900 + year if year >= FIRST_YEAR % 100 else 2000 + year


def read_time(written: str) -> dt.time | None:
    """Read HH:MM; ``None`` where it is no time of day.

    >>> read_time("20:00"), read_time("24:00"), read_time("")
    (datetime.time(20, 0), None, None)
    """
    parts = _TIME.fullmatch(written)
    if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
        return None
    return dt.time(int(parts[1]), int(parts[2]))
