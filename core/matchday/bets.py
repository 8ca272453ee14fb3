"""From opinion to bets: the edges an agent sees, and the slip it hands in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchday.errors import MatchdayError
from matchday.forecast import Forecast
from matchday.slate import Slate

EDGE_COLUMNS = ("match_id", "selection", "probability", "odds", "edge")
SLIP_COLUMNS = (*EDGE_COLUMNS, "share", "reason")


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The candidate bets of a matchday, and the blended forecast that they came from.

    ``bets`` has a row a candidate: ``match_id``, ``selection``, ``probability`` (NaN: bet without an opinion),
    ``odds`` (decimal), ``edge`` = probability · odds − 1. ``notes`` say what was left out on the way, and why.
    """

    bets: pd.DataFrame
    forecast: Forecast
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _need(self.bets, EDGE_COLUMNS, subject="Edges")

    @classmethod
    def where(cls, chosen: pd.DataFrame, *, slate: Slate, forecast: Forecast) -> Edges:
        """Collect the selections that are True in ``chosen`` (index ``match_id``, one column a selection).

        A selection that is not on offer is left out, whatever ``chosen`` says.
        """
        odds = slate.odds.reindex(index=chosen.index, columns=chosen.columns)
        prices = odds.to_numpy(dtype=np.float64)
        opinion = forecast.probabilities.reindex(index=chosen.index, columns=chosen.columns)
        row, column = np.nonzero(chosen.to_numpy(dtype=bool) & ~np.isnan(prices))
        probability = opinion.to_numpy(dtype=np.float64)[row, column]
        price = prices[row, column]
        bets = pd.DataFrame(
            {
                "match_id": chosen.index[row],
                "selection": chosen.columns[column],
                "probability": probability,
                "odds": price,
                "edge": probability * price - 1.0,
            }
        )
        return cls(bets, forecast)

    def keep(self, mask: pd.Series[bool], *, reason: str = "") -> Edges:
        """Answer the candidates for which ``mask`` is True; with a ``reason``, a note says which others are not."""
        left_out = self.bets[~mask]
        notes = (f"{reason}: left out {_listed(left_out)}",) if reason and len(left_out) else ()
        return Edges(self.bets[mask].reset_index(drop=True), self.forecast, (*self.notes, *notes))

    def slip(self, shares: pd.Series[float] | float, *, reason: str = "", notes: tuple[str, ...] = ()) -> BetSlip:
        """Stake these shares of the bankroll on the candidates, in their order; a share of 0 is no bet."""
        bets = self.bets.assign(share=shares, reason=reason)
        return BetSlip(bets[bets["share"] != 0.0].reset_index(drop=True), notes=notes)


@dataclass(frozen=True, slots=True, eq=False)
class BetSlip:
    """The day's bets: the columns of ``Edges.bets``, ``share`` of the bankroll (float64) and ``reason``.

    ``notes`` are remarks on the slip as a whole. Whether the rules allow it is judged when the episode places it.
    """

    bets: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _need(self.bets, SLIP_COLUMNS, subject="BetSlip")

    @classmethod
    def empty(cls) -> BetSlip:
        """Make a slip without a bet."""
        return cls(_NO_BETS.copy(deep=False))

    def with_shares(self, shares: pd.Series[float], *, reason: pd.Series[str] | str) -> BetSlip:
        """Answer the slip with other shares: one reason for all, or one a bet.

        Each bet whose share changes says why, after its earlier reason. A bet whose share is now 0 is off the slip, and
        a note says so.
        """
        why = pd.Series(reason, index=self.bets.index, dtype="str")
        changed, gone = shares != self.bets["share"], shares == 0.0
        before = self.bets["reason"].astype("object").where(self.bets["reason"].notna(), "").astype("str")
        after = before.where(before == "", before + "; ") + why
        bets = self.bets.assign(share=shares, reason=before.where(~changed, after))
        vetoed = changed & gone
        notes = [f"{each}: no bet on {_listed(bets[vetoed & (why == each)])}" for each in why[vetoed].unique()]
        return BetSlip(bets[~gone].reset_index(drop=True), (*self.notes, *notes))

    def noted(self, *notes: str) -> BetSlip:
        """Answer the slip with more remarks."""
        return dataclasses.replace(self, notes=(*self.notes, *notes)) if notes else self

    def __len__(self) -> int:
        return len(self.bets)


def _listed(bets: pd.DataFrame) -> str:
    """Name bets as people do."""
    return ", ".join(f"{each.match_id} {each.selection}" for each in bets.itertuples())


def _need(bets: pd.DataFrame, columns: tuple[str, ...], *, subject: str) -> None:
    missing = [name for name in columns if name not in bets.columns]
    if missing:
        raise MatchdayError(f"{subject}: bets has no column {missing[0]!r}; rule: {', '.join(columns)}.")


_NO_BETS = pd.DataFrame(
    {
        name: pd.Series(dtype="str" if name in {"match_id", "selection", "reason"} else "float64")
        for name in SLIP_COLUMNS
    }
)
