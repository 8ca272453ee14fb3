"""A matchday as an agent sees it: the slate of fixtures and odds, and the past."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matchday.history import History


class Slate:
    """The fixtures and odds on offer on one matchday; index ``match_id`` throughout. Read-only, as ``History`` is.

    ============ ======================================================================================
    ``fixtures`` ``home``, ``away``, ``kickoff`` (Timestamp; NaT where the source has no time)
    ``odds``     decimal odds one can bet at, one column a selection; NaN: not offered
    ``quotes``   all prices of the same moment or earlier, columns (bookmaker, selection)
    ============ ======================================================================================
    """

    __slots__ = ("_fixtures", "_odds", "_quotes", "_rows")

    def __init__(
        self,
        fixtures: pd.DataFrame,
        odds: pd.DataFrame,
        quotes: pd.DataFrame | None = None,
        *,
        rows: slice = slice(None),
    ) -> None:
        self._fixtures, self._odds, self._rows = fixtures, odds, rows
        self._quotes = pd.DataFrame(index=fixtures.index) if quotes is None else quotes

    @property
    def fixtures(self) -> pd.DataFrame:
        """Who plays whom, and when."""
        return self._fixtures.iloc[self._rows]

    @property
    def odds(self) -> pd.DataFrame:
        """Decimal odds one can bet at; NaN where a selection is not offered."""
        return self._odds.iloc[self._rows]

    @property
    def quotes(self) -> pd.DataFrame:
        """Decimal odds of every bookmaker."""
        return self._quotes.iloc[self._rows]

    @property
    def index(self) -> pd.Index[str]:
        """The day's match ids, in order of kick-off."""
        return self._fixtures.index[self._rows]

    def __len__(self) -> int:
        return len(self.index)

    def __repr__(self) -> str:
        return f"Slate({len(self)} matches)"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what can be seen, and not the frames behind it."""
        return Slate, (self.fixtures, self.odds, self.quotes)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One observation of a watch: what was measured, on what, and whether it calls for action."""

    source: str
    measure: str
    value: float
    alarm: bool = False
    match_id: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Matchday:
    """All matches of one date: ``number`` counts from 1; ``diagnoses`` holds what the watches said this morning."""

    number: int
    date: datetime.date
    slate: Slate
    history: History
    diagnoses: tuple[Diagnosis, ...] = ()

    def with_diagnoses(self, diagnoses: tuple[Diagnosis, ...]) -> Matchday:
        """Answer the same matchday with the watches' observations on it."""
        return dataclasses.replace(self, diagnoses=diagnoses)
