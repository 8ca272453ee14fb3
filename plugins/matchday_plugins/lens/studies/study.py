"""What studies have in common: their result, and the pair of networks that they look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday import MatchdayError
from matchday.markets import Array
from matchday.resampling import block_bootstrap
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.lens.studies.twin import untrained

TRAINED, UNTRAINED = "trained", "untrained"

#: Resamples of a bootstrap.
RESAMPLES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What a study found: a tidy ``frame``, and a ``figure`` of it (Plotly's dictionary, in the report's colours)."""

    frame: pd.DataFrame
    figure: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A network and its untrained twin, by the names ``trained`` and ``untrained``, and points (n, d) to look at."""

    lenses: Mapping[str, PolytopeLens]
    points: Array

    @classmethod
    def of(cls, model: Any, rows: Any, *, seed: int) -> Subject:
        """Look into a model and its twin, of seed ``seed``; raises ``MatchdayError`` for rows it cannot take."""
        lens = PolytopeLens(model)
        points = prepared(lens, model, rows)
        if len(points) < 2:
            raise MatchdayError(f"Study of {len(points)} rows; rule: at least 2.")
        return cls({TRAINED: lens, UNTRAINED: PolytopeLens(untrained(model, seed=seed))}, points)


def prepared(lens: PolytopeLens, model: Any, rows: Any) -> Array:
    """Turn rows, an array or a frame, into the lens's points; raises ``MatchdayError`` where the model cannot."""
    named = isinstance(rows, pd.DataFrame) and hasattr(model, "feature_names_in_")
    try:
        return lens.prepare(rows if named else np.asarray(rows, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise MatchdayError(f"Study: the model does not take these rows: {str(error).splitlines()[0]}") from error


def resampled(values: Array, rng: np.random.Generator) -> Array:
    """Resample the rows of values (n, k), and answer the means (resamples, k)."""
    return block_bootstrap(values, np.arange(len(values)), rng=rng, resamples=RESAMPLES)


def divided(above: npt.ArrayLike, below: npt.ArrayLike, *, otherwise: float = np.nan) -> Array:
    """Divide, and answer NaN, or ``otherwise``, where there is nothing to divide by."""
    parts, wholes = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    room = np.full(np.broadcast_shapes(parts.shape, wholes.shape), otherwise)
    return np.asarray(np.divide(parts, wholes, out=room, where=wholes > 0.0))
