"""Calibration curves: what was forecast, what the price said of the same matches, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from matchday.report.look import DAY, Style, axis, heading, label, layout
from matchday.report.parts import Chart, Table
from matchday.report.words import named, rounded
from matchday.wording import figure

if TYPE_CHECKING:
    from matchday.comparison import Comparison

GROUPS = ("home", "draw", "away", "over_2_5", "under_2_5", "longshots")

HEIGHT = 300

#: Bins of fewer matches are dots alone, without a line to lead the eye to them.
FEW = 10


def calibration_charts(comparison: Comparison, styles: dict[str, Style]) -> tuple[Chart, ...]:
    """Draw a chart a group, with every agent that forecast; the page shows one of them at a time."""
    counted = comparison.calibration.groupby(["agent", "group", "bin"], sort=True)[
        ["matches", "forecast", "market", "won"]
    ].sum()
    return tuple(
        _chart(group, {agent: frame for agent in styles if len(frame := _of(counted, agent, group))}, styles)
        for group in GROUPS
        if group in set(comparison.calibration["group"])
    )


def forecasters(comparison: Comparison) -> tuple[str, ...]:
    """The agents that forecast anything, in the comparison's order."""
    known = set(comparison.calibration["agent"])
    return tuple(agent for agent in comparison.agents if agent in known)


def _of(counted: pd.DataFrame, agent: str, group: str) -> pd.DataFrame:
    """Pick an agent's bins of a group, as means: matches, forecast, market, won."""
    agents, groups = counted.index.get_level_values("agent"), counted.index.get_level_values("group")
    own = counted[(agents == agent) & (groups == group)].droplevel(["agent", "group"])
    return own.assign(**{name: own[name] / own["matches"] for name in ("forecast", "market", "won")})


def _chart(group: str, frames: dict[str, pd.DataFrame], styles: dict[str, Style]) -> Chart:
    top = max(0.1, *(float(frame[["forecast", "market"]].max().max()) for frame in frames.values()))
    won = max(float(frame.loc[frame["matches"] >= FEW, "won"].max()) for frame in frames.values())
    top = min(1.0, max(top, 0.0 if np.isnan(won) else won) + 0.05)
    traces: list[dict[str, Any]] = [_diagonal(top)]
    for agent, frame in frames.items():
        traces += _curves(agent, frame, styles[agent])
    options = {"range": [-0.02 * top, top], "tickformat": ".0%", "nticks": 6}
    figure_ = {
        "data": traces,
        "layout": layout(
            height=HEIGHT,
            hovermode="closest",
            xaxis=axis(title="forecast", **options),
            yaxis=axis(**options),
            annotations=[heading("happened")],
        ),
    }
    text = f"Calibration of {named(group)}: " + "; ".join(
        f"{agent} forecast {frame_mean(frame, 'forecast')}, the price {frame_mean(frame, 'market')}, "
        f"it happened {frame_mean(frame, 'won')}"
        for agent, frame in frames.items()
    )
    return Chart(f"calibration-{group.replace('_', '-')}", figure_, text + ".", title=named(group).capitalize())


def frame_mean(frame: pd.DataFrame, name: str) -> str:
    """Write the mean over all matches of a group's bins."""
    return figure(float(np.average(frame[name], weights=frame["matches"])), ".1%")


def _diagonal(top: float) -> dict[str, Any]:
    line = {"color": DAY["zero"], "width": 1}
    return {"type": "scatter", "mode": "lines", "x": [0, top], "y": [0, top], "line": line, "hoverinfo": "skip"}


def _curves(agent: str, frame: pd.DataFrame, style: Style) -> list[dict[str, Any]]:
    common = {"type": "scatter", "meta": style.place, "x": rounded(frame["forecast"])}
    common["customdata"] = frame["matches"].astype(int).tolist()
    matches = frame["matches"]
    market = {
        **common,
        "mode": "lines+markers",
        "y": rounded(frame["market"]),
        "line": {"color": DAY["muted"], "width": 1.4, "dash": "dot"},
        "marker": {"size": 5, "color": DAY["paper"], "line": {"color": DAY["muted"], "width": 1.4}},
        "hovertemplate": "forecast %{x:.1%}, the price said %{y:.1%}<br>%{customdata:,} matches<extra></extra>",
    }
    line = {
        **common,
        "mode": "lines",
        "y": rounded(frame["won"].where(matches >= FEW)),
        "connectgaps": True,
        "line": {"color": style.colour, "width": 2},
        "hoverinfo": "skip",
    }
    size = rounded(4.0 + 12.0 * np.sqrt(matches / matches.max()), 3)
    happened = {
        **common,
        "mode": "markers",
        "y": rounded(frame["won"]),
        "marker": {"size": size, "color": style.colour, "opacity": 0.85, "line": {"width": 0}},
        "hovertemplate": f"{label(agent)}<br>forecast %{{x:.1%}}, happened %{{y:.1%}}<br>"
        "%{customdata:,} matches<extra></extra>",
    }
    return [market, line, happened]


def calibration_table(comparison: Comparison) -> Table:
    """Tabulate mean forecast, price and share won, by agent and group."""
    sums = comparison.calibration.groupby(["agent", "group"])[["matches", "forecast", "market", "won"]].sum()
    known = {key: sums.iloc[place] for place, key in enumerate(sums.index)}
    rows = []
    for agent in forecasters(comparison):
        for group in GROUPS:
            row = known.get((agent, group))
            if row is None:
                continue
            n = float(row["matches"])
            means = (figure(row[name] / n, ".1%") for name in ("forecast", "market", "won"))
            rows.append((agent, named(group), f"{n:,.0f}", *means))
    head = ("agent", "selection", "matches", "forecast", "price", "happened")
    return Table.plain("Mean forecast, mean de-vigged price and share that happened", head, rows)
