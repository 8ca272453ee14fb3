"""From opinion to bets: the edges an agent sees, and the slip it hands in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.errors import MatchdayError
from matchday.forecast import Forecast
from matchday.markets import Array
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
        _need_forecast(self.forecast)

    @classmethod
    def where(cls, chosen: pd.DataFrame, *, slate: Slate, forecast: Forecast) -> Edges:
        """Collect the selections that are True in ``chosen`` (index ``match_id``, one column a selection).

        A selection that is not on offer is left out, whatever ``chosen`` says.
        """
        if not isinstance(chosen, pd.DataFrame):
            kind = type(chosen).__name__
            raise MatchdayError(
                f"Edges: chosen is a {kind}; rule: a DataFrame of True and False, as day.slate.odds > 2."
            )
        _need_forecast(forecast)
        odds, opinion = _laid_over(chosen, slate.odds), _laid_over(chosen, forecast.probabilities)
        row, column = np.nonzero(chosen.to_numpy(dtype=bool) & ~np.isnan(odds))
        probability, price = opinion[row, column], odds[row, column]
        columns = (chosen.index[row], chosen.columns[column], probability, price, probability * price - 1.0)
        return cls(pd.DataFrame(dict(zip(EDGE_COLUMNS, columns, strict=True)), copy=False), forecast)

    def keep(self, mask: pd.Series[bool], *, reason: str = "") -> Edges:
        """Answer the candidates for which ``mask`` is True; with a ``reason``, a note says which others are not."""
        kept = _in_line(mask, self.bets, missing=False).astype(bool)
        notes = (f"{reason}: left out {_listed(self.bets, ~kept)}",) if reason and not kept.all() else ()
        return Edges(_kept(self.bets, kept), self.forecast, (*self.notes, *notes))

    def slip(
        self,
        shares: pd.Series[float] | Array | float,
        *,
        reason: pd.Series[str] | list[str] | str = "",
        notes: tuple[str, ...] = (),
    ) -> BetSlip:
        """Stake these shares of the bankroll on the candidates, in their order; a share of 0 is no bet.

        There is one reason for all, or one a bet. A Series goes by its labels, an array or a list by its order.
        """
        share, reasons = _in_line(shares, self.bets), _in_line(reason, self.bets)
        return BetSlip(_staked(self.bets, share, reasons.tolist()), notes)


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

    def with_shares(self, shares: pd.Series[float] | Array, *, reason: pd.Series[str] | list[str] | str) -> BetSlip:
        """Answer the slip with other shares: one reason for all, or one a bet, as in ``Edges.slip``.

        Each bet whose share changes says why, after its earlier reason. A bet whose share is now 0 is off the slip, and
        a note says so.
        """
        share, why = _in_line(shares, self.bets), _in_line(reason, self.bets)
        changed, gone = share != self.bets["share"].to_numpy(), share == 0.0
        reasons = list(map(_reason, self.bets["reason"].tolist(), why.tolist(), changed.tolist()))
        vetoed = dict.fromkeys(why[changed & gone].tolist())
        notes = [f"{each}: no bet on {_listed(self.bets, changed & gone & (why == each))}" for each in vetoed]
        return BetSlip(_staked(self.bets, share, reasons), (*self.notes, *notes))

    def noted(self, *notes: str) -> BetSlip:
        """Answer the slip with more remarks."""
        return dataclasses.replace(self, notes=(*self.notes, *notes)) if notes else self

    def __len__(self) -> int:
        return len(self.bets)


def _laid_over(chosen: pd.DataFrame, frame: pd.DataFrame) -> Array:
    """Answer the numbers of a frame in the rows and columns of another; NaN where it has none."""
    alike = frame.columns.equals(chosen.columns) and frame.index.equals(chosen.index)
    return (frame if alike else frame.reindex_like(chosen)).to_numpy(dtype=np.float64)


def _in_line(values: Any, bets: pd.DataFrame, *, missing: Any = np.nan) -> npt.NDArray[Any]:
    """Bring values into the order of the bets: a Series by its labels, one value for all, others as they stand."""
    if isinstance(values, pd.Series) and not values.index.equals(bets.index):
        values = values.reindex(bets.index, fill_value=missing)
    return np.broadcast_to(np.asarray(values), len(bets))


def _kept(bets: pd.DataFrame, kept: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Answer the bets that are kept, numbered anew."""
    return (bets if kept.all() else bets[kept]).reset_index(drop=True)


def _staked(bets: pd.DataFrame, shares: npt.NDArray[Any], reasons: list[str]) -> pd.DataFrame:
    """Answer the bets with these shares and reasons, without those whose share is 0."""
    bets, kept = bets.reset_index(drop=True), shares != 0.0
    bets["share"], bets["reason"] = shares, pd.array(reasons, dtype="str")
    return bets if kept.all() else _kept(bets, kept)


def _reason(before: Any, why: str, changed: bool) -> str:
    """Write a bet's reasons: its earlier one, where there is one, and why its share has changed, where it has."""
    earlier = "" if pd.isna(before) else str(before)
    if not changed:
        return earlier
    return f"{earlier}; {why}" if earlier else why


def _listed(bets: pd.DataFrame, chosen: npt.NDArray[np.bool_]) -> str:
    """Name some of the bets as people do."""
    named = zip(bets["match_id"], bets["selection"], chosen, strict=True)
    return ", ".join(f"{match_id} {selection}" for match_id, selection, wanted in named if wanted)


def _need(bets: pd.DataFrame, columns: tuple[str, ...], *, subject: str) -> None:
    if not isinstance(bets, pd.DataFrame):
        raise MatchdayError(f"{subject}: bets is a {type(bets).__name__}; rule: a DataFrame of {', '.join(columns)}.")
    missing = [name for name in columns if name not in bets.columns]
    if missing:
        raise MatchdayError(f"{subject}: bets has no column {missing[0]!r}; rule: {', '.join(columns)}.")


def _need_forecast(forecast: Forecast) -> None:
    if not isinstance(forecast, Forecast):
        raise MatchdayError(f"Edges: forecast is a {type(forecast).__name__}; rule: the Forecast they came from.")


_NO_BETS = pd.DataFrame(
    {
        name: pd.Series(dtype="str" if name in {"match_id", "selection", "reason"} else "float64")
        for name in SLIP_COLUMNS
    }
)
