"""The charts of the lens: how large polytopes are, their rules side by side, and how near boundaries are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from matchday.report.look import DAY, Style, axis, heading, label, layout, rule
from matchday.report.words import named, rounded
from matchday_plugins.lens.report.findings import Findings
from matchday_plugins.lens.studies.drawing import AT_FOOT, BENEATH

#: So many polytopes are told apart in charts, the largest ones.
SHOWN = 5

#: So many of the network's inputs are drawn of a rule.
INPUTS = 14

_MARGIN = {"l": 8, "r": 12, "t": 26, "b": 48}


def shown(found: Findings) -> list[int]:
    """The polytopes that are told apart: the largest, and none of a lone match but the first."""
    large = found.polytopes[found.polytopes["matches"] > 1].index.tolist() or [1]
    return large[:SHOWN]


def size_chart(found: Findings) -> dict[str, Any]:
    """Draw how many matches each polytope holds."""
    sizes = found.polytopes["matches"]
    told_apart = shown(found)
    bar = {
        "type": "bar",
        "x": sizes.index.tolist(),
        "y": sizes.tolist(),
        "marker": {"color": [Style(n - 1).colour if n in told_apart else DAY["zero"] for n in sizes.index]},
        "hovertemplate": "polytope %{x}: %{y} matches<extra></extra>",
    }
    across = axis(title="polytope, the largest first", showgrid=False, tickformat="d", nticks=12)
    options = {"xaxis": across, "yaxis": axis(nticks=6), "annotations": [heading("matches")], "bargap": 0.15}
    return {"data": [bar], "layout": layout(height=240, **options, margin={"l": 8, "r": 12, "t": 26, "b": 8})}


def rule_chart(found: Findings, contrast: str) -> dict[str, Any]:
    """Draw the coefficients of the largest polytopes' rules, an input a line, those of the most weight on top."""
    rules = found.rules_of(contrast).loc[shown(found)]
    names = rules.abs().max().sort_values(kind="stable").index[-INPUTS:]
    in_favour, against = contrast.split(" against ")
    traces = []
    for place, (number, own) in enumerate(rules[names].iterrows()):
        marker = {"size": 9 - place, "color": Style(place).colour, "symbol": ("circle", "diamond", "square")[place % 3]}
        trace = {"type": "scatter", "mode": "markers", "name": f"polytope {number}", "marker": marker}
        places: dict[str, Any] = {"x": rounded(own), "y": [label(name) for name in names]}
        traces.append({**trace, **places, "hovertemplate": f"polytope {number}<br>%{{y}} %{{x:+.3f}}<extra></extra>"})
    options = {
        "xaxis": axis(nticks=5, tickangle=0, title=f"← {against}     {in_favour} →"),
        "yaxis": axis(type="category"),
        "shapes": [rule(x=0.0)],
        "margin": {**_MARGIN, "t": 8, "b": 80},
        "legend": AT_FOOT,
    }
    return {"data": traces, "layout": layout(height=100 + 24 * len(names), **options, showlegend=True)}


def boundary_chart(found: Findings) -> dict[str, Any]:
    """Draw the matches by what the network says and how far their nearest boundary is, coloured by polytope."""
    selection = found.specimen.market.selections[0]
    frame = found.matches.join(found.boundaries["distance"])
    traces = []
    told_apart = shown(found)
    for place, number in enumerate([*told_apart, None]):
        own = frame[~frame["polytope"].isin(told_apart)] if number is None else frame[frame["polytope"] == number]
        if own.empty:
            continue
        colour = DAY["zero"] if number is None else Style(place).colour
        trace: dict[str, Any] = {"type": "scatter", "mode": "markers"}
        trace["name"] = "others" if number is None else f"polytope {number}"
        trace |= {"x": rounded(own[selection]), "y": rounded(own["distance"]), "marker": {"size": 6, "color": colour}}
        text = [label(f"{match}, {date:%-d %b %Y}, polytope {n}", most=80) for match, date, n in _told(own)]
        traces.append({**trace, "text": text, "hovertemplate": "%{text}<br>%{x:.1%}, %{y:.3f} away<extra></extra>"})
    options = {
        "xaxis": axis(title=f"probability of {named(selection)}, this network's", tickformat=".0%", nticks=7),
        "yaxis": axis(nticks=6, rangemode="tozero"),
        "annotations": [heading("distance to the nearest boundary")],
    }
    return {"data": traces, "layout": layout(height=340, **options, margin=_MARGIN, showlegend=True, legend=BENEATH)}


def between_chart(found: Findings) -> dict[str, Any]:
    """Draw how many boundaries lie between a match and the typical one."""
    counted = found.boundaries["between"].value_counts().sort_index()
    bar = {"type": "bar", "x": counted.index.tolist(), "y": counted.tolist(), "marker": {"color": Style(0).colour}}
    bar["hovertemplate"] = "%{x} boundaries between: %{y} matches<extra></extra>"
    across = axis(title="boundaries between a match and the typical one", showgrid=False, tickformat="d", nticks=10)
    options = {"xaxis": across, "yaxis": axis(nticks=5), "annotations": [heading("matches")], "bargap": 0.15}
    return {"data": [bar], "layout": layout(height=220, **options)}


def _told(own: pd.DataFrame) -> Any:
    return zip(own["match"], own["date"], own["polytope"], strict=True)
