"""Do boundaries follow meaning: are there more of them between inputs of different classes than of the same?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday import MatchdayError
from matchday.markets import Array
from matchday.resampling import interval
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.lens.studies.decisions import decided
from matchday_plugins.lens.studies.drawing import ratio_figure
from matchday_plugins.lens.studies.pairs import Pairs, partners
from matchday_plugins.lens.studies.study import TRAINED, Study, Subject, divided, resampled

ALL = "all"
CROSSINGS, CODES, HIDDEN = "crossings", "codes", "hidden"

TITLE = "density of boundaries: different classes / same class"


def semantic_boundaries(
    model: Any, rows: Any, classes: npt.ArrayLike | None = None, *, pairs: int = 1000, seed: int = 0
) -> Study:
    """Compare the density of boundaries between inputs of different classes with that of the same class, by layer.

    ``rows`` are as the model takes them, ``classes`` (n,) what they are; None: what the trained network takes them for.
    At most ``pairs`` rows are each paired with one of their class and one of another, the same for both networks. The
    frame has a row for each ``network``, ``measure`` and ``layer`` ("1", "2", ..., and "all"): the mean densities
    ``same`` and ``different``, their ``ratio`` different / same with its 95 % interval ``low`` to ``high``, and
    ``pairs``. The interval is a bootstrap's over the rows that are paired, stretched by the root of the design effect,
    for a row is a partner of several; it is NaN where so few cross that a resample has none of the same class.

    Measures:

    - ``crossings``: units that switch on the straight way between the inputs, for a unit of distance;
    - ``codes``: bits in which the two codes differ, for a unit of that distance, which is the paper's measure;
    - ``hidden``: bits of a layer from the second on, for a unit of distance in the outputs of the layer before it.

    Distance between inputs counts each of them in its standard deviations. Raises ``MatchdayError`` for rows that the
    model does not take, for classes that are not known, and where they are one alone or of too few rows.
    """
    subject, rng = Subject.of(model, rows, seed=seed), np.random.default_rng(seed)
    drawn = partners(_classes(classes, subject), most=pairs, rng=rng)
    found = []
    for network, lens in subject.lenses.items():
        for measure, density in _densities(lens, subject.points, drawn):
            ratios = _ratios(density, drawn, measure, rng)
            found += [{"network": network, "measure": measure, **each} for each in ratios]
    frame = pd.DataFrame(found)
    return Study(frame, _figure(frame))


def _classes(classes: npt.ArrayLike | None, subject: Subject) -> npt.NDArray[Any]:
    lens = subject.lenses[TRAINED]
    if classes is None:
        if not lens.network.classes:
            raise MatchdayError("Study: the model takes rows for no class of several; give their classes.")
        return decided(lens.logits(subject.points))
    given = np.asarray(classes)
    if given.shape != (len(subject.points),):
        raise MatchdayError(f"Study: classes have shape {given.shape}; rule: ({len(subject.points)},), one a row.")
    if (unknown := pd.isna(given)).any():
        raise MatchdayError(f"Study: {int(unknown.sum())} of the classes are not known; leave these rows out.")
    return given


def _densities(lens: PolytopeLens, points: Array, pairs: Pairs) -> Iterator[tuple[str, Array]]:
    """Measure the densities (n, 2, layers) of each measure: to the same class, and to another."""
    both = [(points[pairs.start], points[end]) for end in (pairs.same, pairs.different)]
    spread = points.std(axis=0)
    spread[spread == 0.0] = 1.0
    units = [divided(_distance(*ends_), _distance(*(each / spread for each in ends_))) for ends_ in both]
    for measure, density in ((CROSSINGS, lens.crossing_density), (CODES, lens.hamming_density)):
        yield measure, np.stack([density(*e, by_layer=True) * u for e, u in zip(both, units, strict=True)], axis=1)
    if len(lens.hidden) > 1:
        yield HIDDEN, np.stack([_hidden(lens, *each) for each in both], axis=1)


def _hidden(lens: PolytopeLens, start: Array, end: Array) -> Array:
    """Count the bits of each layer from the second on for a unit of distance in the outputs of the layer before.

    A layer's preactivations are linear in those outputs: the bits that differ are the boundaries on the straight way.
    """
    bits = lens.hamming_density(start, end, by_layer=True)[:, 1:] * _distance(start, end)
    both = zip(lens.network.preactivations(start), lens.network.preactivations(end), strict=True)
    apart = [_distance(np.maximum(z, 0.0), np.maximum(other, 0.0)) for z, other in both]
    return divided(bits, np.hstack(apart[: bits.shape[1]]))


def _distance(start: Array, end: Array) -> Array:
    return np.asarray(np.linalg.norm(start - end, axis=1, keepdims=True))


def _ratios(density: Array, pairs: Pairs, measure: str, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Answer a row a layer, and one of all layers where they share a distance."""
    known = np.asarray(np.isfinite(density).all(axis=(1, 2)))
    density, pairs = density[known], pairs.take(known)
    if not len(density) and measure == HIDDEN:  # the layer before is off everywhere
        return
    if not len(density):
        raise MatchdayError("Study: no two of the rows that are paired differ; rule: at least two different inputs.")
    first = 2 if measure == HIDDEN else 1
    names = [str(first + layer) for layer in range(density.shape[2])]
    if measure != HIDDEN:
        density, names = np.concatenate([density.sum(axis=2, keepdims=True), density], axis=2), [ALL, *names]
    means = density.mean(axis=0)
    ratio = divided(means[1], means[0])
    drawn = resampled(density.reshape(len(density), -1), rng).reshape(-1, *means.shape)
    stretch = np.sqrt(pairs.design_effect(density[:, 1] - ratio * density[:, 0]))
    ratios = ratio + stretch * (divided(drawn[:, 1], drawn[:, 0]) - ratio)
    for place, name in enumerate(names):
        low, high = interval(ratios[:, place])
        same, different = means[:, place]
        bounds = {"ratio": ratio[place], "low": low, "high": high}
        yield {"layer": name, "same": same, "different": different, **bounds, "pairs": len(density)}


def _figure(frame: pd.DataFrame) -> dict[str, Any]:
    own = frame[frame["measure"] == CROSSINGS]
    if own["layer"].nunique() == 2:  # the one layer is all of them
        own = own[own["layer"] != ALL]
    places = [ALL if layer == ALL else f"layer {layer}" for layer in own["layer"].unique()]
    return ratio_figure(own, places, TITLE, bars="bars: 95 % intervals")
