"""The leaderboard: every figure with its interval, published results apart, and growth as dots and intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from matchday.report.look import Style
from matchday.report.parts import Block, Cell, Chart, Table
from matchday.report.rows import Interval, intervals, known, sentences
from matchday.report.words import count, span
from matchday.wording import UNKNOWN, figure

if TYPE_CHECKING:
    from matchday.comparison import Comparison
    from matchday.scenario import Published

PUBLISHED = "Published, not replayed, not counted alike"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the leaderboard: a figure's name in the frame and its format, and what stands beneath it."""

    head: str
    meaning: str
    name: str
    form: str
    beneath: tuple[str, ...] = ()
    published: str = ""  # the field of a published result that is the same figure

    def cell(self, row: Mapping[Any, Any]) -> Cell:
        """Write an agent's figure; the worst and the best of a single play would only say it again."""
        if self.name in EXTREMES and row["plays"] < 2:
            under = ""
        elif len(self.beneath) == 2:
            under = span(row[self.beneath[0]], row[self.beneath[1]], self.form)
        else:
            under = " ".join(BENEATH[name].format(figure(row[name], self.form)) for name in self.beneath)
        return Cell(figure(row[self.name], self.form), under)


#: Figures with the worst and the best play beneath, instead of an interval.
EXTREMES = {"roi", "drawdown"}

#: How figures are written that stand beneath others.
BENEATH = {"drawdown_worst": "worst {}", "forced": "{} forced", "tokens": "{} tokens"}

#: Digits in which figures were published that are shown with more here.
PUBLISHED_FORMS = {"sharpe": "+.2f", "excess_bets": "+.3f"}

MONEY = (
    Column(
        "growth",
        "log growth of the bankroll in a season, mean over seasons and seeds; its 95 % interval",
        "growth",
        "+.3f",
        ("growth_low", "growth_high"),
    ),
    Column("chance", "the chance that the true growth is positive", "chance", ".0%"),
    Column(
        "ROI",
        "return on the starting bankroll, mean over plays; the worst and the best play",
        "roi",
        "+.1%",
        ("roi_worst", "roi_best"),
        "roi",
    ),
    Column(
        "drawdown",
        "largest fall from a peak, mean over plays; the worst play's",
        "drawdown",
        ".1%",
        ("drawdown_worst",),
    ),
    Column(
        "Sharpe",
        "mean over spread of a matchday's return, not annualised (of published rows as they were published)",
        "sharpe",
        "+.3f",
        published="sharpe",
    ),
    Column("Sortino", "the same with the spread of losses alone", "sortino", "+.3f"),
    Column(
        "deflated",
        "deflated Sharpe: the probability that the Sharpe ratio is more than the luck of as many tries",
        "deflated_sharpe",
        ".0%",
    ),
    Column(
        "bets", "bets that the agent chose, a season; those that the rules forced", "bets", ",.0f", ("forced",), "bets"
    ),
    Column("turnover", "staked in a season, as a multiple of the starting bankroll", "turnover", ",.2f"),
    Column(
        "yield",
        "profit over stakes, forced bets included; its 95 % interval",
        "yield_",
        "+.1%",
        ("yield_low", "yield_high"),
    ),
    Column("hits", "share of the bets that paid more than their stake", "hit_rate", ".1%"),
)

#: Columns beside those of money where anybody asked a language model, or whoever else is outside.
ASKED = (
    Column("calls", "what was asked outside, a season; tokens read and written", "calls", ",.0f", ("tokens",)),
    Column(
        "cost", "what that cost a season, in the currency of its prices; not taken from the bankroll", "cost", ",.4f"
    ),
)

FORECASTS = (
    Column(
        "CLV",
        "closing line value: odds taken times the fair closing probability, minus 1; its 95 % interval",
        "clv",
        "+.2%",
        ("clv_low", "clv_high"),
    ),
    Column(
        "ΔLL all",
        "the model's log-loss minus the price's, over all matches (below 0: closer to the results); its 95 % interval",
        "excess",
        "+.4f",
        ("excess_low", "excess_high"),
    ),
    Column(
        "ΔLL bets",
        "the same on the bets placed",
        "excess_bets",
        "+.4f",
        ("excess_bets_low", "excess_bets_high"),
        "excess_log_loss",
    ),
    Column("ECE home", "expected calibration error of home wins", "ece_home", ".3f"),
    Column("ECE draw", "expected calibration error of draws", "ece_draw", ".3f"),
    Column("ECE away", "expected calibration error of away wins", "ece_away", ".3f"),
    Column(
        "longshots",
        "mean forecast minus share won at odds of 5 and more (above 0: overrated)",
        "longshots",
        "+.3f",
    ),
)


