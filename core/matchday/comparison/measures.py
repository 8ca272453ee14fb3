"""What is measured of a play, matchday by matchday and bet by bet, in frames small enough to keep thousands of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from matchday.comparison.bets import Bets, Numbers
from matchday.comparison.facts import PLACE, Bools, Facts, log_losses
from matchday.comparison.truth import Truth, oracle_growth
from matchday.markets import MATCH_RESULT, SELECTIONS, Array
from matchday.money import to_units
from matchday.rules import Rules
from matchday.season import Season

#: Bins of equal width that probabilities are counted in.
BINS = 20

#: Decimal odds from which a selection of the 1X2 market is a longshot.
LONGSHOT = 5.0

#: Columns that say what a matchday was worth.
EXPECTED = ("true_growth", "oracle_growth")


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What the store keeps of a play: the rows of its ``matchdays``, its ``bets`` and its blended ``forecasts``.

    ``expected`` has what its matchdays were worth, where that is on record.
    """

    matchdays: pd.DataFrame
    bets: pd.DataFrame
    forecasts: pd.DataFrame
    expected: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """A play's figures: by matchday, by bin of probability, and by kind of bet."""

    matchdays: pd.DataFrame
    calibration: pd.DataFrame
    breakdown: pd.DataFrame


class Yardstick:
    """Measures plays of one season under one set of rules."""

    def __init__(self, season: Season, rules: Rules) -> None:
        self._facts = Facts.of(season, rules)
        self._truth = Truth.of(season)
        self._rules = rules
        self._losses = log_losses(self._facts.market, self._facts.won)

    @property
    def matchdays(self) -> int:
        """The number of matchdays of the season."""
        return self._facts.matchdays

    def measure(self, record: Record) -> Measures:
        """Measure a play."""
        facts = self._facts
        model = self._model(record.forecasts)
        placed = record.bets.sort_values(["matchday", "match_id", "selection"], ignore_index=True)
        losses = log_losses(model, facts.won)
        bets = Bets.of(placed, facts, losses=(losses, self._losses))
        return Measures(
            matchdays=self._by_matchday(record.matchdays, bets, losses, known=record.expected),
            calibration=_calibration(facts, model),
            breakdown=bets.breakdown(),
        )

    def _model(self, forecasts: pd.DataFrame) -> Array:
        """Lay the blended forecasts out as the facts are (n, 5)."""
        model = np.full(self._facts.odds.shape, np.nan)
        rows = self._facts.index.get_indexer(pd.Index(forecasts["match_id"], dtype="str"))
        places = forecasts["selection"].map(PLACE).to_numpy(dtype=np.int64)
        model[rows, places] = forecasts["probability"].to_numpy(dtype=np.float64)
        return model

    def _by_matchday(
        self, days: pd.DataFrame, bets: Bets, losses: Array, *, known: pd.DataFrame | None
    ) -> pd.DataFrame:
        before, after, staked, paid = (
            days[name].to_numpy(dtype=np.float64) for name in ("bankroll_before", "bankroll_after", "staked", "paid")
        )
        number = days["matchday"].to_numpy(dtype=np.int64)
        frame = {
            "matchday": number,
            "date": pd.to_datetime(days["date"]).to_numpy(),
            "before": to_units(before),
            "after": to_units(after),
            "log_growth": np.log(np.maximum(after, 1.0) / np.maximum(before, 1.0)),
            "staked": to_units(staked),
            "profit": to_units(paid - staked),
            "bets": days["bets"].to_numpy(dtype=np.int64),
        }
        frame |= {name: values[number - 1] for name, values in bets.by_matchday().items()}
        frame |= {name: values[number - 1] for name, values in self._scored(losses[:, 0]).items()}
        if known is not None and len(known) == len(number):
            frame |= {name: known[name].to_numpy(dtype=np.float64) for name in EXPECTED}
        else:
            frame["true_growth"] = self._true_growth(bets.frame, before)
            frame["oracle_growth"] = self._oracle[number - 1]
        return pd.DataFrame(frame)

    @cached_property
    def _oracle(self) -> Array:
        return oracle_growth(self._facts.season, self._rules)

    def _scored(self, model: Array) -> dict[str, Numbers]:
        """Add the 1X2 log-losses up by matchday, over the matches that both have an opinion on."""
        market = self._losses[:, 0]
        both = ~(np.isnan(model) | np.isnan(market))
        day, n = self._facts.day[both], self._facts.matchdays
        return {
            "model_loss": np.bincount(day, model[both], n),
            "market_loss": np.bincount(day, market[both], n),
            "scored": np.bincount(day, minlength=n),
        }

    def _true_growth(self, bets: pd.DataFrame, before: Array) -> Array:
        if self._truth is None:
            return np.full(len(before), np.nan)
        growth = np.zeros(len(before))
        shares = bets["stake"].to_numpy() / before[bets["matchday"].to_numpy() - 1]
        for number, of_day in bets.assign(share=shares).groupby("matchday"):
            growth[int(str(number)) - 1] = self._truth.growth(of_day)
        return growth


class LastYardstick:
    """Keeps the yardstick that was asked for last: plays of a schedule come one after the other."""

    def __init__(self) -> None:
        self._kept: tuple[str, Yardstick] | None = None

    def of(self, schedule: str, season: Callable[[], Season], rules: Rules) -> Yardstick:
        """Answer the yardstick of a schedule; its season is loaded if need be."""
        kept = self._kept
        if kept is None or kept[0] != schedule:
            kept = self._kept = schedule, Yardstick(season(), rules)
        return kept[1]


def _calibration(facts: Facts, model: Array) -> pd.DataFrame:
    """Count forecasts by selection and bin, and those of longshots apart."""
    known = ~(np.isnan(model) | np.isnan(facts.market))
    results = [PLACE[name] for name in MATCH_RESULT.selections]
    longshots = np.zeros_like(known)
    longshots[:, results] = known[:, results] & (facts.odds[:, results] >= LONGSHOT)
    chosen = [(name, known & (np.arange(len(SELECTIONS)) == place)) for name, place in PLACE.items()]
    frames = [_binned(name, model[cells], facts, cells) for name, cells in [*chosen, ("longshots", longshots)]]
    return pd.concat(frames, ignore_index=True)


def _binned(group: str, p: Array, facts: Facts, cells: Bools) -> pd.DataFrame:
    place = np.minimum((p * BINS).astype(np.int64), BINS - 1)
    frame = {
        "group": group,
        "bin": np.arange(BINS),
        "matches": np.bincount(place, minlength=BINS),
        "forecast": np.bincount(place, p, BINS),
        "market": np.bincount(place, facts.market[cells], BINS),
        "won": np.bincount(place, facts.won[cells], BINS),
    }
    counted = pd.DataFrame(frame).astype({"group": "str"})
    return counted[counted["matches"] > 0]
