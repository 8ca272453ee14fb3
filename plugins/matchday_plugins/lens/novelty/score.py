"""One score of how unlike the known matches a match is, and how often an ordinary one would score as much.

    score = max over distances of rank
    rank  = share of the fitting part that is less far, and beyond the farthest of it 1 + (x − max) / (max − median)

The largest of the ranks and not their mean: each fault shows in some distances, and a mean would drown it in the rest.
One p-value of one score and not the least of several, which would be small by chance more often than it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matchday import MatchdayError
from matchday.markets import Array
from matchday_plugins.lens.novelty.conformal import p_values
from matchday_plugins.lens.novelty.distances import Code, Distance, Mahalanobis, Middle, Nearest
from matchday_plugins.lens.novelty.points import Standard
from matchday_plugins.lens.polytope import PolytopeLens

#: The latest matches that are compared with, for older ones were played otherwise: ten seasons of twenty clubs.
REFERENCE = 3800

#: Every so manieth of them calibrates.
CALIBRATES = 5


class Novelty:
    """Measures inputs against those that a model was fitted to: ``inputs`` (n, d), in order of play, NaN: not known.

    Of the latest ``reference`` matches every fifth calibrates; the others, the fitting part, are what distances are
    measured from. ``models`` are the fitted ones: where they are networks of rectified linear units, their codes make a
    distance more. They were fitted to the calibrating matches too, so that there exchangeability is not quite exact.

    Raises ``MatchdayError`` for fewer than 10 matches.
    """

    def __init__(self, inputs: Array, models: Sequence[Any] = (), *, reference: int = REFERENCE) -> None:
        latest = np.asarray(inputs, dtype=np.float64)[-reference:]
        if len(latest) < 2 * CALIBRATES:
            raise MatchdayError(f"Novelty: {len(latest)} matches to compare with; rule: at least {2 * CALIBRATES}.")
        calibrates = np.arange(len(latest)) % CALIBRATES == CALIBRATES - 1
        self._distances = _distances(latest[~calibrates], _networks(models))
        self._own = {name: np.sort(each.own) for name, each in self._distances.items()}
        self._calibration = _largest(self.ranks(latest[calibrates]))

    @property
    def cases(self) -> int:
        """How many matches calibrate, n."""
        return len(self._calibration)

    @property
    def distances(self) -> tuple[str, ...]:
        """The names of the distances that are looked at."""
        return tuple(self._distances)

    def ranks(self, inputs: Array) -> dict[str, Array]:
        """Answer, by distance, the share of the fitting part that is less far than inputs (n, d): (n,), >= 0.

        More than 1 is farther than all of it.
        """
        return {name: _rank(distance(inputs), self._own[name]) for name, distance in self._distances.items()}

    def p_values(self, ranks: Mapping[str, Array]) -> Array:
        """Answer the conformal p-value of matches with these ranks, (n,) in [1 / (n + 1), 1]."""
        return p_values(_largest(ranks), self._calibration)


def _distances(fitting: Array, lenses: Sequence[PolytopeLens]) -> dict[str, Distance]:
    standard = Standard(fitting)
    found: dict[str, Distance] = {
        "mahalanobis": Mahalanobis(standard, fitting),
        "middle": Middle(standard, fitting),
        "nearest": Nearest(standard, fitting),
    }
    return {**found, "code": Code(lenses, fitting)} if lenses else found


def _rank(far: Array, own: Array) -> Array:
    """Rank distances (n,) among those of the fitting part itself, in order (m,); the farthest are told apart too."""
    spread = own[-1] - own[len(own) // 2]
    beyond = np.maximum(far - own[-1], 0.0) / (spread if spread > 0.0 else 1.0)
    return np.asarray(np.searchsorted(own, far, side="left") / len(own) + beyond)


def _networks(models: Sequence[Any]) -> list[PolytopeLens]:
    """Look into the models that are networks of rectified linear units."""
    found = []
    for model in models:
        try:
            found.append(PolytopeLens(model))
        except MatchdayError:  # another kind of model, which has no code
            continue
    return found


def _largest(ranks: Mapping[str, Array]) -> Array:
    largest: Array = np.max(list(ranks.values()), axis=0)
    return largest
