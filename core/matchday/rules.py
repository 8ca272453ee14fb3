"""The rules of the game. KellyBench's are the default; what its paper leaves open is a named field here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from matchday.errors import did_you_mean
from matchday.markets import SELECTIONS
from matchday.money import to_pence


def _whole_pence(amount: float) -> float:
    if abs(amount * 100 - to_pence(amount)) > 1e-6:
        raise ValueError("must be whole pence")
    return amount


def _known(selections: tuple[str, ...]) -> tuple[str, ...]:
    for name in selections:
        if name not in SELECTIONS:
            raise ValueError(f"{name!r} is not a selection; {did_you_mean(name, SELECTIONS)}")
    if len(set(selections)) != len(selections):
        raise ValueError("a selection stands in it twice")
    return selections


Money = Annotated[float, Field(ge=0.01, le=1e12, allow_inf_nan=False), AfterValidator(_whole_pence)]
Share = Annotated[float, Field(gt=0, le=1)]


class Rules(BaseModel):
    """The rules an episode is played by; money in currency units, shares of the bankroll at the day's opening."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bankroll: Money = Field(100.0, description="starting bankroll")
    selections: Annotated[tuple[str, ...], AfterValidator(_known)] = Field(
        SELECTIONS, min_length=1, description="selections on offer"
    )
    prices: str = Field("closing", description="price policy of the source: which quotes are the odds on offer")
    minimum_bet: Money = Field(0.01, description="smallest stake; a bet that rounds to less is dropped, on record")
    without_bet: Literal["force", "refuse", "off"] = Field(
        "force",
        description="a matchday without a bet: 'force' places the minimum bet on the shortest price, marked as "
        "forced; 'refuse' does not let the episode advance; 'off' asks for none",
    )
    bets_per_match: int | None = Field(None, ge=1, description="most bets on one match; none: any number")
    bet_limit: Share = Field(1.0, description="largest share of the bankroll on one bet")
    match_limit: Share = Field(1.0, description="largest share of the bankroll on one match")
    matchday_limit: Share = Field(1.0, description="largest share of the bankroll on one matchday")
    ruin_below: Money = Field(0.01, description="a bankroll below this, or below the minimum bet, ends the episode")
    on_failure: Literal["stop", "sit-out"] = Field(
        "stop", description="a component that fails ends the run, or its agent sits out the matchday"
    )
    call_seconds: float | None = Field(
        None,
        ge=0.001,
        le=86_400,
        allow_inf_nan=False,
        description="most seconds that one call of a component's hook may take, else it has failed; none: any. A run "
        "with it depends on the machine, and is not reproducible",
    )

    @property
    def reproducible(self) -> bool:
        """Whether the same agent, season and seed give the same events wherever they are played by these rules."""
        return self.call_seconds is None

    @model_validator(mode="after")
    def _playable(self) -> Rules:
        floor = max(self.minimum_bet, self.ruin_below)
        if self.bankroll < floor:
            raise ValueError(f"bankroll {self.bankroll:g} is below minimum_bet or ruin_below, {floor:g}")
        return self
