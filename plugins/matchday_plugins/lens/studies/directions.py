"""How far does a direction keep its meaning? An input is scaled, from nothing to many times itself."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday import MatchdayError
from matchday.markets import Array
from matchday.report.look import axis
from matchday.report.words import rounded
from matchday.resampling import interval
from matchday_plugins.lens.lines import Lines
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.lens.studies.decisions import changes, decided
from matchday_plugins.lens.studies.drawing import LOOKS, by_category, error_bars
from matchday_plugins.lens.studies.study import Study, Subject, resampled

#: Scales between which crossings are counted; 1 is the input itself.
SCALES = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def direction_validity(
    model: Any, rows: Any, *, scales: Sequence[float] = SCALES, directions: int = 300, seed: int = 0
) -> Study:
    """Scale inputs away from the mean input, and count the boundaries and the changes of class on the way.

    A direction leads from the mean of ``rows`` to one of at most ``directions`` of them; scale 0 is the mean, 1 the
    row. The frame has a row for each ``network`` and step of ``scales``, from ``scale_from`` to ``scale_to``:
    ``crossings`` of units for a unit of scale, with their 95 % interval ``low`` to ``high`` (directions are resampled),
    ``changes`` of the likeliest class for a unit of scale, and ``kept``, the share of directions whose class at
    ``scale_to`` is that of the row. Both are NaN of a regressor. Raises ``MatchdayError`` for rows that the model does
    not take, and for scales that do not rise from 0 or more.
    """
    steps = np.asarray(scales, dtype=np.float64)
    if len(steps) < 2 or steps[0] < 0.0 or not (np.diff(steps) > 0.0).all():
        raise MatchdayError(f"Study: scales are {list(scales)}; rule: two or more, rising from 0 or more.")
    if directions < 2:
        raise MatchdayError(f"Study of {directions} directions; rule: at least 2.")
    subject, rng = Subject.of(model, rows, seed=seed), np.random.default_rng(seed)
    mean = subject.points.mean(axis=0)
    ahead = subject.points[rng.permutation(len(subject.points))[:directions]] - mean
    found = [
        {"network": network, **each}
        for network, lens in subject.lenses.items()
        for each in _steps(lens, mean, ahead, steps, rng)
    ]
    frame = pd.DataFrame(found)
    return Study(frame, _figure(frame))


def _steps(
    lens: PolytopeLens, mean: Array, ahead: Array, steps: Array, rng: np.random.Generator
) -> list[dict[str, Any]]:
    lines = lens.line(mean + steps[0] * ahead, mean + steps[-1] * ahead)
    crossings = _counted(lines.events, lines, steps) / np.diff(steps)
    drawn, classes = resampled(crossings, rng), bool(lens.network.classes)
    turns = _counted(changes(lines), lines, steps) / np.diff(steps)
    kept = _kept(lens, mean, ahead, steps)
    found = []
    for place, (first, last) in enumerate(itertools.pairwise(steps)):
        low, high = interval(drawn[:, place])
        count = {"crossings": crossings[:, place].mean(), "low": low, "high": high}
        meaning = {"changes": turns[:, place].mean(), "kept": kept[place]} if classes else {}
        found.append({"scale_from": first, "scale_to": last, **count, "changes": np.nan, "kept": np.nan, **meaning})
    return found


def _counted(events: pd.DataFrame, lines: Lines, steps: Array) -> Array:
    """Count events by segment and step of scale, (segments, steps)."""
    scale = steps[0] + events["t"].to_numpy() * (steps[-1] - steps[0])
    step = np.minimum(np.searchsorted(steps, scale, side="right") - 1, len(steps) - 2)
    counts = np.zeros((len(lines), len(steps) - 1))
    np.add.at(counts, (events["segment"].to_numpy(), step), 1.0)
    return counts


def _kept(lens: PolytopeLens, mean: Array, ahead: Array, steps: Array) -> npt.NDArray[np.float64]:
    """Answer the share of directions whose class at the end of each step is that of the row itself."""
    own = decided(lens.logits(mean + ahead))
    return np.array([(decided(lens.logits(mean + scale * ahead)) == own).mean() for scale in steps[1:]])


def _figure(frame: pd.DataFrame) -> dict[str, Any]:
    traces: list[dict[str, Any]] = []
    for network, look in LOOKS.items():
        own = frame[frame["network"] == network]
        step = [f"{first:g} to {last:g}" for first, last in zip(own["scale_from"], own["scale_to"], strict=True)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": network,
                "x": step,
                "y": rounded(own["crossings"].where(own["crossings"] > 0.0)),
                "line": {"color": look["color"], "width": 2},
                "error_y": error_bars(own, "crossings", look["color"]),
                "marker": {"size": 7, **look},
                "hovertemplate": f"{network}, scale %{{x}}: %{{y:.3g}} crossings a unit<extra></extra>",
            }
        )
    beneath = "scale: 0 the mean input, 1 the input; bars: 95 % intervals"
    layout = by_category("boundaries crossed for a unit of scale", beneath, yaxis=axis(type="log", dtick=1))
    return {"data": traces, "layout": layout}
