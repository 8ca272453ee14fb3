"""Putting the report together: sections of charts and tables into the template, with Plotly's script beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd
import plotly.graph_objects as go
import plotly.offline
from markupsafe import Markup

import matchday
from matchday.report import look, prose
from matchday.report.bankrolls import bankrolls
from matchday.report.betting import bets_shown
from matchday.report.calibrating import calibration_charts, calibration_table, forecasters
from matchday.report.contrasts import (
    differences_chart,
    differences_table,
    spa_words,
    truth_chart,
    truth_known,
    truth_table,
)
from matchday.report.courses import Courses
from matchday.report.gains import edge_chart, gain_charts
from matchday.report.matchdays import growth_by_matchday, stakes_by_matchday
from matchday.report.parts import Section
from matchday.report.standings import failures_table, growth_chart, leaderboard_tables
from matchday.wording import UNKNOWN, figure

if TYPE_CHECKING:
    from matchday.comparison import Comparison

Styles = dict[str, look.Style]


def assemble(comparison: Comparison, further: Sequence[Section] = ()) -> str:
    """Render the page, with ``further`` sections before those that every report has."""
    styles = {name: look.Style(place) for place, name in enumerate(comparison.agents)}
    sections = [*further, *_sections(comparison, styles)]
    shown = bets_shown(comparison)
    charts = [chart for section in sections for chart in section.charts]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=prose.title(comparison),
            scope=prose.scope(comparison),
            comparison=comparison,
            styles=styles,
            sections=sections,
            bets=shown,
            limits=prose.LIMITS,
            day=look.DAY,
            night=look.NIGHT,
            version=matchday.__version__,
            data=_data(
                {
                    "figures": {chart.id: _checked(chart.figure) for chart in charts},
                    "night": dict(zip(look.DAY.values(), look.NIGHT.values(), strict=True)),
                    "bets": shown.data,
                }
            ),
            plotly=Markup(plotly.offline.get_plotlyjs()),
        )
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("matchday.report", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"figure": figure, "parameter": _parameter, "text": _text, "told": _told}
    return environment


def _parameter(value: Any) -> str:
    """Write a component's parameter as a command line takes it; tables and lists as JSON."""
    if value is None or isinstance(value, str):
        return value or "none"
    return json.dumps(value, ensure_ascii=False, default=str)


def _told(text: str) -> list[Any]:
    """Take small print apart where it is JSON objects, as rules are; else it is one text."""
    try:
        parts = json.loads(f"[{text.replace('}; {', '}, {')}]")
    except ValueError:
        return [text]
    return parts if all(isinstance(part, dict) for part in parts) else [text]


def _text(value: Any) -> str:
    return UNKNOWN if value is None or pd.isna(value) else str(value)


def _checked(made: dict[str, Any]) -> dict[str, Any]:
    """Let Plotly check a figure, and leave its default template out."""
    checked: dict[str, Any] = go.Figure(made).to_dict()
    checked["layout"].pop("template", None)
    return checked


def _data(value: dict[str, Any]) -> Markup:
    """Write JSON that is safe within a script element, whatever texts it holds."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _sections(comparison: Comparison, styles: Styles) -> Iterator[Section]:
    """Make the sections in the order of the page; those with nothing to show are left out."""
    yield _leaderboard(comparison, styles)
    if len(comparison.differences):
        yield _differences(comparison, styles)
    if len(comparison.matchdays):
        yield from _courses(comparison, styles)
    yield from _truth(comparison, styles)
    yield Section("bets", "Bets", prose.READING["bets"], partial="bets.html.j2")
    yield Section("agents", "Agents", prose.READING["agents"], partial="agents.html.j2")
    yield Section("data", "Data, rules and versions", prose.READING["data"], partial="data.html.j2")
    yield Section("limits", "What this can and cannot say", prose.READING["limits"], partial="limits.html.j2")


def _leaderboard(comparison: Comparison, styles: Styles) -> Section:
    failures = failures_table(comparison)
    return Section(
        "leaderboard",
        "Leaderboard",
        prose.READING["leaderboard"],
        charts=(growth_chart(comparison, styles),) if comparison.leaderboard["growth"].notna().any() else (),
        tables=(*leaderboard_tables(comparison, styles), *([failures] if failures else [])),
        notes=(f"Published results: {comparison.published_source}",) if comparison.published else (),
    )


def _differences(comparison: Comparison, styles: Styles) -> Section:
    caveat = (
        "The Mann-Whitney test is the one KellyBench was published with. It pools the matchdays of all plays as though "
        "each were independent and ignores the pairing: seeds of one schedule share their luck, and so it overstates "
        "significance. It stands here to be compared with, not to be relied on."
    )
    return Section(
        "differences",
        f"Differences from {comparison.baseline}",
        prose.READING["differences"],
        charts=(differences_chart(comparison, styles),) if comparison.differences["difference"].notna().any() else (),
        tables=(differences_table(comparison, styles),),
        notes=tuple(filter(None, (spa_words(comparison), caveat))),
    )


def _courses(comparison: Comparison, styles: Styles) -> Iterator[Section]:
    """What went on from matchday to matchday, and what came of which bets."""
    courses = Courses.of(comparison)
    several = any(courses.plays(agent) > 1 for agent in courses.agents)
    reading = prose.bankrolls_reading(dated=courses.dates is not None, several=several)
    yield Section("bankrolls", "Bankrolls", reading, charts=(bankrolls(courses, styles),), legend=True)
    growth = (growth_by_matchday(courses, styles),)
    yield Section("matchdays", "Growth by matchday", prose.READING["matchdays"], charts=growth)
    if len(comparison.calibration):
        yield _calibration(comparison, styles)
    dimensions = set(comparison.breakdown["dimension"])
    groups = comparison.breakdown.loc[comparison.breakdown["dimension"] == "edge", "group"]
    if (groups != "no opinion").any():
        edges = (edge_chart(comparison, styles),)
        yield Section("edges", "Edge claimed, edge realised", prose.READING["edges"], charts=edges, legend=True)
    stakes = (stakes_by_matchday(courses, styles),)
    yield Section("stakes", "Stakes against bankroll", prose.READING["stakes"], charts=stakes)
    if dimensions - {"edge", "kind"}:
        charts = gain_charts(comparison, styles)
        reading = prose.READING["money"]
        yield Section("money", "Where the money was made and lost", reading, charts=charts, legend=True, grid=True)


def _calibration(comparison: Comparison, styles: Styles) -> Section:
    return Section(
        "calibration",
        "Calibration",
        prose.READING["calibration"],
        charts=calibration_charts(comparison, styles),
        tables=(calibration_table(comparison),),
        choices=tuple((styles[agent].place, agent) for agent in forecasters(comparison)),
        grid=True,
    )


def _truth(comparison: Comparison, styles: Styles) -> Iterator[Section]:
    if truth_known(comparison):
        chart, table = truth_chart(comparison, styles), truth_table(comparison, styles)
        yield Section("truth", "Growth against the truth", prose.READING["truth"], charts=(chart,), tables=(table,))
