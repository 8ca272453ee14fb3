"""How studies draw: the trained network and its untrained twin look the same in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from matchday.report.look import DAY, Style, axis, heading, layout, rule
from matchday.report.words import rounded
from matchday_plugins.lens.studies.study import TRAINED, UNTRAINED

#: Markers of the two networks.
LOOKS = {
    TRAINED: {"color": Style(0).colour, "symbol": "circle"},
    UNTRAINED: {"color": DAY["muted"], "symbol": "diamond-open"},
}


def ratio_figure(frame: pd.DataFrame, places: Sequence[str], title: str) -> dict[str, Any]:
    """Draw ``ratio`` with its interval ``low`` to ``high`` of both networks, at ``places``, one a row of each."""
    traces = []
    for network, look in LOOKS.items():
        own = frame[frame["network"] == network]
        error = {"array": rounded(own["high"] - own["ratio"]), "arrayminus": rounded(own["ratio"] - own["low"])}
        trace: dict[str, Any] = {"type": "scatter", "mode": "markers", "name": network, "x": list(places)}
        trace["y"] = rounded(own["ratio"])
        trace["error_y"] = {"type": "data", "symmetric": False, "color": look["color"], "thickness": 1.5, **error}
        trace["marker"] = {"size": 9, **look}
        trace["hovertemplate"] = f"{network}, %{{x}}: %{{y:.2f}}<extra></extra>"
        traces.append(trace)
    return {"data": traces, "layout": by_category(title, yaxis=axis(nticks=6), shapes=[rule(y=1.0)])}


def by_category(title: str, **options: Any) -> dict[str, Any]:
    """Lay out a chart over categories, with a legend beneath it."""
    legend = {"orientation": "h", "xref": "container", "yref": "container", "x": 0, "y": 0, "yanchor": "bottom"}
    margin = {"l": 8, "r": 12, "t": 26, "b": 76}  # room for labels that are tilted, on a phone
    common = {"xaxis": axis(type="category"), "annotations": [heading(title)], "showlegend": True, "legend": legend}
    return layout(height=300, margin=margin, **common, **options)
