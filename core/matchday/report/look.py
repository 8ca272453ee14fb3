"""The look of the report: its colours by day and by night, and what all charts have in common.

A figure is made in the colours of the day; the page swaps each for its counterpart of the night. The agents' colours
follow Okabe & Ito, shaded until each stands out from the paper and from its neighbours in both schemes; when they are
used up they come again with another dash.

Okabe, M. & Ito, K. (2008). Color universal design: how to make figures and presentations that are friendly to
colorblind people. J*FLY, University of Tokyo.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

DAY = {
    "paper": "#fdfdfb",
    "raised": "#f5f5f1",
    "ink": "#1c2126",
    "muted": "#5a646e",
    "rule": "#dddcd6",
    "grid": "#e8e7e2",
    "zero": "#8d949b",
    "accent": "#1f5f8b",
    "good": "#17694f",
    "bad": "#a8401c",
    "agent0": "#0f6cac",
    "agent1": "#cc5412",
    "agent2": "#0a8763",
    "agent3": "#a34c8f",
    "agent4": "#a57a00",
    "agent5": "#5f5fbf",
}

NIGHT = {
    "paper": "#14181c",
    "raised": "#1c2228",
    "ink": "#e9ebec",
    "muted": "#a3adb6",
    "rule": "#353d45",
    "grid": "#272e35",
    "zero": "#757f88",
    "accent": "#7fbce6",
    "good": "#62c8a0",
    "bad": "#f19670",
    "agent0": "#5cb0f0",
    "agent1": "#f58b4c",
    "agent2": "#3fc296",
    "agent3": "#e093cb",
    "agent4": "#dfb63f",
    "agent5": "#a9a7f7",
}

COLOURS = 6
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "diamond", "square", "triangle-up")

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"


@dataclass(frozen=True, slots=True)
class Style:
    """How an agent is drawn: its place in the comparison gives colour, dash and marker, the same in all charts."""

    place: int

    @property
    def token(self) -> str:
        """The name of its colour."""
        return f"agent{self.place % COLOURS}"

    @property
    def colour(self) -> str:
        """Its colour by day."""
        return DAY[self.token]

    @property
    def dash(self) -> str:
        """Its dash, as Plotly names them."""
        return DASHES[self.place // COLOURS % len(DASHES)]

    @property
    def symbol(self) -> str:
        """Its marker, as Plotly names them."""
        return SYMBOLS[self.place // COLOURS % len(SYMBOLS)]


def label(text: str, *, most: int = 36) -> str:
    """Write a user's text so that a chart shows it as text, cut to a length that a chart has room for.

    >>> label("<b>bold</b>"), label("a" * 50, most=6), label("50 %{x}")
    ('&lt;b&gt;bold&lt;/b&gt;', 'aaaaa…', '50 % {x}')
    """
    short = text if len(text) <= most else text[: most - 1] + "…"
    return html.escape(short, quote=False).replace("%{", "% {")


def axis(**options: Any) -> dict[str, Any]:
    """Make an axis in the house style; ``title`` is its words (of a horizontal one; see ``heading``)."""
    title = options.pop("title", None)
    return {
        "gridcolor": DAY["grid"],
        "showline": False,
        "zeroline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
        **({"title": {"text": title, "standoff": 8, "font": {"size": 12, "color": DAY["muted"]}}} if title else {}),
        **options,
    }


def heading(text: str, *, y: float = 1.0) -> dict[str, Any]:
    """Write above a vertical axis what it shows, level and at the left edge, where a phone has room for it."""
    font = {"size": 12, "color": DAY["muted"]}
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": y, "yref": "paper", "yanchor": "bottom", "yshift": 5}
    return {"text": text, "showarrow": False, "font": font, **place}


def layout(*, height: int, **options: Any) -> dict[str, Any]:
    """Make the layout of a chart: see-through, quiet, with no legend of its own (the page has one)."""
    return {
        "template": None,
        "height": height,
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": DAY["ink"]},
        "margin": {"l": 8, "r": 12, "t": 26, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": DAY["raised"],
            "bordercolor": DAY["rule"],
            "font": {"family": FONT, "size": 12, "color": DAY["ink"]},
            "namelength": -1,
            "align": "left",
        },
        **options,
    }


def rule(*, x: float | None = None, y: float | None = None, **options: Any) -> dict[str, Any]:
    """Draw a line across a chart at a value of ``x`` or ``y`` that matters, such as nothing won and nothing lost."""
    ends = {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"} if y is None else {"y0": y, "y1": y, "x0": 0, "x1": 1}
    across = {} if y is None else {"xref": "paper"}
    line = {"color": DAY["zero"], "width": 1}
    return {"type": "line", "layer": "below", "line": line, **ends, **across, **options}
