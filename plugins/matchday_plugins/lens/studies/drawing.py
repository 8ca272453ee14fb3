"""How studies draw: the trained network and its untrained twin look the same in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from matchday.report.look import DAY, Style, axis, heading, layout, rule
from matchday.report.words import rounded
from matchday_plugins.lens.studies.study import TRAINED, UNTRAINED

#: Markers of the two networks.
LOOKS = {
    TRAINED: {"color": Style(0).colour, "symbol": "circle"},
    UNTRAINED: {"color": DAY["muted"], "symbol": "diamond-open"},
}

#: Legends: right beneath a chart's axis, and at the foot of the whole figure, whatever room labels take above it.
BENEATH = {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.16, "yanchor": "top"}
AT_FOOT = {"orientation": "h", "xref": "container", "yref": "container", "x": 0, "y": 0, "yanchor": "bottom"}


def ratio_figure(frame: pd.DataFrame, places: Sequence[str], title: str, *, bars: str) -> dict[str, Any]:
    """Draw ``ratio`` with its interval ``low`` to ``high`` of both networks, at ``places``, one a row of each.

    ``bars`` says beneath what the interval is.
    """
    traces = []
    for network, look in LOOKS.items():
        own = frame[frame["network"] == network]
        trace: dict[str, Any] = {"type": "scatter", "mode": "markers", "name": network, "x": list(places)}
        trace["y"] = rounded(own["ratio"])
        trace["error_y"] = error_bars(own, "ratio", look["color"])
        trace["marker"] = {"size": 9, **look}
        trace["hovertemplate"] = f"{network}, %{{x}}: %{{y:.2f}}<extra></extra>"
        traces.append(trace)
    aside = {"scattermode": "group", "scattergap": 0.85}  # the networks side by side; Plotly would begin at 0 for them
    options = {"yaxis": axis(nticks=6, range=_range(frame)), "shapes": [rule(y=1.0)], **aside}
    return {"data": traces, "layout": by_category(title, bars, **options)}


def _range(frame: pd.DataFrame) -> list[float | None]:
    """Reach from the least end to the greatest, 1 among them."""
    ends = np.append(frame[["ratio", "low", "high"]].to_numpy(), 1.0)
    low, high = np.nanmin(ends), np.nanmax(ends)
    room = 0.06 * (high - low) or 0.1
    return rounded([low - room, high + room])


def error_bars(frame: pd.DataFrame, name: str, colour: str) -> dict[str, Any]:
    """Make the bars from ``low`` to ``high`` around a column."""
    ways = {"array": rounded(frame["high"] - frame[name]), "arrayminus": rounded(frame[name] - frame["low"])}
    return {"type": "data", "symmetric": False, "color": colour, "thickness": 1.5, **ways}


def by_category(title: str, beneath: str, **options: Any) -> dict[str, Any]:
    """Lay out a chart over categories, with words ``beneath`` them, and a legend."""
    margin = {"l": 8, "r": 12, "t": 26, "b": 76}  # room for labels that are tilted, on a phone
    common = {
        "xaxis": axis(type="category", title=beneath),
        "annotations": [heading(title)],
        "showlegend": True,
        "legend": AT_FOOT,
    }
    return layout(height=300, margin=margin, **common, **options)
