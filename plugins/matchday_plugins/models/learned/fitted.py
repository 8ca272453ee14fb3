"""What a learner has learned from, and what came of it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from matchday.markets import MATCH_RESULT, TOTAL_GOALS_2_5, Array, Market
from matchday_plugins.features.builder import FeatureRows
from matchday_plugins.features.group import Ints
from matchday_plugins.lens.novelty import Novelty
from matchday_plugins.models.newcomers import NewcomerPrior

#: A match of less weight than this is left out.
NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """Matches to learn from: ``inputs`` (n, d), NaN: not known; ``goals`` (n, 2); ``days`` since 1970 (n,).

    ``weights`` (n,) have mean 1, or are None where all matches count alike.
    """

    inputs: Array
    goals: Array
    days: Ints
    weights: Array | None = None

    @classmethod
    def window(
        cls,
        played: FeatureRows,
        today: int,
        *,
        window_days: int | None,
        warmup_days: int,
        half_life_days: float | None,
    ) -> Training:
        """Take the matches of the window before ``today``, without those of the history's first ``warmup_days``."""
        days = played.days
        first = 0 if not len(days) else int(np.searchsorted(days, int(days[0]) + warmup_days))
        if window_days is not None:
            first = max(first, int(np.searchsorted(days, today - window_days)))
        kept = np.arange(len(days)) >= first
        if half_life_days is None:
            return cls(played.values[kept], played.goals[kept], days[kept])
        weights = np.exp2(-(today - days) / half_life_days)
        kept &= weights > NEGLIGIBLE
        weights = weights[kept] / weights[kept].mean() if kept.any() else weights[kept]
        return cls(played.values[kept], played.goals[kept], days[kept], weights)

    def __len__(self) -> int:
        return len(self.days)

    def known_by(self, matches: int) -> npt.NDArray[np.bool_]:
        """Say which features (d,) at least so many of the matches know."""
        return np.asarray((~np.isnan(self.inputs)).sum(axis=0) >= matches)

    def only(self, features: npt.NDArray[np.bool_]) -> Training:
        """Answer the same matches with some of the features (d,)."""
        return dataclasses.replace(self, inputs=self.inputs[:, features])

    def winners(self, market: Market) -> Ints:
        """Answer the position of the winning selection of every match (n,)."""
        won = market.settle(self.goals[:, 0], self.goals[:, 1])[..., 0]
        return np.asarray(won.argmax(axis=1), dtype=np.int64)

    def lacks(self, markets: tuple[Market, ...]) -> str | None:
        """Name a selection that won none of the matches; None: there is no such."""
        for market in markets:
            counts = np.bincount(self.winners(market), minlength=len(market.selections))
            if not counts.all():
                return market.selections[int(counts.argmin())]
        return None


@dataclass(frozen=True, slots=True, eq=False)
class FittedLearner:
    """The latest fit, to be read and to be looked into.

    ``estimators`` are the fitted ones, by market name, one a seed; each answers ``predict_proba`` of rows like
    ``inputs`` (n, d), the training rows, raw and with NaN for what is not known, whose columns are ``features``.
    ``outcomes`` has the position of the winning selection (n,) by market name; ``weights`` (n,), or None: all alike.
    The training matches were played from ``first`` to ``last``, and the fit was made on the morning of ``fitted_on``.
    ``newcomers`` is what was expected of clubs that came up this season. ``novelty`` measures how unlike the training
    rows others are; None where nobody asked.
    """

    estimators: Mapping[str, tuple[Any, ...]]
    features: tuple[str, ...]
    inputs: Array
    outcomes: Mapping[str, Ints]
    weights: Array | None
    first: datetime.date
    last: datetime.date
    fitted_on: datetime.date
    newcomers: NewcomerPrior = field(default_factory=NewcomerPrior)
    novelty: Novelty | None = None

    @property
    def matches(self) -> int:
        """How many matches it was fitted to."""
        return len(self.inputs)


#: Markets that learners can be asked for: always the first, the second on request.
LEARNED_MARKETS = (MATCH_RESULT, TOTAL_GOALS_2_5)


def date_of(day: int) -> datetime.date:
    """Answer a day since 1970 as a date.

    >>> date_of(19580).isoformat()
    '2023-08-11'
    """
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=int(day))
