"""Settled bets as a table whose columns stand under one another from matchday to matchday."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from matchday.cli.screen import out, table
from matchday.money import to_units
from matchday.wording import figure

COLUMNS = ("match<", "selection<", "odds", "prob.", "edge", "share", "stake", "<", "profit")

#: Those that are known before the match.
KNOWN = COLUMNS[:7]

Row = tuple[str, ...]


def bet_row(bet: Mapping[str, Any], payout: int, *, clubs: Mapping[str, str]) -> Row:
    """Write a settled bet, as the record has it, cell by cell; ``clubs`` are who plays, by match id."""
    return (
        clubs.get(str(bet["match_id"]), str(bet["match_id"])),
        str(bet["selection"]),
        f"{bet['odds']:.2f}",
        figure(bet["probability"], ".3f"),
        figure(bet["edge"], ".1%"),
        figure(bet["share"], ".2%"),
        money(bet["stake"]),
        "won" if payout else "lost",
        money(payout - bet["stake"], "+"),
    )


@dataclass(frozen=True, slots=True)
class BetColumns:
    """Widths, and the gap between columns, that all tables of an output share."""

    names: tuple[str, ...]
    widths: tuple[int, ...]
    gap: int

    @classmethod
    def fit(cls, rows: Sequence[Row], *, indent: int, names: tuple[str, ...] = COLUMNS) -> BetColumns:
        """Fit the columns to all rows at once; where the line is too short, it is the clubs that make room."""
        heads = [name.strip("<") for name in names]
        match, *others = (max(map(cell_len, column)) for column in zip(heads, *rows, strict=True))
        room = out.width - indent - sum(others)
        gap = 2 if match + 2 * len(others) <= room else 1
        return cls(names, (max(min(match, room - gap * len(others)), len("match")), *others), gap)

    def table(self, rows: Sequence[Row], *, headed: bool) -> Table:
        """Make a table of bets; no figure is ever cut short."""
        made = table(*self.names)
        made.show_header, made.padding = headed, (0, self.gap, 0, 0)
        for column, width in zip(made.columns, self.widths, strict=True):
            column.width, column.overflow = width, "fold"
        for row in rows:
            made.add_row(*map(escape, row))
        return made


def money(pence: int, sign: str = "") -> str:
    """Write pence as an amount; with ``sign`` "+", as a profit.

    >>> money(123456), money(50, "+")
    ('1,234.56', '+0.50')
    """
    return format(to_units(pence), f"{sign},.2f")
