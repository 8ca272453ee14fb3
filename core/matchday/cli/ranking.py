"""A comparison on the screen: leaderboard, differences, what others have published, and what may be concluded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from matchday.cli.screen import out, table
from matchday.comparison import Comparison
from matchday.scenario import Published


def show_comparison(comparison: Comparison, *, report: Path | None, store: str) -> None:
    """Print a comparison, and where the rest of it is."""
    _title(comparison)
    _leaderboard(comparison)
    if len(comparison.differences):
        _differences(comparison)
    if comparison.published:
        _published(comparison.published, comparison.published_source)
    _conclusions(comparison.conclusions)
    out.print()
    if report is not None:
        out.print(f"report: {escape(str(report))}", soft_wrap=True)
    out.print(f"plays:  {len(comparison.plays)} in {escape(store)}; matchday runs lists them", soft_wrap=True)


def _title(comparison: Comparison) -> None:
    plays = comparison.plays
    seasons, seeds = list(dict.fromkeys(plays["season"])), plays["seed"].nunique()
    span = seasons[0] if len(seasons) == 1 else f"{len(seasons)} seasons, {min(seasons)} to {max(seasons)}"
    where = ", ".join(dict.fromkeys(f"{row.source} {row.competition}" for row in plays.itertuples()))
    agents = f"{len(comparison.agents)} agent{'s' if len(comparison.agents) > 1 else ''}"
    out.print(f"[bold]{agents}[/] on {where}, {span}, {seeds} seed{'s' if seeds > 1 else ''}\n")


def _leaderboard(comparison: Comparison) -> None:
    shown = table(
        "agent<",
        "plays",
        "log growth",
        "95 %",
        "> 0",
        "ROI",
        "worst",
        "drawdown",
        "Sharpe",
        "bets",
        "yield",
        "CLV",
        "ΔLL",
    )
    for name, row in comparison.leaderboard.iterrows():
        lost = [f"{int(row[what])} {what}" for what in ("failed", "ruined") if row[what]]
        shown.add_row(
            escape(str(name)),
            f"{int(row['plays'])}{' (' + ', '.join(lost) + ')' if lost else ''}",
            number(row["growth"], "+.3f"),
            interval(row["growth_low"], row["growth_high"], "+.2f"),
            number(row["chance"], ".0%"),
            number(row["roi"], "+.1%"),
            number(row["roi_worst"], "+.1%"),
            number(row["drawdown"], ".0%"),
            number(row["sharpe"], "+.3f"),
            number(row["bets"], ".0f"),
            number(row["yield_"], "+.1%"),
            number(row["clv"], "+.1%"),
            number(row["excess"], "+.4f"),
        )
    out.print(shown)
    out.print(
        "[dim]log growth of a season, its interval, the chance that it is truly above 0; ROI: mean and worst play;\n"
        "Sharpe a matchday; bets a season; CLV: closing line value; ΔLL: log-loss minus the price's, all matches[/]"
    )


def _differences(comparison: Comparison) -> None:
    out.print(f"\n[bold]against {escape(comparison.baseline)}[/], paired on the same schedules")
    shown = table("agent<", "difference", "95 %", "p", "p Holm", "Mann-Whitney, Holm", "seasons to tell")
    for name, row in comparison.differences.iterrows():
        shown.add_row(
            escape(str(name)),
            number(row["difference"], "+.3f"),
            interval(row["low"], row["high"], "+.2f"),
            number(row["p"], ".3f"),
            number(row["p_holm"], ".3f"),
            number(row["mann_whitney_holm"], ".3f"),
            number(row["seasons_needed"], ",.0f"),
        )
    out.print(shown)


def _published(rows: Sequence[Published], where: str) -> None:
    out.print(f"\n[bold]published[/], not replayed and not counted alike: {escape(where)}")
    shown = table("agent<", "kind<", "ROI", "best", "worst", "ruined", "bets", "Sharpe", "ΔLL on bets")
    for row in rows:
        shown.add_row(
            escape(row.name),
            row.kind,
            *(number(value, "+.1%") for value in (row.roi, row.roi_best, row.roi_worst)),
            "–" if row.ruined is None else "yes" if row.ruined else "no",
            number(row.bets, ".0f"),
            number(row.sharpe, ".2f"),
            number(row.excess_log_loss, "+.3f"),
        )
    out.print(shown)


def _conclusions(sentences: Sequence[str]) -> None:
    out.print()
    for sentence in sentences:
        out.print(Padding(f"• {escape(sentence)}", (0, 0, 0, 0)))


def number(value: Any, form: str) -> str:
    """Write a figure that may not be known, or be without bound.

    >>> number(0.0375, "+.1%"), number(None, ".2f"), number(float("nan"), ".2f"), number(float("inf"), ".0f")
    ('+3.8%', '–', '–', '∞')
    """
    if value is None or math.isnan(value):
        return "–"
    return format(value, form) if math.isfinite(value) else "∞" if value > 0 else "−∞"


def interval(low: float, high: float, form: str) -> str:
    """Write an interval that may not be known.

    >>> interval(-0.5, 1.25, "+.1f"), interval(float("nan"), 0.0, "+.1f")
    ('[-0.5, +1.2]', '–')
    """
    return "–" if math.isnan(low) or math.isnan(high) else f"[{number(low, form)}, {number(high, form)}]"
