"""Edges claimed against edges realised, and where the money was made and lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from matchday.comparison.bets import CLUBS, EDGE_BANDS, ODDS_BANDS
from matchday.markets import MARKETS, SELECTIONS
from matchday.report.look import DAY, Style, axis, heading, label, layout, rule
from matchday.report.parts import Chart, Table
from matchday.report.words import named, rounded
from matchday.wording import figure

if TYPE_CHECKING:
    from matchday.comparison import Comparison

#: Groups of fewer bets say nothing of a yield, and would stretch the axis until nothing else could be seen.
FEW = 10

#: Opacity of a line that only holds an agent's dots together, as two hexadecimal digits.
FAINT = "73"

GAIN = "profit a season, % of the start"

TITLES = {
    "market": "By market",
    "clubs": "By clubs",
    "selection": "By selection",
    "odds": "By odds",
    "month": "By month",
}
ORDER: dict[str, tuple[str, ...]] = {
    "market": tuple(market.name for market in MARKETS),
    "selection": SELECTIONS,
    "odds": ODDS_BANDS,
    "clubs": CLUBS[::-1],
    "edge": EDGE_BANDS,
    "month": ("Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun"),
}
_CALENDAR = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def edge_chart(comparison: Comparison, styles: dict[str, Style]) -> Chart:
    """Draw the yield that each group of bets claimed against the one it had."""
    summed = _summed(comparison, "edge")
    known = summed[summed["group"] != EDGE_BANDS[-1]]
    shown = known[known["bets"] >= FEW] if (known["bets"] >= FEW).any() else known
    most = int(shown["bets"].max())
    low, high = float(min(0.0, shown["claimed_yield"].min())), float(max(0.05, shown["claimed_yield"].max()))
    line = {"color": DAY["zero"], "width": 1}
    equal = {"type": "scatter", "mode": "lines", "x": [low, high], "y": [low, high], "line": line, "hoverinfo": "skip"}
    traces: list[dict[str, Any]] = [equal]
    for agent, rows in shown.groupby("agent", sort=False):
        traces.append(_edges(str(agent), rows.sort_values("claimed_yield"), style=styles[str(agent)], most=most))
    chart = {
        "data": traces,
        "layout": layout(
            height=420,
            hovermode="closest",
            xaxis=axis(title="yield claimed", tickformat=".0%", nticks=8),
            yaxis=axis(tickformat=".0%", nticks=8),
            shapes=[rule(y=0.0)],
            annotations=[heading("yield realised"), _diagonal(high)],
        ),
    }
    head = ("agent", "edge claimed", "bets", "yield claimed", "yield realised")
    cells = [
        (
            str(row.agent),
            str(row.group),
            f"{row.bets:,}",
            figure(row.claimed_yield, "+.1%"),
            figure(row.realised, "+.1%"),
        )
        for row in summed.itertuples()
    ]
    text = "Yield claimed against yield realised, by the edge claimed; the numbers are in the table beneath."
    return Chart("edge-claimed", chart, text, table=Table.plain("Yields by the edge claimed", head, cells))


def _diagonal(at: float) -> dict[str, Any]:
    """Say at the end of the diagonal what it is."""
    font = {"size": 11, "color": DAY["muted"]}
    place = {"x": at, "y": at, "xanchor": "right", "yanchor": "bottom", "yshift": 4}
    return {"text": "as promised", "showarrow": False, "font": font, **place}


def _edges(agent: str, rows: pd.DataFrame, *, style: Style, most: int) -> dict[str, Any]:
    name = label(agent)
    size = [4.0 + 12.0 * (bets / most) ** 0.5 for bets in rows["bets"]]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "meta": style.place,
        "x": rounded(rows["claimed_yield"]),
        "y": rounded(rows["realised"]),
        "customdata": [[group, f"{bets:,}"] for group, bets in zip(rows["group"], rows["bets"], strict=True)],
        "line": {"color": style.colour + FAINT, "dash": style.dash, "width": 1.2},
        "marker": {"color": style.colour, "symbol": style.symbol, "size": rounded(size, 3), "opacity": 0.8},
        "hovertemplate": f"{name}<br>edge %{{customdata[0]}}: %{{customdata[1]}} bets<br>"
        "claimed %{x:+.1%}, realised %{y:+.1%}<extra></extra>",
    }


def gain_charts(comparison: Comparison, styles: dict[str, Style]) -> tuple[Chart, ...]:
    """Draw profits by market, selection, odds, clubs and month, a bar an agent."""
    charts = []
    for dimension in TITLES:
        summed = _summed(comparison, dimension)
        if len(summed):
            charts.append(_gains(summed, dimension, styles))
    return tuple(charts)


def _gains(summed: pd.DataFrame, dimension: str, styles: dict[str, Style]) -> Chart:
    agents = [agent for agent in styles if agent in set(summed["agent"])]
    groups = [_told(str(each)) for each in summed["group"].cat.categories]
    traces = [_profits(agent, summed[summed["agent"] == agent], styles[agent]) for agent in agents]
    drawn = _over_time(traces, groups) if dimension == "month" else _side_by_side(traces, groups)
    head = ("agent", "group", "bets", "staked", "profit", "yield")
    cells = [
        (
            str(row.agent),
            named(str(row.group)),
            f"{row.bets:,}",
            figure(row.staked, ",.2f"),
            figure(row.profit, "+,.2f"),
            figure(row.realised, "+.1%"),
        )
        for row in summed.itertuples()
    ]
    title = TITLES[dimension]
    table = Table.plain(f"{title}: sums over all plays", head, cells)
    return Chart(f"gains-{dimension}", drawn, f"Profit {title.lower()}, an agent a bar.", title=title, table=table)


def _side_by_side(traces: list[dict[str, Any]], groups: list[str]) -> dict[str, Any]:
    """Draw a bar an agent in each group, from the left to the right, as tall as that takes."""
    lane, gap = (13 if len(traces) <= 4 else 8), 16
    row = lane * len(traces) + gap
    y = axis(showgrid=False, type="category", categoryorder="array", categoryarray=groups, autorange="reversed")
    options = {"margin": {"l": 8, "r": 12, "t": 4, "b": 8}, "barmode": "group", "bargap": gap / row}
    x = axis(title=GAIN, tickformat=".0%", nticks=5)
    height = len(groups) * row + 56
    return {
        "data": traces,
        "layout": layout(height=height, hovermode="closest", xaxis=x, yaxis=y, shapes=[rule(x=0.0)], **options),
    }


def _over_time(traces: list[dict[str, Any]], groups: list[str]) -> dict[str, Any]:
    """Draw the same bars upright, time running from left to right."""
    upright = []
    for trace in traces:
        words = trace["hovertemplate"].replace("%{y}: %{x:", "%{x}: %{y:")
        upright.append({**trace, "orientation": "v", "x": trace["y"], "y": trace["x"], "hovertemplate": words})
    x = axis(showgrid=False, type="category", categoryorder="array", categoryarray=groups)
    y = axis(tickformat=".0%", nticks=6)
    options = {"barmode": "group", "bargap": 0.25, "annotations": [heading(GAIN)]}
    return {
        "data": upright,
        "layout": layout(height=300, hovermode="closest", xaxis=x, yaxis=y, shapes=[rule(y=0.0)], **options),
    }


def _profits(agent: str, rows: pd.DataFrame, style: Style) -> dict[str, Any]:
    told = [[f"{row.bets:,}", figure(row.profit, "+,.2f"), figure(row.realised, "+.1%")] for row in rows.itertuples()]
    return {
        "type": "bar",
        "orientation": "h",
        "meta": style.place,
        "x": rounded(rows["gain"]),
        "y": [_told(str(group)) for group in rows["group"]],
        "customdata": told,
        "marker": {"color": style.colour, "line": {"width": 0}, "pattern": _pattern(style)},
        "hovertemplate": f"{label(agent)}<br>%{{y}}: %{{x:+.1%}} of the starting bankroll a season<br>"
        "%{customdata[0]} bets, profit %{customdata[1]} in all, yield %{customdata[2]}<extra></extra>",
    }


def _told(group: str) -> str:
    """Name a group shortly enough for an axis."""
    return label({"total_goals_2_5": "over or under"}.get(group, named(group)), most=24)


def _pattern(style: Style) -> dict[str, Any]:
    """Hatch the bars of agents whose colour another one has."""
    shapes = {"solid": "", "dash": "/", "dot": ".", "dashdot": "x"}
    return {"shape": shapes[style.dash], "size": 5, "solidity": 0.35, "fillmode": "overlay"}


def _summed(comparison: Comparison, dimension: str) -> pd.DataFrame:
    """Add the plays up by agent and group: bets, staked, profit, claimed; yields; and the gain.

    ``gain`` is the profit a play as a share of the starting bankroll, 0 for a play without such bets.
    """
    parts = comparison.breakdown[comparison.breakdown["dimension"] == dimension]
    plays = comparison.plays[comparison.plays["status"] != "failed"]
    start = plays.groupby(["agent", "season", "seed", "schedule"])["bankroll_start"].first().rename("start")
    parts = parts.merge(start.reset_index(), on=["agent", "season", "seed", "schedule"], how="left")
    groups = _groups(parts["group"], dimension)
    parts = parts.assign(group=groups, gain=parts["profit"] / parts["start"])
    agents = pd.Categorical(parts["agent"], categories=list(comparison.agents), ordered=True)
    columns = ["bets", "staked", "profit", "claimed", "gain"]
    summed = parts.assign(agent=agents).groupby(["agent", "group"], observed=True)[columns].sum().reset_index()
    summed["agent"] = summed["agent"].astype("str")
    counted = summed["agent"].map(plays.groupby("agent").size())
    return summed.assign(
        bets=summed["bets"].astype("int64"),
        gain=summed["gain"] / counted,
        realised=summed["profit"] / summed["staked"].where(summed["staked"] > 0),
        claimed_yield=summed["claimed"] / summed["staked"].where(summed["staked"] > 0),
    )


def _groups(groups: pd.Series[str], dimension: str) -> pd.Categorical[str]:
    """Put the groups in their order; a month is the same one in all seasons."""
    if dimension == "month":
        groups = groups.map(lambda month: _CALENDAR[int(month[5:7]) - 1])
    known = set(groups)
    return pd.Categorical(groups, categories=[each for each in ORDER[dimension] if each in known], ordered=True)
