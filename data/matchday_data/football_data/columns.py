"""What football-data.co.uk calls its columns, and what we call them.

The site's key is https://www.football-data.co.uk/notes.txt. A price column is a bookmaker's code, a ``C`` if it is a
closing price, and the selection: ``B365H``, ``VCCH`` (VC Bet, closing, home), ``PC>2.5``. The codes are listed here
and never guessed: ``AHh``, ``HHW`` or ``B365AHH`` look like prices of 1X2 and are none. Asian handicap is not read.
"""

from __future__ import annotations

from matchday.history import STATISTIC_COLUMNS

#: Columns without which a file is not a season.
REQUIRED = ("Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR")

#: Our name of a statistic to the site's.
STATISTICS: dict[str, str] = dict(
    zip(
        STATISTIC_COLUMNS,
        ("HTHG", "HTAG", "HS", "AS", "HST", "AST", "HC", "AC", "HF", "AF", "HY", "AY", "HR", "AR"),
        strict=True,
    )
)

#: Bookmakers by code, and the market's average and maximum, in the order in which their columns stand.
BOOKMAKERS: dict[str, str] = {
    "B365": "Bet365",
    "WH": "William Hill",
    "LB": "Ladbrokes",
    "BW": "Bet&Win",
    "IW": "Interwetten",
    "VC": "VC Bet (BetVictor)",
    "GB": "Gamebookers",
    "SB": "Sportingbet",
    "SO": "Sporting Odds",
    "SJ": "Stan James",
    "SY": "Stanleybet",
    "BS": "Blue Square",
    "BV": "BetVictor",
    "CL": "Coral",
    "BF": "Betfair",
    "BFD": "Betfred",
    "BMGM": "BetMGM",
    "1XB": "1XBET",
    "PS": "Pinnacle",
    "BFE": "Betfair Exchange",
    "Max": "highest price of the market",
    "Avg": "average price of the market",
    "BbMx": "Betbrain's highest price of the market",
    "BbAv": "Betbrain's average price of the market",
}

#: Codes that are no bookmaker one can bet with at the price shown: summaries, and an exchange's before commission.
_SUMMARIES = ("Max", "Avg", "BbMx", "BbAv", "BFE")
NOT_BOOKMAKERS = frozenset({*_SUMMARIES, *(f"{code}C" for code in _SUMMARIES)})

_SELECTIONS = {"H": "home", "D": "draw", "A": "away", ">2.5": "over_2_5", "<2.5": "under_2_5"}
_ALSO_WRITTEN = {"PS": "P"}


def _quote_columns() -> dict[str, tuple[str, str]]:
    written = [(code, code) for code in BOOKMAKERS] + [(other, code) for code, other in _ALSO_WRITTEN.items()]
    return {
        f"{prefix}{closing}{suffix}": (f"{code}{closing}", selection)
        for prefix, code in written
        for closing in ("", "C")
        for suffix, selection in _SELECTIONS.items()
    }


#: A price column of the site to (bookmaker, selection), the bookmaker's closing prices under its code and a ``C``.
QUOTES: dict[str, tuple[str, str]] = _quote_columns()

#: (bookmaker, selection) in the order of our columns: opening and closing prices of each bookmaker side by side.
QUOTE_ORDER: tuple[tuple[str, str], ...] = tuple(dict.fromkeys(QUOTES.values()))

#: Codes of closing prices.
CLOSING: frozenset[str] = frozenset(f"{code}C" for code in BOOKMAKERS)


def unknown_bookmakers(header: tuple[str, ...]) -> list[str]:
    """List the codes that price 1X2 in this header (``XH, XD, XA``) and are not ours.

    >>> unknown_bookmakers(("HS", "AS", "B365H", "B365D", "B365A", "ZZH", "ZZD", "ZZA"))
    ['ZZ']
    """
    names = set(header)
    stems = [name[:-1] for name in header if len(name) > 2 and name.endswith("H") and name not in QUOTES]
    return [stem for stem in stems if {f"{stem}D", f"{stem}A"} <= names]
