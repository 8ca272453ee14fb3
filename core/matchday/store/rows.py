"""From events to the rows that people query."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from matchday.events import Consulted, Event, ForecastMade, MatchdaySettled
from matchday.ledger import SettledBet

Row = dict[str, Any]

#: Rows by the name of their table; names go from process to process, which tables should not.
Rows = dict[str, list[Row]]


def rows_of(event: Event) -> Rows:
    """Write an event as rows of the tables that people query, without the run's id."""
    match event:
        case MatchdaySettled():
            return {"matchdays": [_matchday(event)], "bets": _bets(event)}
        case ForecastMade():
            return {"forecasts": _forecast(event)}
        case Consulted():
            return {"consultations": [_consultation(event)]}
        case _:
            return {}


def _matchday(event: MatchdaySettled) -> Row:
    settlement = event.settlement
    return {
        "matchday": event.matchday,
        "date": settlement.date,
        "bankroll_before": settlement.before,
        "bankroll_after": settlement.after,
        "staked": settlement.staked,
        "paid": settlement.paid,
        "bets": len(settlement.bets),
    }


def _bets(event: MatchdaySettled) -> list[Row]:
    return [_bet(event.matchday, settled) for settled in event.settlement.bets]


def _bet(matchday: int, settled: SettledBet) -> Row:
    bet = settled.bet
    return {
        "matchday": matchday,
        "match_id": bet.match_id,
        "selection": bet.selection,
        "stake": bet.stake,
        "odds": bet.odds,
        "probability": _known(bet.probability),
        "edge": _known(bet.edge),
        "share": _known(bet.share),
        "reason": bet.reason,
        "forced": bet.forced,
        "payout": settled.payout,
    }


def _forecast(event: ForecastMade) -> list[Row]:
    forecast = event.forecast
    frame = forecast.probabilities
    return [
        {
            "matchday": event.matchday,
            "source": forecast.source,
            "blended": event.blended,
            "match_id": match_id,
            "selection": selection,
            "probability": _known(probability),
        }
        for selection, column in frame.items()
        for match_id, probability in zip(frame.index, column.tolist(), strict=True)
    ]


def _consultation(event: Consulted) -> Row:
    said = dataclasses.asdict(event.consultation)
    del said["action"]
    return {"matchday": event.matchday, "number": event.number, **said}


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
