"""The track record of a run: what was forecast each morning, beside what then happened.

A component that learns from forecasts notes them on the morning they are made and hears the results when the matchday
is settled. So its record holds forecasts of this run alone, each made before its result was known: out-of-sample by
construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
from pydantic import PrivateAttr

from matchday import Component, Forecast, Matchday, MatchdayError, Slate, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import MARKETS, SELECTIONS, Array, Market, multiplicative
from matchday.scoring import Ints

Table = TypeVar("Table", Array, Ints)

#: The record's name for the prices; no component is called so.
PRICE = ""

#: Where a market's selections stand in a table (n, selections).
COLUMNS = {market.name: [SELECTIONS.index(name) for name in market.selections] for market in MARKETS}


class Noted(NamedTuple):
    """A morning's forecasts: the matches, and by name a table (n, selections), NaN: no opinion."""

    matches: pd.Index[str]
    said: Mapping[str, Array]


class TrackRecord:
    """Forecasts that have met their results, in order of play; append-only.

    Of every name there is a table (n matches, selections in the order of ``SELECTIONS``), NaN where it had no opinion,
    and of every market the position of the selection that won (n,).
    """

    def __init__(self) -> None:
        self._rows = 0
        self._said: dict[str, Array] = {}
        self._won = np.zeros((0, len(MARKETS)), dtype=np.int64)
        self._morning: Noted | None = None

    def __len__(self) -> int:
        return self._rows

    @property
    def names(self) -> list[str]:
        """Whose forecasts are on record, in order of appearance; the price's name is ``PRICE``."""
        return list(self._said)

    def note(self, day: Matchday, said: Mapping[str, Array]) -> None:
        """Note a morning's forecasts, tables (n, selections) by name, instead of what was noted that morning before.

        Raises ``MatchdayError`` on a table of another shape; ``tabulated`` makes one of a forecast.
        """
        shape = len(day.slate), len(SELECTIONS)
        for name, table in said.items():
            if np.shape(table) != shape:
                raise MatchdayError(
                    f"Track record: what {name or 'the price'!r} said is of shape {np.shape(table)}; rule: {shape}, a "
                    "row a match and a column a selection, as tabulated() makes it."
                )
        self._morning = Noted(day.slate.index, dict(said))

    def settle(self, results: pd.DataFrame) -> int:
        """Put the noted matches among the ``results`` on record; answer how many there are. The rest is forgotten."""
        noted, self._morning = self._morning, None
        if noted is None:
            return 0
        where = results.index.get_indexer(noted.matches)
        there = where >= 0
        start, end = self._rows, self._rows + int(there.sum())
        self._rows, self._won = end, _grown(self._won, end, fill=0)
        goals = [results[side].to_numpy()[where[there]] for side in ("home_goals", "away_goals")]
        self._won[start:end] = np.stack([market.settle(*goals)[..., 0].argmax(axis=1) for market in MARKETS], axis=1)
        for name in {**self._said, **noted.said}:
            table = _grown(self._said.get(name, np.empty((0, len(SELECTIONS)))), end, fill=np.nan)
            table[start:end] = noted.said[name][there] if name in noted.said else np.nan
            self._said[name] = table
        return end - start

    def said(self, name: str, market: Market) -> Array:
        """Answer what a name said of a market, match by match (n, k): all NaN where it has said nothing."""
        if name not in self._said:
            return np.full((self._rows, len(market.selections)), np.nan)
        return self._said[name][: self._rows, COLUMNS[market.name]]

    def won(self, market: Market) -> Ints:
        """Answer the position of the selection that won, match by match (n,)."""
        return self._won[: self._rows, MARKETS.index(market)]


class Follower(Component):
    """A component that keeps a track record: it forgets it when a season opens, and learns when a matchday is settled.

    Subclasses note forecasts in ``_record`` when they see them, and implement ``_forget`` and ``_learn``.
    """

    _record: TrackRecord = PrivateAttr(default_factory=TrackRecord)

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:  # noqa: ARG002
        """Forget the last run."""
        self._record = TrackRecord()
        self._forget()

    @hookimpl
    def matchday_settled(self, results: pd.DataFrame) -> None:
        """Put the morning's forecasts on record, and learn from them."""
        settled = self._record.settle(results)
        if settled:
            self._learn(settled)

    def _forget(self) -> None:
        """Go back to the state in which nothing has been learned."""
        raise NotImplementedError

    def _learn(self, settled: int) -> None:
        """Learn from the record, of which the last ``settled`` matches are new."""
        raise NotImplementedError


def tabulated(forecast: Forecast) -> Array:
    """Answer a forecast as a table (n, selections), NaN where it has no opinion or does not cover a market."""
    frame = forecast.probabilities
    if tuple(frame.columns) != SELECTIONS:
        frame = frame.reindex(columns=list(SELECTIONS))
    return frame.to_numpy(dtype=np.float64)


def fair_prices(slate: Slate) -> Array:
    """Take the margin out of the odds on offer by proportion: a table (n, selections), NaN: not wholly on offer."""
    odds = slate.odds.reindex(columns=list(SELECTIONS)).to_numpy(dtype=np.float64)
    fair = np.empty(odds.shape)
    for columns in COLUMNS.values():
        fair[:, columns] = multiplicative(odds[:, columns])
    return fair


def _grown(table: Table, rows: int, *, fill: float) -> Table:
    """Answer the table with room for so many rows, twice as many as asked for where it has to grow."""
    if len(table) >= rows:
        return table
    larger = np.full((2 * rows, table.shape[1]), fill, dtype=table.dtype)
    larger[: len(table)] = table
    return larger
