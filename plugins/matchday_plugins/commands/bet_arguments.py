"""Bets as a person writes them on the command line.

0.55@2.0                                     one bet: probability @ decimal odds
home=0.5@2.2,draw=0.27@3.6                   bets on one market, which exclude one another
Arsenal v Spurs:home=0.5@2.2                 with the match; without it every argument is a match of its own
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from matchday import MatchdayError
from matchday.markets import MARKET_OF
from matchday_plugins.commands.betting_rows import Row, table_of


def read_arguments(texts: Sequence[str]) -> pd.DataFrame:
    """Read bets, each argument a market; raises ``MatchdayError`` with the one that cannot be read."""
    return table_of([row for number, text in enumerate(texts, start=1) for row in _market(number, text)])


def _market(number: int, text: str) -> Iterator[Row]:
    match, colon, rest = text.rpartition(":")
    parts = rest.split(",")
    market = _name(text, [part.rpartition("=")[0].strip() for part in parts]) or f"market {number}"
    for place, part in enumerate(parts, start=1):
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


def _name(text: str, selections: list[str]) -> str:
    """Name the project's market that all selections are of; "" where some are a stranger's."""
    markets = {MARKET_OF[name].name for name in selections if name in MARKET_OF}
    if len(markets) > 1:
        mixed = " and ".join(sorted(markets))
        raise MatchdayError(f"Bet {text!r}: it mixes {mixed}; rule: one market an argument, so give two.")
    return markets.pop() if set(selections) <= set(MARKET_OF) else ""
