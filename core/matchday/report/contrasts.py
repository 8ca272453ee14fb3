"""Differences between agents on the same schedules, and growth against what is known of the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from matchday.report.look import Style
from matchday.report.parts import Block, Cell, Chart, Table
from matchday.report.rows import Interval, intervals, known, sentences
from matchday.report.words import span
from matchday.wording import UNKNOWN, figure

if TYPE_CHECKING:
    from matchday.comparison import Comparison

_DIFFERENCES = {
    "difference": "mean log growth of a season, the agent's minus the baseline's on the same schedules; 95 % interval",
    "p": "how often a difference as large comes from luck alone (two-sided, block bootstrap)",
    "p, Holm": "the same, counting how many agents are compared",
    "Mann-Whitney": "KellyBench's own test, of pooled matchday log returns (two-sided)",
    "M-W, Holm": "the same, counting how many agents are compared",
    "schedules": "schedules that both played",
    "seasons needed": "seasons of this spread in which a difference of this size would tell, at 95 % with 80 % power",
}


def differences_chart(comparison: Comparison, styles: Mapping[str, Style]) -> Chart:
    """Draw each agent's difference from the baseline."""
    rows = [
        Interval(
            agent=str(name),
            style=styles[str(name)],
            value=known(row["difference"]),
            low=known(row["low"]),
            high=known(row["high"]),
            text=f"{name}: {figure(row['difference'], '+.3f')}, "
            f"95 % {span(row['low'], row['high'], '+.3f') or UNKNOWN}, p {figure(row['p_holm'], '.3f')} after Holm",
        )
        for name, row in _records(comparison.differences)
        if pd.notna(row["difference"])
    ]
    chart = intervals(rows, title="log growth of a season, minus the baseline's")
    return Chart("differences-intervals", chart, f"Difference from {comparison.baseline}. {sentences(rows)}")


def differences_table(comparison: Comparison, styles: Mapping[str, Style]) -> Table:
    """Tabulate the differences from the baseline with all tests."""
    rows = [
        (
            Cell(str(name), style=styles[str(name)]),
            Cell(figure(row["difference"], "+.3f"), span(row["low"], row["high"], "+.3f")),
            Cell(figure(row["p"], ".3f")),
            Cell(figure(row["p_holm"], ".3f")),
            Cell(figure(row["mann_whitney"], ".3f")),
            Cell(figure(row["mann_whitney_holm"], ".3f")),
            Cell(figure(row["seasons"], ",.0f")),
            Cell(figure(row["seasons_needed"], ",.0f")),
        )
        for name, row in _records(comparison.differences)
    ]
    head = ("agent", *_DIFFERENCES)
    return Table(f"Differences from {comparison.baseline}", head, (Block(tuple(rows)),), _DIFFERENCES)


def spa_words(comparison: Comparison) -> str:
    """Say what Hansen's test finds; empty where it has nothing to compare."""
    if comparison.spa is None:
        return ""
    p = comparison.spa["consistent"]
    verdict = "some agent beats the baseline" if p < 0.05 else "that any agent beats the baseline is not shown"
    return (
        f"Hansen's test of superior predictive ability, of all agents at once: p = {figure(p, '.3f')} (lower bound "
        f"{figure(comparison.spa['lower'], '.3f')}, upper {figure(comparison.spa['upper'], '.3f')}); {verdict}."
    )


def truth_known(comparison: Comparison) -> bool:
    """Whether any agent's true growth is known."""
    return bool(comparison.leaderboard["true_growth"].notna().any())


def truth_chart(comparison: Comparison, styles: Mapping[str, Style]) -> Chart:
    """Draw the true growth of each agent's slips, the growth that came of them, and an oracle's."""
    rows = []
    for name, row in _records(comparison.leaderboard[comparison.leaderboard["true_growth"].notna()]):
        true, regret, came = float(row["true_growth"]), float(row["regret"]), float(row["growth"])
        oracle = f"an oracle's {figure(true + regret, '+.3f')}"
        text = f"{name}: true growth {figure(true, '+.3f')}, came out at {figure(came, '+.3f')}, {oracle}"
        others = [
            (value, symbol, words)
            for value, symbol, words in (
                (came, "circle", f"came out at {figure(came, '+.3f')}"),
                (true + regret, "diamond", oracle),
            )
            if pd.notna(value)
        ]
        rows.append(Interval(str(name), styles[str(name)], true, *_ends(true, true + regret), text, others))
    chart = intervals(rows, title="log growth of a season")
    return Chart("truth-known", chart, " ".join(f"{row.text}." for row in rows))


def truth_table(comparison: Comparison, styles: Mapping[str, Style]) -> Table:
    """Tabulate true growth, what came of it, and the regret."""
    rows = [
        (
            Cell(str(name), style=styles[str(name)]),
            Cell(figure(row["true_growth"], "+.3f")),
            Cell(figure(row["growth"], "+.3f"), span(row["growth_low"], row["growth_high"], "+.3f")),
            Cell(figure(row["growth"] - row["true_growth"], "+.3f")),
            Cell(figure(row["regret"], ".3f")),
        )
        for name, row in _records(comparison.leaderboard)
    ]
    meanings = {
        "true growth": "expected log growth of the season's slips under the true probabilities",
        "came out at": "the growth of the bankroll; 95 % interval",
        "luck": "what came out minus what was to be expected",
        "regret": "an oracle Kelly bettor's expected growth minus the agent's, on the matchdays it played",
    }
    return Table("Growth against the truth", ("agent", *meanings), (Block(tuple(rows)),), meanings)


def _ends(a: float, b: float) -> tuple[float | None, float | None]:
    return (None, None) if pd.isna(a) or pd.isna(b) else (min(a, b), max(a, b))


def _records(frame: pd.DataFrame) -> list[tuple[str, dict[Any, Any]]]:
    return list(zip(map(str, frame.index), frame.to_dict("records"), strict=True))
