"""Drawing a map of polytopes: boundaries as lines, classes as colours, rows as dots; a panel a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchday.markets import Array
from matchday.report.look import COLOURS, DAY, Style, axis, label, layout
from matchday.report.words import rounded
from matchday_plugins.lens.studies.drawing import BENEATH
from matchday_plugins.lens.studies.polygons import Cell

HEIGHT = 420


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """What a panel shows: the corners (k, 2) of every polytope in the unit square, and the cells of one class."""

    network: str
    polytopes: list[Array]
    cells: list[Cell]


def map_figure(
    panels: Sequence[Panel], span: Array, dots: Array, axes: tuple[str, str], names: Sequence[str]
) -> dict[str, Any]:
    """Draw panels side by side; ``span`` (2, 2) has the lower and the upper ends of both axes."""
    traces: list[dict[str, Any]] = []
    for place, panel in enumerate(panels):
        where = {"xaxis": f"x{place + 1}" if place else "x", "yaxis": f"y{place + 1}" if place else "y"}
        traces += [{**each, **where} for each in [*_classes(panel, span, names), *_lines_and_dots(panel, span, dots)]]
    _name_once(traces)
    words = [_title(panel, place, len(panels), axes[1]) for place, panel in enumerate(panels)]
    options: dict[str, Any] = {"annotations": words, "showlegend": True, "legend": BENEATH}
    for place in range(len(panels)):
        number = str(place + 1) if place else ""
        options[f"xaxis{number}"] = axis(
            title=label(axes[0]),
            domain=_domain(place, len(panels)),
            range=span[:, 0].tolist(),
            showgrid=False,
            nticks=5,
        )
        options[f"yaxis{number}"] = axis(
            anchor=f"x{number}", range=span[:, 1].tolist(), showgrid=False, nticks=6, showticklabels=not place
        )
    return {"data": traces, "layout": layout(height=HEIGHT, **options, margin={"l": 8, "r": 12, "t": 44, "b": 60})}


def _domain(place: int, panels: int) -> list[float]:
    width = (1.0 - 0.04 * (panels - 1)) / panels
    return [place * (width + 0.04), place * (width + 0.04) + width]


def _title(panel: Panel, place: int, panels: int, y: str) -> dict[str, Any]:
    text = f"<b>{panel.network}</b>, {len(panel.polytopes):,} polytopes" + (f"<br>{label(y)}" if not place else "<br> ")
    where = {"x": _domain(place, panels)[0], "y": 1.0, "xanchor": "left", "yanchor": "bottom", "yshift": 4}
    font = {"size": 12, "color": DAY["muted"]}
    return {"text": text, "showarrow": False, "xref": "paper", "yref": "paper", "align": "left", "font": font, **where}


def _classes(panel: Panel, span: Array, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for decision in sorted({cell.decision for cell in panel.cells}):
        x, y = _outlines((cell.corners for cell in panel.cells if cell.decision == decision), span)
        yield {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": y,
            "fill": "toself",
            "fillcolor": Style(decision).colour,
            "opacity": 0.42 if decision < COLOURS else 0.8,
            "line": {"width": 0},
            "name": label(names[decision]),
            "legendrank": decision + 1,
            "showlegend": len(names) > 1,
            "hoverinfo": "skip",
        }


def _lines_and_dots(panel: Panel, span: Array, dots: Array) -> Iterator[dict[str, Any]]:
    x, y = _outlines(panel.polytopes, span)
    common = {"type": "scatter", "hoverinfo": "skip", "showlegend": False}
    yield {**common, "mode": "lines", "x": x, "y": y, "line": {"color": DAY["ink"], "width": _width(panel)}}
    marker = {"size": 3.5, "color": DAY["ink"], "opacity": 0.45}
    yield {**common, "mode": "markers", "x": rounded(dots[:, 0]), "y": rounded(dots[:, 1]), "marker": marker}


def _width(panel: Panel) -> float:
    """Draw finer lines where there are many."""
    return round(float(min(0.8, 16.0 / np.sqrt(len(panel.polytopes)))), 2)


def _name_once(traces: Sequence[dict[str, Any]]) -> None:
    """Leave each class in the legend once."""
    named: set[str] = set()
    for trace in traces:
        if trace.get("showlegend"):
            trace["showlegend"] = trace["name"] not in named
            named.add(trace["name"])


def _outlines(polygons: Any, span: Array) -> tuple[list[float | None], list[float | None]]:
    """Put closed outlines one after the other, with a gap between them."""
    gap = np.full((1, 2), np.nan)
    parts = [np.vstack([span[0] + each[[*range(len(each)), 0]] * (span[1] - span[0]), gap]) for each in polygons]
    x, y = np.concatenate(parts).T if parts else np.empty((2, 0))
    return rounded(x, 5), rounded(y, 5)
