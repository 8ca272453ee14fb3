"""A forecast: a probability for each selection of the day's matches."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from matchday.errors import MatchdayError
from matchday.markets import MARKET_OF, SELECTIONS, Array, Market, complete_markets, price_scores

#: How far a market's probabilities may be from adding up to one.
TOLERANCE = 1e-6

#: The selections as columns, made once: an index costs more than the frame around it.
_COLUMNS = pd.Index(SELECTIONS, dtype="str")


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Probabilities of selections, one row a match (index ``match_id``), one column a selection.

    Each market's columns are all there or none is, and in each row they add up to 1 (within 1e-6) or are all NaN:
    no opinion. ``source`` is the component's name. ``scores``, where given, is the scoreline distribution
    (n, G, G), home goals by away goals, that the probabilities follow from. ``standard_error``, where given, has
    the index and the columns of ``probabilities``, and values >= 0, or NaN: not known. ``explanation``, where given,
    has the same index and the numbers that the forecast follows from, in columns of the model's own, such as expected
    goals, ratings or features, and what the model says of its inputs: one that is not known is NaN. Raises
    ``MatchdayError`` on anything else.
    """

    probabilities: pd.DataFrame
    source: str = ""
    scores: Array | None = None
    standard_error: pd.DataFrame | None = None
    explanation: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.probabilities, pd.DataFrame):
            raise MatchdayError(f"Forecast of {self._who}: probabilities is no DataFrame.")
        _check_columns(self)
        _check_rows(self)
        n = len(self.probabilities)
        shape = (n, 1, 1) if self.scores is None else np.shape(self.scores)
        if len(shape) != 3 or shape[0] != n or shape[1] != shape[2]:
            raise MatchdayError(f"Forecast of {self._who}: scores has shape {shape}; rule: ({n} matches, G, G).")
        if self.standard_error is not None:
            _check_errors(self, self.standard_error)
        if self.explanation is not None:
            _check_explanation(self, self.explanation)

    @classmethod
    def from_scores(
        cls,
        index: pd.Index[str],
        scores: Array,
        *,
        source: str = "",
        standard_error: pd.DataFrame | None = None,
        explanation: pd.DataFrame | None = None,
    ) -> Forecast:
        """Price every market from scoreline distributions (n, G, G), each of which adds up to 1."""
        prices = price_scores(scores)
        table = np.stack(list(prices.values()), axis=1)  # a frame is made faster of a table than of columns
        frame = pd.DataFrame(table, index=index, columns=list(prices))
        return cls(frame, source, scores, standard_error, explanation)

    @classmethod
    def silent(cls, index: pd.Index[str], *, source: str = "") -> Forecast:
        """Make the forecast of somebody who has no opinion: NaN on every selection."""
        nothing = np.full((len(index), len(SELECTIONS)), np.nan)
        return cls(pd.DataFrame(nothing, index=index, columns=_COLUMNS), source=source)

    def copy(self) -> Forecast:
        """Answer a forecast whose frames may be written to without changing these."""
        twin = copy.copy(self)  # which, unlike dataclasses.replace, does not check again what is as it was
        for name in ("probabilities", "standard_error", "explanation"):
            frame = getattr(self, name)
            object.__setattr__(twin, name, None if frame is None else frame.copy(deep=False))
        return twin

    def same_as(self, other: Forecast) -> bool:
        """Whether both say the same, as surely and for the same reasons, under the same name, from the same scores."""
        alike = self.source == other.source and self.scores is other.scores
        return (
            alike
            and self.probabilities.equals(other.probabilities)
            and _equal(self.standard_error, other.standard_error)
            and _equal(self.explanation, other.explanation)
        )

    @property
    def _who(self) -> str:
        return repr(self.source) if self.source else "a component"

    def __repr__(self) -> str:
        return f"Forecast({self.source!r}, {len(self.probabilities)} matches)"


def _equal(mine: pd.DataFrame | None, theirs: pd.DataFrame | None) -> bool:
    return mine is theirs or (mine is not None and theirs is not None and mine.equals(theirs))


@cache
def _layout(columns: tuple[str, ...]) -> tuple[list[Market], list[int], list[int]]:
    """Find the markets that are whole among columns, where their selections stand, and where each begins in that."""
    markets = complete_markets(columns)
    starts = [sum(len(each.selections) for each in markets[:i]) for i in range(len(markets))]
    return markets, [columns.index(name) for market in markets for name in market.selections], starts


