"""The bets of a play beside what is known of their matches: added up by matchday, and by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.comparison.facts import PLACE, Bools, Facts, Ints
from matchday.markets import MARKET_OF, MARKETS, SELECTIONS, Array
from matchday.money import to_units

Numbers = npt.NDArray[Any]

#: Bands of decimal odds, and of the edge that a bet claims; each begins at its bound.
ODDS_BOUNDS = (1.5, 2.0, 3.0, 5.0, 10.0)
ODDS_BANDS = ("below 1.5", "1.5 to 2", "2 to 3", "3 to 5", "5 to 10", "10 and more")
EDGE_BOUNDS = (0.0, 0.02, 0.05, 0.1, 0.2)
EDGE_BANDS = ("below 0", "0 to 2 %", "2 to 5 %", "5 to 10 %", "10 to 20 %", "20 % and more", "no opinion")

#: Kinds of clubs and of bets, False first.
CLUBS = ("others", "with a promoted club")
KINDS = ("chosen", "forced")

_MARKET_NUMBER = np.array([MARKETS.index(MARKET_OF[name]) for name in SELECTIONS])


@dataclass(frozen=True, slots=True, eq=False)
class Bets:
    """A play's bets as the store has them, money in pence.

    ``row`` and ``place`` say where each one's match and selection stand among the facts; ``losses`` are the log-losses
    (n, markets) of the model and of the price.
    """

    frame: pd.DataFrame
    facts: Facts
    row: Ints
    place: Ints
    losses: tuple[Array, Array]

    @classmethod
    def of(cls, frame: pd.DataFrame, facts: Facts, *, losses: tuple[Array, Array]) -> Bets:
        """Find the bets' matches."""
        row = facts.index.get_indexer(pd.Index(frame["match_id"], dtype="str"))
        place = np.array([PLACE[name] for name in frame["selection"]], dtype=np.int64)
        return cls(frame, facts, row.astype(np.int64), place, losses)

    def _column(self, name: str) -> Array:
        return self.frame[name].to_numpy(dtype=np.float64)

    @property
    def _chosen(self) -> Bools:
        """Which bets the agent itself wanted."""
        return np.asarray(~self.frame["forced"].to_numpy(dtype=np.bool_))

    def by_matchday(self) -> dict[str, Numbers]:
        """Add up what only bets know, by matchday of the season: claimed profits in currency units, the rest counts."""
        chosen, said = self._chosen, ~np.isnan(self._column("probability"))
        claimed = to_units(np.nan_to_num(self._column("stake") * self._column("edge")))
        value = self._column("odds") * self.facts.closing[self.row, self.place] - 1.0
        valued = chosen & ~np.isnan(value)
        market = _MARKET_NUMBER[self.place]
        model_loss, market_loss = (each[self.row, market] for each in self.losses)
        scored = chosen & said & ~np.isnan(model_loss) & ~np.isnan(market_loss)
        return {
            "forced": self._add(~chosen),
            "hits": self._add(self._column("payout") > self._column("stake")),
            "claimed": self._add(claimed),
            "clv": self._add(value, where=valued),
            "clv_bets": self._add(valued),
            "bets_model_loss": self._add(model_loss, where=scored),
            "bets_market_loss": self._add(market_loss, where=scored),
            "bets_scored": self._add(scored),
        }

    def _add(self, values: Array | Bools, *, where: Bools | slice = slice(None)) -> Numbers:
        """Add values up by matchday; True counts 1."""
        day = self.facts.day[self.row][where]
        total = np.bincount(day, values[where].astype(np.float64), self.facts.matchdays)
        return total.astype(np.int64) if values.dtype == np.bool_ else total

    def breakdown(self) -> pd.DataFrame:
        """Add money up by kind of bet: dimension, group, bets, staked, profit, claimed (currency units)."""
        chosen = self._chosen
        months = self.facts.months
        names = sorted(set(months))
        month = np.array([names.index(each) for each in months])
        edge = self._column("edge")
        banded = np.where(np.isnan(edge), len(EDGE_BOUNDS) + 1, np.searchsorted(EDGE_BOUNDS, edge, side="right"))
        dimensions = [
            ("market", tuple(market.name for market in MARKETS), _MARKET_NUMBER[self.place]),
            ("selection", SELECTIONS, self.place),
            ("odds", ODDS_BANDS, np.searchsorted(ODDS_BOUNDS, self._column("odds"), side="right")),
            ("month", tuple(names), month[self.row]),
            ("clubs", CLUBS, self.facts.promoted[self.row].astype(np.int64)),
            ("edge", EDGE_BANDS, banded),
        ]
        parts = [self._grouped(name, groups, code, where=chosen) for name, groups, code in dimensions]
        kinds = self._grouped("kind", KINDS, (~chosen).astype(np.int64), where=np.ones_like(chosen))
        return pd.concat([*parts, kinds], ignore_index=True)

    def _grouped(self, dimension: str, groups: tuple[str, ...], code: Ints, *, where: Bools) -> pd.DataFrame:
        code, stake = code[where], to_units(self._column("stake")[where])
        amounts = {
            "staked": stake,
            "profit": to_units(self._column("payout")[where]) - stake,
            "claimed": np.nan_to_num(stake * self._column("edge")[where]),
        }
        bets = np.bincount(code, minlength=len(groups))
        sums = {name: np.bincount(code, each, len(groups)) for name, each in amounts.items()}
        frame = pd.DataFrame({"dimension": dimension, "group": list(groups), "bets": bets, **sums})
        return frame[frame["bets"] > 0]
