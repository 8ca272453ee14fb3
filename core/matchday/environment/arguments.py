"""The arguments of the tools; each tool's JSON schema is made of these."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from matchday.environment.desk import Wager

#: Models write "" or null where they mean nothing.
_Nothing = BeforeValidator(lambda value: None if value == "" else value)
_Date = Annotated[datetime.date | None, _Nothing]
_Text = Annotated[str | None, _Nothing]
_MATCH = "as view_matches writes it, e.g. 'E0 2023-08-11 Burnley v Man City'"


class Arguments(BaseModel):
    """Base: what is not known is refused, with the nearest name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ViewMatches(Arguments):
    """Which prices to show."""

    quotes: bool = Field(False, description="also show every bookmaker's prices, those of the same moment or earlier")


class ViewHistory(Arguments):
    """Which part of the past to show."""

    table: Literal["matches", "odds", "quotes", "players", "below"] = Field(
        "matches",
        description="matches: results and statistics; odds: prices one could bet at; quotes: every bookmaker's prices; "
        "players: player statistics, a row per player and match; below: results of the division below",
    )
    clubs: list[str] = Field([], description="rows of any of these clubs; empty: of all")
    player: str = Field("", description="rows of this player, in table players alone")
    season: str = Field("", description="rows of this season, as 2023-24")
    since: _Date = Field(None, description="first date, as 2023-08-11")
    until: _Date = Field(None, description="last date")
    columns: list[str] = Field([], description="columns to show; empty: all that are not blank")
    page: int = Field(1, ge=1, le=1_000_000, description="page 1 has the newest rows")
    page_size: int = Field(30, ge=1, le=200, description="rows a page")


class ViewBankroll(Arguments):
    """How much of the past to show."""

    last: int = Field(10, ge=0, le=200, description="how many of the last settled bets to list")


class PlaceBet(Arguments):
    """One bet."""

    match_id: str = Field(description=_MATCH)
    selection: str = Field(description="what to back: home, draw, away, over_2_5 or under_2_5")
    stake: float = Field(gt=0, allow_inf_nan=False, description="money, whole pence; not a share of the bankroll")
    probability: float | None = Field(
        None, ge=0, le=1, description="how likely you think it is; kept on record to judge your forecasts by"
    )
    reason: str = Field("", max_length=500, description="why, in a few words; kept on record")

    @property
    def wager(self) -> Wager:
        """The bet as the desk takes it."""
        probability = float("nan") if self.probability is None else self.probability
        return Wager(self.match_id, self.selection, self.stake, probability, self.reason)


class PlaceBets(Arguments):
    """Several bets."""

    bets: list[PlaceBet] = Field(min_length=1, max_length=500, description="the bets; all are placed, or none")


class CancelBet(Arguments):
    """Which bets to take back."""

    match_id: _Text = Field(None, description=f"the match, {_MATCH}; left out: every match")
    selection: _Text = Field(None, description="the selection; left out: every bet on the match")


class ForecastMatches(Arguments):
    """Which model to ask."""

    model: str = Field(description="a model's name, such as dixon-coles, elo or market")
    parameters: dict[str, Any] = Field(
        default_factory=dict, max_length=30, description="its parameters by name; empty: the defaults"
    )


class NextMatchday(Arguments):
    """Which matchday to end."""

    matchday: int | None = Field(
        None, ge=1, description="the number of the matchday to end; a call that repeats it does not end the next one"
    )
