"""The transcript of a run: what a language model, or whoever else is outside, was told and answered, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rich.markup import escape

from matchday.cli.screen import out
from matchday.errors import MatchdayError
from matchday.store import Store
from matchday.wording import printable

#: A row of the store's ``consultations``.
Row = Mapping[Any, Any]


def show_transcript(store: str, run_id: str, *, matchday: int | None) -> None:
    """Print a run's consultations, of one matchday or of all; raises ``MatchdayError`` where there is none."""
    database = Store(store)
    run = database.run(run_id)
    rows = database.frame("consultations", run.id).sort_values(["matchday", "number"])
    if matchday is not None:
        rows = rows[rows["matchday"] == matchday]
    if rows.empty:
        when = "" if matchday is None else f" on matchday {matchday}"
        raise MatchdayError(f"Run {run.id!r}: nobody outside was asked anything{when}.")
    number = 0
    for row in rows.to_dict("records"):
        if row["matchday"] != number:
            number = row["matchday"]
            out.print(f"[bold]matchday {number}[/]\n")
        for who, text in spoken(row):
            out.print(f"[bold]{escape(who)}[/]", soft_wrap=True)
            out.print(escape("\n".join(map(printable, text.split("\n")))), soft_wrap=True)
            out.print()


def spoken(row: Row) -> Iterator[tuple[str, str]]:
    """Tell a consultation as (who, text): what was told, by the roles of a conversation if it is one, and the answer.

    >>> row = {"component": "sage", "asked": "Who wins?", "answered": "", "failure": "late", "calls": 1}
    >>> list(spoken({**row, "tokens_in": 0, "tokens_out": 0, "cost": 0.0}))
    [('asked', 'Who wins?'), ('sage, no answer: late', '1 call')]
    """
    yield from _told(row["asked"])
    who = f"{row['component']}, no answer: {row['failure']}" if row["failure"] else row["component"]
    yield who, "\n".join([*map(_called, filter(None, row["answered"].split("\n"))), _spent(row)])


def _told(asked: str) -> Iterator[tuple[str, str]]:
    try:
        messages = json.loads(asked)
        yield from [(str(each["role"]), str(each["content"])) for each in messages]
    except (ValueError, TypeError, KeyError):
        yield "asked", asked


def _called(line: str) -> str:
    """Write the call of a tool, which is on record as JSON, as its name and its arguments; other lines as they are."""
    try:
        call = json.loads(line)
        return f"{call['tool']} {call['arguments']}"
    except (ValueError, TypeError, KeyError):
        return line


def _spent(row: Row) -> str:
    calls = f"{row['calls']} call{'s' * (row['calls'] != 1)}"
    tokens = [f"{row['tokens_in']:,} tokens read, {row['tokens_out']:,} written"] if row["tokens_in"] else []
    cost = [f"cost {row['cost']:.4f}"] if row["cost"] else []
    return ", ".join([calls, *tokens, *cost])
