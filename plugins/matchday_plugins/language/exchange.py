"""What is said to somebody outside who decides, as a line of JSON or as a person reads it, and what they answer."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from matchday import BetSlip, Forecast, Matchday
from matchday.bets import SLIP_COLUMNS
from matchday.errors import MatchdayError, explain
from matchday.events import SeasonOpened
from matchday.ledger import Settlement
from matchday.money import to_units
from matchday.placing import Offer
from matchday_plugins.language.replies import in_one_line

Told = dict[str, Any]

#: What a person writes of a bet: the match's number, the selection, the stake.
_SHORT = re.compile(r"(\d+)\s+(\w+)\s+(\d+(?:\.\d+)?)")


class WrittenBet(BaseModel):
    """A bet as it is answered: ``stake`` in currency units, or ``share`` of the bankroll."""

    model_config = ConfigDict(extra="forbid")

    match_id: str
    selection: str
    stake: float | None = Field(None, ge=0, allow_inf_nan=False)
    share: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    probability: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    reason: str = ""

    @model_validator(mode="after")
    def _sized(self) -> Self:
        if (self.stake is None) == (self.share is None):
            raise ValueError("a bet has a stake in money or a share of the bankroll, one of them")
        return self


class WrittenSlip(BaseModel):
    """An answer; a ``matchday`` that is named has to be the one that was asked about."""

    model_config = ConfigDict(extra="forbid")

    bets: list[WrittenBet] = Field(default_factory=list)
    note: str = ""
    matchday: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A matchday that is asked about: ``told`` is what the other side is told of it."""

    day: Matchday
    bankroll: float
    told: Told

    @property
    def line(self) -> str:
        """The line of JSON."""
        return json.dumps(self.told, ensure_ascii=False, separators=(",", ":"))


def asked(
    day: Matchday,
    bankroll: float,
    *,
    season: SeasonOpened,
    offer: Offer,
    forecasts: Mapping[str, Forecast],
    results: pd.DataFrame,
    settled: Settlement | None,
) -> Asked:
    """Tell of a matchday: the season, the money, what is on offer, what advisers think, and what happened since."""
    matches = []
    said = {name: _known(forecast) for name, forecast in forecasts.items()}
    for match_id, row in day.slate.fixtures.iterrows():
        match: Told = {"match_id": match_id, "home": row["home"], "away": row["away"], "kickoff": _time(row["kickoff"])}
        match["odds"] = dict(offer[str(match_id)])
        match["forecasts"] = {name: rows[match_id] for name, rows in said.items() if rows[match_id]}
        matches.append(match)
    told: Told = {"event": "matchday", "season": season.name, "competition": season.competition}
    told |= {"rules": season.rules.model_dump(mode="json"), "matchday": day.number, "date": str(day.date)}
    told |= {
        "bankroll": round(bankroll, 2),
        "matches": matches,
        "results": _results(results),
        "settled": _bets(settled),
    }
    return Asked(day, bankroll, told)


def read_slip(line: str, asked: Asked, *, offer: Offer) -> BetSlip:
    """Read an answer: JSON, or, as a person writes it, "1 home 5, 3 draw 2.50"; raises ``MatchdayError`` otherwise."""
    written = _parsed(line) if line.startswith(("{", "[")) else _short(line, list(offer))
    if written.matchday not in {None, asked.day.number}:
        raise MatchdayError(f"the answer is to matchday {written.matchday}; matchday {asked.day.number} is asked about")
    rows = [_row(bet, asked.bankroll, offer) for bet in written.bets]
    notes = tuple(filter(None, [in_one_line(written.note)]))
    return BetSlip(pd.DataFrame(rows, columns=list(SLIP_COLUMNS)), notes) if rows else BetSlip.empty().noted(*notes)


def readable(told: Told) -> str:
    """Write what is told for a person."""
    lines = [f"\nMatchday {told['matchday']}, {told['date']}. Bankroll {told['bankroll']:.2f}."]
    for bet in told["settled"]:
        ended = "won" if bet["payout"] > bet["stake"] else "lost" if bet["payout"] < bet["stake"] else "back"
        where = f"{bet['match_id']} {bet['selection']}"
        lines.append(f"  settled: {where}, {bet['stake']:.2f} at {bet['odds']:.2f}: {ended}, {bet['payout']:.2f} paid")
    for number, match in enumerate(told["matches"], 1):
        odds = "  ".join(f"{name} {price:.2f}" for name, price in match["odds"].items())
        lines.append(f"  {number:>2}  {match['home']} v {match['away']}:  {odds or 'nothing on offer'}")
        for name, row in match["forecasts"].items():
            lines.append(f"      {name}: " + "  ".join(f"{selection} {p:.3f}" for selection, p in row.items()))
    return "\n".join([*lines, 'Your bets, as "1 home 5, 3 draw 2.50" (match, selection, stake); nothing: no bet'])


def _parsed(line: str) -> WrittenSlip:
    try:
        return WrittenSlip.model_validate_json(line)
    except ValidationError as error:
        raise MatchdayError(f"the answer cannot be read: {explain(error, WrittenSlip)}") from None


def _short(line: str, matches: Sequence[str]) -> WrittenSlip:
    bets = []
    for part in filter(None, map(str.strip, line.split(","))):
        if not (found := _SHORT.fullmatch(part)):
            raise MatchdayError(
                f"the answer cannot be read: {part[:60]!r}; rule: JSON, or a match, a selection, a stake"
            )
        if not 1 <= int(found[1]) <= len(matches):
            raise MatchdayError(f"there is no match {found[1]}; there are 1 to {len(matches)}")
        bets.append(WrittenBet(match_id=matches[int(found[1]) - 1], selection=found[2], stake=float(found[3])))
    return WrittenSlip(bets=bets)


def _row(bet: WrittenBet, bankroll: float, offer: Offer) -> tuple[Any, ...]:
    """Make a row of a slip; whether there is such a match and selection, the rules will say."""
    odds = offer.get(bet.match_id, {}).get(bet.selection, math.nan)
    p = math.nan if bet.probability is None else bet.probability
    share = bet.share if bet.share is not None else (bet.stake or 0.0) / bankroll
    return bet.match_id, bet.selection, p, odds, p * odds - 1.0, share, in_one_line(bet.reason)


def _known(forecast: Forecast) -> dict[Any, dict[str, float]]:
    """Lay a forecast out by match: what it has an opinion on."""
    rows = forecast.probabilities.round(4).to_dict(orient="index")
    return {match: {str(name): p for name, p in row.items() if not math.isnan(p)} for match, row in rows.items()}


def _results(matches: pd.DataFrame) -> list[Told]:
    columns = [matches[name] for name in ("date", "home", "away", "home_goals", "away_goals")]
    return [
        {"date": f"{date:%Y-%m-%d}", "home": home, "away": away, "home_goals": int(scored), "away_goals": int(conceded)}
        for date, home, away, scored, conceded in zip(*columns, strict=True)
    ]


def _bets(settled: Settlement | None) -> list[Told]:
    """Tell what became of the last bets, in currency units."""
    return [
        {
            "match_id": each.bet.match_id,
            "selection": each.bet.selection,
            "stake": to_units(each.bet.stake),
            "odds": each.bet.odds,
            "payout": to_units(each.payout),
            "forced": each.bet.forced,
        }
        for each in (settled.bets if settled else ())
    ]


def _time(kickoff: pd.Timestamp) -> str | None:
    return None if pd.isna(kickoff) else f"{kickoff:%Y-%m-%d %H:%M}"
