"""A network's polytopes on a plane of two inputs: all others stay as they are, and the map is exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from matchday import MatchdayError
from matchday.markets import Array
from matchday_plugins.lens.studies.mapping import Panel, map_figure
from matchday_plugins.lens.studies.polygons import Cell, cells, polytopes
from matchday_plugins.lens.studies.study import TRAINED, Study, Subject, prepared

#: Rows that are shown as dots.
DOTS = 300

#: Three corners of the unit square, which say where a plane lies, and places that are on it if it is plane.
PLACES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.3, 0.6]])


def region_map(
    model: Any,
    rows: pd.DataFrame,
    x: str,
    y: str,
    *,
    at: Sequence[float] | pd.Series | None = None,
    labels: Sequence[str] | None = None,
    seed: int = 0,
) -> Study:
    """Draw the polytopes on the plane of two features, ``x`` and ``y``, of the model beside its untrained twin.

    ``rows`` (n, d) are as the model takes them, with features' names as columns; all other features are those of ``at``
    (d,), in order or a series by name, by default the mean of the rows. The map goes from the 1st to the 99th
    percentile of the rows' two features. ``labels`` name the classes. The frame has a row for each part of a polytope
    in which one class is likeliest: ``network``, ``region`` (the polytope, numbered by network), ``decision`` (the
    class; "" of a model that decides on none), ``area`` (a share of the map) and the mean of its corners, named ``x``
    and ``y``, in the features' units. In the figure, lines are boundaries, colours classes, and dots rows seen from
    above, whose other features differ. Raises ``MatchdayError`` for features that are not there, and for a model whose
    steps before the network bend the plane.
    """
    frame = _named(rows, x, y)
    subject = Subject.of(model, frame, seed=seed)
    span = frame[[x, y]].astype(np.float64).quantile([0.01, 0.99]).to_numpy()
    if not (span[1] > span[0]).all():
        raise MatchdayError(f"region_map of {x!r} and {y!r}: one does not vary in the rows; name features that do.")
    plane = _plane(subject, model, _rows_at(frame, x, y, span, at))
    names, parts, panels = _decisions(subject, labels), [], []
    for network, lens in subject.lenses.items():
        pieces = polytopes(lens.network, plane)
        found = cells(lens.network, pieces)
        parts += [_row(network, each, span, names) for each in found]
        panels.append(Panel(network, [corners for corners, _ in pieces], found))
    dots = frame[[x, y]].dropna().iloc[:DOTS].to_numpy()
    return Study(pd.DataFrame(parts), map_figure(panels, span, dots, (str(x), str(y)), names))


def _named(rows: pd.DataFrame, x: str, y: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for name in (x, y):
        if name not in frame.columns:
            raise MatchdayError(f"region_map: no feature {name!r}; there are: {', '.join(map(str, frame.columns))}.")
    if x == y:
        raise MatchdayError(f"region_map: x and y are both {x!r}; rule: two features.")
    return frame


def _rows_at(frame: pd.DataFrame, x: str, y: str, span: Array, at: Any) -> pd.DataFrame:
    """Answer the rows at ``PLACES`` of the map."""
    base = frame.mean() if at is None else _at(frame, at)
    rows = pd.DataFrame([base] * len(PLACES), columns=frame.columns, index=range(len(PLACES))).astype(np.float64)
    rows[[x, y]] = span[0] + PLACES * (span[1] - span[0])
    return rows


def _at(frame: pd.DataFrame, at: Any) -> pd.Series:
    """Put a value beside each feature: by name those of a series, otherwise in order."""
    if len(at) != len(frame.columns) or (isinstance(at, pd.Series) and set(at.index) != set(frame.columns)):
        raise MatchdayError(f"region_map: at has {len(at)} values; rule: one of each of {len(frame.columns)} features.")
    return at[frame.columns] if isinstance(at, pd.Series) else pd.Series(np.asarray(at, np.float64), frame.columns)


def _plane(subject: Subject, model: Any, rows: pd.DataFrame) -> Array:
    """Map the unit square to points, x = [a, b, 1] @ plane, and check that all places are on it."""
    points = prepared(subject.lenses[TRAINED], model, rows)
    plane = np.array([points[1] - points[0], points[2] - points[0], points[0]])
    if not np.allclose(points, np.column_stack([PLACES, np.ones(len(PLACES))]) @ plane, rtol=1e-9, atol=1e-9):
        raise MatchdayError("region_map: the steps before the network bend the plane; rule: scalers, imputers alone.")
    return plane


def _decisions(subject: Subject, labels: Sequence[str] | None) -> list[str]:
    classes = subject.lenses[TRAINED].network.classes or ("",)
    if labels is not None and len(labels) != len(classes):
        raise MatchdayError(f"region_map: {len(labels)} labels for {len(classes)} classes; rule: one each, in order.")
    return [str(each) for each in (classes if labels is None else labels)]


def _row(network: str, cell: Cell, span: Array, names: list[str]) -> dict[str, Any]:
    x, y = span[0] + cell.corners.mean(axis=0) * (span[1] - span[0])
    place = {"area": cell.area, "x": x, "y": y}
    return {"network": network, "region": cell.region, "decision": names[cell.decision], **place}
