"""Charts with a row an agent, its name above the row: room for the figures on a phone, and for many agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matchday.report.courses import Courses
from matchday.report.look import DAY, Style, axis, label, layout, rule
from matchday.report.words import rounded

#: Pixels a row takes, of an interval and of bars, and what the axis beneath takes.
ROW = 46
BARS = 74
FOOT = 56


@dataclass(frozen=True, slots=True)
class Interval:
    """A row: a figure with its interval (None: not known), and other figures as hollow marks, each with its words."""

    agent: str
    style: Style
    value: float | None
    low: float | None
    high: float | None
    text: str
    others: Sequence[tuple[float, str, str]] = ()  # (value, Plotly symbol, words)


def known(value: Any) -> float | None:
    """Answer a figure for Plotly, which takes None for one that is not known."""
    return None if pd.isna(value) else float(value)


def sentences(rows: Sequence[Interval]) -> str:
    """Tell what rows show, for those who cannot see them."""
    return " ".join(f"{row.text}." for row in rows)


def intervals(rows: Sequence[Interval], *, title: str) -> dict[str, Any]:
    """Draw a dot and a line a row, the first row on top."""
    height = ROW * len(rows) + FOOT
    traces: list[dict[str, Any]] = []
    names = []
    for place, row in enumerate(rows):
        y = len(rows) - 1 - place
        traces += _interval(row, y)
        names.append(_name(row.agent, x=0.0, xref="paper", y=y + 0.36, yref="y"))
    return {
        "data": traces,
        "layout": layout(
            height=height,
            hovermode="closest",
            margin={"l": 4, "r": 8, "t": 4, "b": 8},
            xaxis=axis(title=title, tickformat=".2~f", nticks=7, range=_reach(rows)),
            yaxis=axis(showticklabels=False, showgrid=False, range=[-0.6, len(rows) - 0.25], automargin=False),
            shapes=[rule(x=0.0)],
            annotations=names,
        ),
    }


def _reach(rows: Sequence[Interval]) -> list[float]:
    """Answer the ends of the axis: all figures and 0, with some air around them."""
    known = [0.0, *(value for row in rows for value, *_ in row.others)]
    known += [each for row in rows for each in (row.value, row.low, row.high) if each is not None]
    air = 0.05 * (max(known) - min(known)) or 0.1
    return [min(known) - air, max(known) + air]


def _interval(row: Interval, y: int) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = []
    common = {"type": "scatter", "meta": row.style.place, "hoverinfo": "text", "hovertext": label(row.text, most=400)}
    if row.low is not None and row.high is not None:
        ends = rounded([row.low, row.high])
        line = {"color": row.style.colour, "width": 3}
        drawn.append({**common, "mode": "lines", "x": ends, "y": [y, y], "line": line, "opacity": 0.55})
    for value, symbol, words in row.others:
        marker = {"color": DAY["paper"], "symbol": symbol, "size": 9, "line": {"color": DAY["muted"], "width": 1.6}}
        drawn.append(
            {**common, "mode": "markers", "x": rounded([value]), "y": [y], "marker": marker, "hovertext": words}
        )
    if row.value is not None:
        marker = {"color": row.style.colour, "symbol": row.style.symbol, "size": 11}
        drawn.append({**common, "mode": "markers", "x": rounded([row.value]), "y": [y], "marker": marker})
    return drawn


def bars(
    courses: Courses, frame: pd.DataFrame, *, styles: Mapping[str, Style], limits: tuple[float, float], form: str
) -> dict[str, Any]:
    """Draw a bar a matchday, the mean of an agent's plays; what is beyond ``limits`` leaves its row and is cut off."""
    agents = courses.agents
    share = 1.0 / max(len(agents), 1)
    traces, names, axes = [], [], {}
    for place, agent in enumerate(agents):
        top = 1.0 - place * share
        number = "" if place == 0 else str(place + 1)
        mean = courses.of_agent(frame, agent).mean(axis=1)
        when = courses.axis(mean.index) if courses.dates is not None else [""] * len(mean)
        traces.append(
            {
                "type": "bar",
                "meta": styles[agent].place,
                "x": mean.index.tolist(),
                "y": rounded(mean),
                "customdata": when,
                "marker": {"color": styles[agent].colour, "line": {"width": 0}},
                "xaxis": "x",
                "yaxis": f"y{number}",
                "hovertemplate": f"{label(agent)}<br>matchday %{{x}} %{{customdata}}<br>%{{y:{form}}}<extra></extra>",
            }
        )
        names.append(_name(agent, x=0.0, xref="x domain", y=top, yref="paper", yanchor="top"))
        axes[f"yaxis{number}"] = axis(
            domain=[top - share + 0.06 * share, top - 0.27 * share],
            range=list(limits),
            nticks=3,
            tickformat=".0%" if form.endswith("%") else "~g",
            zeroline=True,
            zerolinecolor=DAY["zero"],
            zerolinewidth=1,
        )
    lowest = f"y{len(agents)}" if len(agents) > 1 else "y"
    x = axis(title="matchday", showgrid=False, anchor=lowest, range=[0.5, len(frame) + 0.5])
    return {
        "data": traces,
        "layout": layout(
            height=BARS * len(agents) + FOOT,
            hovermode="closest",
            bargap=0.15,
            margin={"l": 8, "r": 8, "t": 4, "b": 8},
            xaxis=x,
            annotations=names,
            **axes,
        ),
    }


def _name(agent: str, **place: Any) -> dict[str, Any]:
    """Write an agent's name above its row."""
    font = {"size": 12, "color": DAY["ink"]}
    return {"text": label(agent), "showarrow": False, "xanchor": "left", "align": "left", "font": font, **place}