def _check_columns(forecast: Forecast) -> None:
    columns = tuple(forecast.probabilities.columns)
    covered = {columns[place] for place in _layout(columns)[1]}
    lone = [c for c in columns if c not in covered]
    unknown = [c for c in lone if c not in MARKET_OF]
    if unknown:
        raise MatchdayError(
            f"Forecast of {forecast._who}: column {unknown[0]!r} is not a selection; "
            f"selections: {', '.join(SELECTIONS)}."
        )
    if lone:
        market = MARKET_OF[lone[0]]
        raise MatchdayError(
            f"Forecast of {forecast._who}: {lone[0]!r} stands without the rest of its market; "
            f"{market.name} needs {', '.join(market.selections)}."
        )


def _check_rows(forecast: Forecast) -> None:
    frame = forecast.probabilities
    if not frame.columns.is_unique:
        raise MatchdayError(f"Forecast of {forecast._who}: a selection stands in it twice; rule: one column each.")
    if not frame.index.is_unique:
        raise MatchdayError(f"Forecast of {forecast._who}: a match stands in it twice; rule: one row a match.")
    markets, order, starts = _layout(tuple(frame.columns))
    if not markets:
        return
    table = frame.to_numpy()
    words = [each for each in table.flat if isinstance(each, str)] if table.dtype.kind not in "fiu" else []
    if words:  # which numpy would read where they look like numbers, and nobody after it
        raise MatchdayError(f"Forecast of {forecast._who}: probabilities are text, as {words[0]!r}; rule: floats.")
    try:
        p = table.astype(np.float64)[:, order]
    except (TypeError, ValueError) as error:
        raise MatchdayError(
            f"Forecast of {forecast._who}: probabilities are no numbers: {error}; rule: floats."
        ) from error
    with np.errstate(invalid="ignore"):
        good = np.abs(np.add.reduceat(p, starts, axis=1) - 1.0) <= TOLERANCE
    good &= np.minimum.reduceat(p, starts, axis=1) >= 0.0
    good |= np.logical_and.reduceat(np.isnan(p), starts, axis=1)
    if not good.all():
        place, row = (int(each[0]) for each in np.nonzero(~good.T))
        market = markets[place]
        said = p[row, starts[place] :][: len(market.selections)]
        raise MatchdayError(
            f"Forecast of {forecast._who} on {frame.index[row]!r}: {market.name} is "
            f"{np.array2string(said, precision=6)}; rule: probabilities that add up to 1, or all NaN "
            "for no opinion."
        )


def _check_errors(forecast: Forecast, errors: pd.DataFrame) -> None:
    if not isinstance(errors, pd.DataFrame):
        raise MatchdayError(f"Forecast of {forecast._who}: standard_error is no DataFrame.")
    frame = forecast.probabilities
    for axis in ("index", "columns"):
        if not getattr(errors, axis).equals(getattr(frame, axis)):
            raise MatchdayError(
                f"Forecast of {forecast._who}: standard_error and probabilities differ in their {axis}; "
                "rule: the same matches and selections, in the same order."
            )
    values = errors.to_numpy(dtype=np.float64)
    bad = (values < 0.0) | np.isinf(values)
    if bad.any():
        row, column = (int(place[0]) for place in np.nonzero(bad))
        raise MatchdayError(
            f"Forecast of {forecast._who} on {frame.index[row]!r}: standard_error of {frame.columns[column]} is "
            f"{values[row, column]}; rule: at least 0 and finite, or NaN for not known."
        )


def _check_explanation(forecast: Forecast, numbers: pd.DataFrame) -> None:
    if not isinstance(numbers, pd.DataFrame):
        raise MatchdayError(f"Forecast of {forecast._who}: explanation is no DataFrame.")
    if not numbers.index.equals(forecast.probabilities.index):
        raise MatchdayError(
            f"Forecast of {forecast._who}: explanation and probabilities differ in their index; rule: the same matches."
        )
    if pd.api.types.is_numeric_dtype(numbers.to_numpy().dtype):
        return
    for name, column in numbers.items():
        if not pd.api.types.is_numeric_dtype(column):
            raise MatchdayError(
                f"Forecast of {forecast._who}: explanation {name!r} is of type {column.dtype}; rule: numbers, NaN for "
                "not known."
            )
