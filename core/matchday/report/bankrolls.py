"""The bankroll curves, and beneath them on the same axis how far each is below its peak."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from matchday.report.courses import Courses
from matchday.report.look import DAY, Style, axis, heading, label, layout, rule
from matchday.report.parts import Chart, Table
from matchday.report.words import rounded, span
from matchday.wording import figure

#: What a bankroll starts from in the chart.
START = 100.0

#: Opacity of the band between an agent's worst and best play, as two hexadecimal digits.
BAND = "26"

HEIGHT = 560


def bankrolls(courses: Courses, styles: dict[str, Style]) -> Chart:
    """Draw the bankrolls on a logarithmic scale, the mean of logs and the range of an agent's plays."""
    drawdown = courses.drawdown
    curves: list[dict[str, Any]] = []
    falls: list[dict[str, Any]] = []
    for agent in courses.agents:
        style, own = styles[agent], courses.of_agent(courses.bankroll, agent)
        fallen = courses.of_agent(drawdown, agent).mean(axis=1)
        curves += _band(courses, own, style) if own.shape[1] > 1 else []
        curves.append(
            _curve(courses, START * np.exp(np.log(own).mean(axis=1)), fallen=fallen, agent=agent, style=style)
        )
        falls.append(_fall(courses, -fallen, agent=agent, style=style))
    ends = _ends(courses)
    return Chart(
        "bankroll-curves", {"data": [*curves, *falls], "layout": _layout(courses)}, _text(ends), table=_table(ends)
    )


def _curve(
    courses: Courses, values: pd.Series[float], *, fallen: pd.Series[float], agent: str, style: Style
) -> dict[str, Any]:
    return {
        **_line(courses, values, agent=agent, style=style),
        "customdata": rounded(fallen, 3),
        "hovertemplate": "%{y:.4~g}, %{customdata:.1%} below its peak",
        "yaxis": "y",
    }


def _fall(courses: Courses, values: pd.Series[float], *, agent: str, style: Style) -> dict[str, Any]:
    return {
        **_line(courses, values, agent=agent, style=style),
        "hoverinfo": "skip",  # the curve above tells it
        "yaxis": "y2",
        "line": {"color": style.colour, "dash": style.dash, "width": 1.2},
    }


def _line(courses: Courses, values: pd.Series[float], *, agent: str, style: Style) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label(agent),
        "meta": style.place,
        "x": courses.axis(values.index),
        "y": rounded(values),
        "xaxis": "x",
        "line": {"color": style.colour, "dash": style.dash, "width": 2},
    }


def _band(courses: Courses, own: pd.DataFrame, style: Style) -> list[dict[str, Any]]:
    """Shade what lies between an agent's lowest and highest play: there and back again."""
    x = courses.axis(own.index)
    low, high = rounded(START * own.min(axis=1)), rounded(START * own.max(axis=1))
    band = {
        "type": "scatter",
        "mode": "lines",
        "meta": style.place,
        "x": [*x, *x[::-1]],
        "y": [*high, *low[::-1]],
        "fill": "toself",
        "fillcolor": style.colour + BAND,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "legendgroup": "band",  # what the page hides while many agents are shown
        "xaxis": "x",
        "yaxis": "y",
    }
    return [band]


def _layout(courses: Courses) -> dict[str, Any]:
    dated = courses.dates is not None
    x = axis(
        title=None if dated else "matchday",
        anchor="y2",
        showgrid=False,
        showspikes=True,
        spikemode="across",
        spikethickness=1,
        spikedash="solid",
    )
    x |= {"spikecolor": DAY["zero"], "fixedrange": False}
    x |= {"type": "date", "hoverformat": "%a %-d %b %Y"} if dated else {"hoverformat": "d"}
    return layout(
        height=HEIGHT,
        hovermode="x unified",
        hoversubplots="axis",
        xaxis=x,
        yaxis=axis(type="log", domain=[0.38, 1.0], **_scale(START * courses.bankroll)),
        yaxis2=axis(domain=[0.0, 0.28], tickformat=".0%", rangemode="tozero", nticks=5),
        annotations=[heading("bankroll, start = 100"), heading("below its peak", y=0.28)],
        shapes=[rule(y=START, yref="y"), rule(y=0.0, yref="y2")],
    )


def _scale(bankrolls: pd.DataFrame) -> dict[str, Any]:
    """Choose the ends and the ticks of the logarithmic axis; a bankroll that hardly moves looks as calm as it was."""
    low, high = min(float(bankrolls.min().min()) / 1.04, 90.0), max(float(bankrolls.max().max()) * 1.04, 111.0)
    if high / low > 4.0:
        steps = (1.0, 2.0, 5.0) if high / low < 2000.0 else (1.0,)
        ticks = [step * 10.0**power for power in range(-3, 12) for step in steps]
    else:
        apart = next(each for each in (5.0, 10.0, 20.0, 50.0, 100.0) if (high - low) / each <= 8)
        ticks = [apart * nth for nth in range(1, int(high / apart) + 1)]
    shown = [each for each in ticks if low <= each <= high]
    texts = [f"{each:,.10g}" for each in shown]
    return {"range": [math.log10(low), math.log10(high)], "tickvals": shown, "ticktext": texts}


def _ends(courses: Courses) -> list[tuple[str, ...]]:
    """Where each agent's bankrolls ended, lowest and highest on the way, as the table beneath the chart."""
    rows: list[tuple[str, ...]] = []
    for agent in courses.agents:
        own = START * courses.of_agent(courses.bankroll, agent)
        last = own.iloc[-1]
        typical = float(np.exp(np.log(last).mean()))
        ends = span(last.min(), last.max(), ",.2f") if len(last) > 1 else ""
        extremes = (figure(float(own.min().min()), ",.2f"), figure(float(own.max().max()), ",.2f"))
        rows.append((agent, figure(typical, ",.2f"), ends or "–", *extremes, str(len(last))))
    return rows


def _text(ends: list[tuple[str, ...]]) -> str:
    told = "; ".join(f"{agent} {end}" for agent, end, *_ in ends)
    return f"Bankroll curves on a logarithmic scale from 100, with drawdowns beneath. At the end: {told}."


def _table(ends: list[tuple[str, ...]]) -> Table:
    head = (
        "agent",
        "end (geometric mean)",
        "end, lowest to highest",
        "lowest on the way",
        "highest on the way",
        "plays",
    )
    return Table.plain("Bankrolls, start = 100", head, ends)
