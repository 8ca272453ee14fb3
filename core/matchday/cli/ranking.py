"""A comparison on the screen: leaderboard, differences, what others have published, and what may be concluded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.markup import escape

from matchday.cli.screen import out, table
from matchday.comparison import Comparison
from matchday.scenario import Published
from matchday.wording import figure

Row = Mapping[Any, Any]


def show_comparison(comparison: Comparison, *, store: str) -> None:
    """Print a comparison, and where its plays are."""
    _title(comparison)
    _leaderboard(comparison)
    _failures(comparison)
    if len(comparison.differences):
        _differences(comparison)
    if comparison.published:
        _published(comparison.published, comparison.published_source)
    _conclusions(comparison.conclusions)
    out.print()
    out.print(f"plays:  {len(comparison.plays)} in {escape(store)}; matchday runs lists them", soft_wrap=True)


def _title(comparison: Comparison) -> None:
    plays = comparison.plays
    seasons, seeds = list(dict.fromkeys(plays["season"])), plays["seed"].nunique()
    span = seasons[0] if len(seasons) == 1 else f"{len(seasons)} seasons, {min(seasons)} to {max(seasons)}"
    where = ", ".join(dict.fromkeys(f"{row.source} {row.competition}" for row in plays.itertuples()))
    agents = f"{len(comparison.agents)} agent{'s' if len(comparison.agents) > 1 else ''}"
    out.print(f"[bold]{agents}[/] on {where}, {span}, {seeds} seed{'s' if seeds > 1 else ''}\n")


#: Columns of the leaderboard: heading, figure, and what it means; on a narrow screen the last ones are left out first.
_COLUMNS: tuple[tuple[str, Callable[[Row], str], str], ...] = (
    ("agent<", lambda row: escape(str(row["agent"])), ""),
    ("plays", lambda row: _plays(row), ""),
    ("log growth", lambda row: figure(row["growth"], "+.3f"), "log growth of a season, and its interval"),
    ("95 %", lambda row: interval(row["growth_low"], row["growth_high"], "+.2f"), ""),
    ("> 0", lambda row: figure(row["chance"], ".0%"), "> 0: the chance that it truly is"),
    ("ROI", lambda row: figure(row["roi"], "+.1%"), "ROI: mean of the plays"),
    ("bets", lambda row: figure(row["bets"], ".0f"), "bets: chosen ones, a season"),
    ("ΔLL", lambda row: figure(row["excess"], "+.4f"), "ΔLL: log-loss a match minus the price's"),
    ("yield", lambda row: figure(row["yield_"], "+.1%"), "yield: profit/staked"),
    ("drawdown", lambda row: figure(row["drawdown"], ".0%"), "drawdown: mean of the plays' largest"),
    ("CLV", lambda row: figure(row["clv"], "+.1%"), "CLV: closing line value"),
    ("Sharpe", lambda row: figure(row["sharpe"], "+.3f"), "Sharpe: a matchday's"),
)

#: Columns that stand behind the bets where anybody asked a language model, or whoever else is outside.
_ASKED: tuple[tuple[str, Callable[[Row], str], str], ...] = (
    ("calls", lambda row: figure(row["calls"], ",.0f"), "calls, tokens, cost: of what was asked outside, a season"),
    ("tokens", lambda row: figure(row["tokens"], ",.0f"), ""),
    ("cost", lambda row: figure(row["cost"], ",.4f"), ""),
)
_BEHIND_BETS = 1 + [head for head, _, _ in _COLUMNS].index("bets")


def _leaderboard(comparison: Comparison) -> None:
    rows = comparison.leaderboard.reset_index(names="agent").to_dict("records")
    columns = list(_COLUMNS)
    if any(row["calls"] > 0 for row in rows):
        columns[_BEHIND_BETS:_BEHIND_BETS] = _ASKED
    cells = [[write(row) for _, write, _ in columns] for row in rows]
    while len(columns) > 4 and _width(columns, cells) > out.width:
        columns.pop()
    shown = table(*(head for head, _, _ in columns))
    shown.columns[0].no_wrap = True
    for row in cells:
        shown.add_row(*row[: len(columns)])
    out.print(shown)
    out.print(f"[dim]{'; '.join(meaning for _, _, meaning in columns if meaning)}[/]")


def _failures(comparison: Comparison) -> None:
    """Say why plays failed, each reason once."""
    failed = comparison.plays[comparison.plays["status"] == "failed"]
    for message in dict.fromkeys(failed["message"]):
        out.print(f"failed: {escape(message)}", soft_wrap=True)


def _width(columns: Sequence[tuple[str, Callable[[Row], str], str]], cells: Sequence[Sequence[str]]) -> int:
    """Count the characters that a table of these columns takes."""
    heads = [head.strip("<") for head, _, _ in columns]
    widest = [max(map(cell_len, column)) for column in zip(heads, *(row[: len(heads)] for row in cells), strict=True)]
    return sum(widest) + 2 * (len(widest) - 1)


def _plays(row: Row) -> str:
    lost = [f"{int(row[what])} {what}" for what in ("failed", "ruined") if row[what]]
    return f"{int(row['plays'])} ({', '.join(lost)})" if lost else str(int(row["plays"]))


def _differences(comparison: Comparison) -> None:
    out.print(f"\n[bold]against {escape(comparison.baseline)}[/], paired on the same schedules")
    shown = table("agent<", "difference", "95 %", "p", "Holm", "M-W", "seasons")
    shown.columns[0].no_wrap = True
    for name, row in comparison.differences.iterrows():
        shown.add_row(
            escape(str(name)),
            figure(row["difference"], "+.3f"),
            interval(row["low"], row["high"], "+.2f"),
            p_value(row["p"]),
            p_value(row["p_holm"]),
            p_value(row["mann_whitney_holm"]),
            figure(row["seasons_needed"], ",.0f"),
        )
    out.print(shown)
    out.print(
        "[dim]difference of a season's log growth, and its interval; Holm: p, corrected for all that were tried; M-W: "
        "KellyBench's Mann-Whitney test, corrected; seasons: how many it would take to tell[/]"
    )


def _published(rows: Sequence[Published], where: str) -> None:
    out.print(f"\n[bold]published[/], not replayed and not counted alike: {escape(where)}")
    shown = table("agent<", "kind<", "ROI", "best", "worst", "ruined", "bets", "Sharpe", "ΔLL on bets")
    shown.columns[0].no_wrap = True
    for row in rows:
        shown.add_row(
            escape(row.name),
            row.kind,
            *(figure(value, "+.1%") for value in (row.roi, row.roi_best, row.roi_worst)),
            "–" if row.ruined is None else "yes" if row.ruined else "no",
            figure(row.bets, ".0f"),
            figure(row.sharpe, ".2f"),
            figure(row.excess_log_loss, "+.3f"),
        )
    out.print(shown)


def _conclusions(sentences: Sequence[str]) -> None:
    out.print()
    for sentence in sentences:
        bullet = table("•<", "text<")
        bullet.show_header, bullet.columns[0].no_wrap = False, True
        bullet.add_row("•", escape(sentence))
        out.print(bullet)


def p_value(p: float) -> str:
    """Write a p-value; a small one is never 0.

    >>> p_value(0.0312), p_value(0.00002), p_value(float("nan"))
    ('0.031', '<0.001', '–')
    """
    return "<0.001" if p < 0.0005 else figure(p, ".3f")


def interval(low: float, high: float, form: str) -> str:
    """Write an interval that may not be known.

    >>> interval(-0.5, 1.25, "+.1f"), interval(float("nan"), 0.0, "+.1f")
    ('[-0.5, +1.2]', '–')
    """
    return "–" if math.isnan(low) or math.isnan(high) else f"[{figure(low, form)}, {figure(high, form)}]"