def leaderboard_tables(comparison: Comparison, styles: Mapping[str, Style]) -> tuple[Table, Table]:
    """Tabulate the leaderboard, its money and its forecasts; agents without a finished play at the end.

    Published results are a block of their own; among the forecasts only those of which something is published. What
    was asked outside stands with the money, where anything was.
    """
    scored = [row for row in comparison.published if row.excess_log_loss is not None]
    money = (*MONEY, *ASKED) if (comparison.leaderboard["calls"] > 0).any() else MONEY
    return (
        _table("Money", money, comparison.published, comparison, styles),
        _table("Forecasts and prices", FORECASTS, scored, comparison, styles),
    )


def _table(
    caption: str,
    columns: Sequence[Column],
    published: Sequence[Published],
    comparison: Comparison,
    styles: Mapping[str, Style],
) -> Table:
    board = comparison.leaderboard
    rows = [
        (_agent(str(name), row, styles), *(column.cell(row) for column in columns))
        for name, row in zip(board.index, board.to_dict("records"), strict=True)
    ]
    blocks = [Block(tuple(rows))]
    if published:
        blocks.append(Block(tuple(_published(row, columns) for row in published), title=PUBLISHED))
    head = ("agent", *(column.head for column in columns))
    return Table(caption, head, tuple(blocks), {column.head: column.meaning for column in columns})


def _agent(name: str, row: Mapping[Any, Any], styles: Mapping[str, Style]) -> Cell:
    plays, failed, ruined = (int(row[each]) for each in ("plays", "failed", "ruined"))
    told = [count(plays, "play") if plays else "no play finished"]  # those that failed are not among them
    told += [f"{ruined} ruined"] if ruined else []
    told += [f"{failed} failed"] if failed else []
    return Cell(name, ", ".join(told), styles[name], "bad" if ruined or failed else "")


def _published(row: Published, columns: Sequence[Column]) -> tuple[Cell, ...]:
    known = [row.kind, *([count(row.plays, "play")] if row.plays else []), *(["ruined"] if row.ruined else [])]
    cells = [Cell(row.name, ", ".join(known), tone="bad" if row.ruined else "")]
    for column in columns:
        value = getattr(row, column.published) if column.published else None
        form = PUBLISHED_FORMS.get(column.name, column.form)
        cells.append(Cell(figure(value, form), _extremes(row) if column.name == "roi" else ""))
    return tuple(cells)


def _extremes(row: Published) -> str:
    return span(row.roi_worst, row.roi_best, "+.1%")


def growth_chart(comparison: Comparison, styles: Mapping[str, Style]) -> Chart:
    """Draw each agent's growth and its interval."""
    board = comparison.leaderboard
    rows = [
        Interval(
            agent=str(name),
            style=styles[str(name)],
            value=known(row["growth"]),
            low=known(row["growth_low"]),
            high=known(row["growth_high"]),
            text=f"{name}: {figure(row['growth'], '+.3f')} a season, "
            f"95 % {span(row['growth_low'], row['growth_high'], '+.3f') or UNKNOWN}",
        )
        for name, row in zip(board.index, board.to_dict("records"), strict=True)
        if pd.notna(row["growth"])
    ]
    told = sentences(rows)
    chart = intervals(rows, title="log growth of a season, with its 95 % interval")
    return Chart("growth-intervals", chart, f"Log growth of a season. {told}")


def failures_table(comparison: Comparison) -> Table | None:
    """Tabulate the plays that failed, each with its message; None where there is none."""
    failed = comparison.plays[comparison.plays["status"] == "failed"]
    if failed.empty:
        return None
    rows = [(str(row.agent), str(row.season), str(row.seed), str(row.message)) for row in failed.itertuples()]
    return Table.plain("Plays that failed", ("agent", "season", "seed", "message"), rows)
