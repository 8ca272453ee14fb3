"""What a report is made of: sections of charts, tables and notes. The template knows these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matchday.report.look import Style


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure or a text of a table, with what stands beneath it in small print, and an agent's mark beside it."""

    text: str
    beneath: str = ""
    style: Style | None = None
    tone: str = ""  # "good", "bad" or neither


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together, under a line of their own where they have a title."""

    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names the row; ``meanings`` explains columns that need it."""

    caption: str
    head: tuple[str, ...]
    blocks: tuple[Block, ...]
    meanings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def plain(cls, caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
        """Make a table of texts alone."""
        return cls(caption, head, (Block(tuple(tuple(map(Cell, row)) for row in rows)),))


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure (Plotly's dictionary) with the text that stands for it, and its numbers as a table where that helps.

    ``legend`` adds the page's legend of agents; ``choice`` adds a choice of agent, where one is shown at a time.
    """

    id: str
    figure: dict[str, Any]
    text: str
    title: str = ""
    table: Table | None = None

    @property
    def height(self) -> int:
        """Its height in pixels, which the page keeps free for it."""
        return int(self.figure["layout"]["height"])


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report, with a sentence that says how to read it; ``partial`` is a template for what is special."""

    id: str
    title: str
    reading: str
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    partial: str = ""
    legend: bool = False
    choices: tuple[tuple[int, str], ...] = ()
    grid: bool = False
