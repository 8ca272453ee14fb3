"""Price policies for football-data.co.uk: whose odds one bets at, and when."""

from __future__ import annotations

from matchday.prices import PricePolicy
from matchday_data.football_data.columns import BOOKMAKERS, NOT_BOOKMAKERS

#: Bookmakers in the order in which they are asked. Bet365 prices every season since 2002-03; of those that price
#: 2000-01 William Hill comes before Gamebookers.
_CHAIN = tuple(code for code in BOOKMAKERS if code not in NOT_BOOKMAKERS)

#: The market's average ends each chain: from 2005-06 to 2018-19 it is the only price of totals.
_AVERAGE = ("Avg", "BbAv")
_BEST = ("Max", "BbMx")


def _latest(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Ask each bookmaker for its closing price, then for the one before."""
    return tuple(price for code in codes for price in (f"{code}C", code))


POLICIES: dict[str, PricePolicy] = {
    "closing": PricePolicy(
        (*_latest(_CHAIN), "AvgC", *_AVERAGE),
        meaning="Bet365's closing price, else its earlier one, else the next bookmaker that prices the market "
        "(William Hill, Ladbrokes, Bet&Win, ...), else the market's average",
    ),
    "pinnacle-closing": PricePolicy(
        ("PSC",), meaning="Pinnacle's closing price alone: 1X2 from 2012-13, totals from 2019-20"
    ),
    "average-closing": PricePolicy(("AvgC",), meaning="the market's average closing price: from 2019-20"),
    "best-closing": PricePolicy(
        (*(f"{code}C" for code in _CHAIN), "MaxC"),
        best=True,
        meaning="the highest closing price of all bookmakers, the market's maximum included; before 2019-20 only "
        "Pinnacle's closing price is there, from 2012-13",
    ),
    "opening": PricePolicy(
        (*_CHAIN, *_AVERAGE),
        moment="opening",
        meaning="Bet365's price some days before the match, else the next bookmaker's, else the market's average",
    ),
    "pinnacle-opening": PricePolicy(
        ("PS",), moment="opening", meaning="Pinnacle's price some days before the match: from 2012-13"
    ),
    "average-opening": PricePolicy(
        _AVERAGE, moment="opening", meaning="the market's average some days before the match: from 2005-06"
    ),
    "best-opening": PricePolicy(
        (*_CHAIN, *_BEST),
        moment="opening",
        best=True,
        meaning="the highest price some days before the match, the market's maximum included",
    ),
}
