"""A second opinion: an agent's slip, held against the forecasts of others."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from matchday import BetSlip, Decision, Forecast, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.ledger import Settlement
from matchday.markets import Array
from matchday.nesting import AgentOfAgents, Composition
from matchday_plugins.staking.factors import of_bets


class SecondOpinion(AgentOfAgents):
    """Let the first agent bet where the others, its reviewers, see value at the odds too.

    A reviewer agrees to a bet if its edge by the reviewer's forecast, p·o − 1, is above ``minimum_edge``. Where all
    reviewers agree, or at least ``agreeing`` of them, a bet stays with the share it had, though it was sized together
    with others that may be gone. What is struck out is on the slip's notes, with the probabilities of those that did
    not agree. A reviewer without an opinion on a selection agrees if ``abstains`` is "keep", and not if it is "strike".

    Reviewers are agents like others, of which no bet is asked. The first has the bankroll, and hears what became of the
    bets that stayed.

    The forecast of the whole is the first agent's.
    """

    agents: tuple[Composition, ...] = Field(
        min_length=2, description="the agent that bets, and its reviewers: bundled names, TOML files, or tables"
    )
    agreeing: int | None = Field(None, ge=1, description="reviewers that have to agree; none: all of them")
    minimum_edge: float = Field(
        0.0, ge=-1, allow_inf_nan=False, description="least edge by a reviewer's forecast, exclusive"
    )
    abstains: Literal["keep", "strike"] = Field("strike", description="what a reviewer without an opinion votes for")

    @model_validator(mode="after")
    def _enough(self) -> Self:
        reviewers = len(self.members) - 1
        if self.agreeing is not None and self.agreeing > reviewers:
            raise ValueError(f"agreeing is {self.agreeing} and there is {reviewers} to review; rule: at most that many")
        return self

    def _begin(self, season: SeasonOpened) -> None:
        """Nothing is remembered from day to day."""

    @hookimpl
    def decide(self, day: Matchday, bankroll: float) -> Decision:
        """Answer the first agent's slip, reviewed."""
        first, *reviewers = self.members
        decisions = {first: self._ask(first, day, bankroll)}
        decisions |= {name: self._ask(name, day, None) for name in reviewers}
        reviewed = self._reviewed(decisions[first].slip, {name: decisions[name].blended for name in reviewers})
        return self._answer(day, decisions, dataclasses.replace(decisions[first], slip=reviewed))

    def _reviewed(self, slip: BetSlip, forecasts: Mapping[str, Forecast | None]) -> BetSlip:
        """Strike out the bets to which too few agree."""
        if not len(slip):
            return slip
        said = np.stack([_probabilities(forecast, slip) for forecast in forecasts.values()])
        edges = said * slip.bets["odds"].to_numpy(dtype=np.float64) - 1.0
        agrees = np.where(np.isnan(edges), self.abstains == "keep", edges > self.minimum_edge)
        needed = len(forecasts) if self.agreeing is None else self.agreeing
        kept = agrees.sum(axis=0) >= needed
        votes = zip(said.T, edges.T, agrees.T, strict=True)
        reasons = [self._reason(list(forecasts), *vote) for vote in votes]
        return slip.with_shares(np.where(kept, slip.bets["share"].to_numpy(dtype=np.float64), 0.0), reason=reasons)

    def _reason(self, names: Sequence[str], said: Array, edges: Array, agrees: Array) -> str:
        """Say who did not agree, and what they think of the bet."""
        against = [
            f"{name} has no opinion" if np.isnan(p) else f"{name} says {p:.3f}, an edge of {edge:+.1%}"
            for name, p, edge, agreed in zip(names, said, edges, agrees, strict=True)
            if not agreed
        ]
        return f"{self.name}: {', '.join(against)}"

    def _parts(self, settlement: Settlement) -> Mapping[str, Settlement]:
        return {next(iter(self.members)): settlement}

    def _whole(self, day: Matchday, forecasts: Mapping[str, Forecast]) -> Forecast | None:  # noqa: ARG002
        return forecasts.get(next(iter(self.members)))


def _probabilities(forecast: Forecast | None, slip: BetSlip) -> Array:
    """Look up a forecast of each bet (k,); NaN: no opinion."""
    return of_bets(None if forecast is None else forecast.probabilities, slip.bets)
