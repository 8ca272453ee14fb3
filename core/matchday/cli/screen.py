"""What a person sees: the progress bar, and a run in a few lines."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from matchday.catalogue import Catalogue
from matchday.cli import DEFAULT_STORE
from matchday.money import to_units

if TYPE_CHECKING:
    import pandas as pd

    from matchday.store import Run

BARS = "▁▂▃▄▅▆▇█"

#: Columns of a line where the output is no terminal and nobody says otherwise.
PIPE_WIDTH = 160

_told = sys.stdout.isatty() or os.environ.get("COLUMNS")
out = Console(highlight=False, emoji=False, width=None if _told else PIPE_WIDTH)
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


@contextmanager
def progress(matchdays: int, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal, nothing in a pipe; call the answer with the bankroll (pence) at each settlement."""
    if hidden or not err.is_terminal:
        yield lambda _bankroll: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("matchday"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[bankroll]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("play", total=matchdays, bankroll="")
        yield lambda bankroll: bar.update(task, advance=1, bankroll=f"bankroll {to_units(bankroll):,.2f}")


@contextmanager
def counting(plays: int, *, hidden: bool) -> Iterator[Callable[[str], None]]:
    """Show a bar over many plays on a terminal, nothing in a pipe; call the answer with what each play was."""
    if hidden or not err.is_terminal:
        yield lambda _what: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("plays"),
        MofNCompleteColumn(),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[what]}"),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("plays", total=plays, what="")
        yield lambda what: bar.update(task, advance=1, what=what)


def remark(text: str) -> None:
    """Print a line on stderr."""
    err.print(f"matchday: {escape(text)}")


def command(name: str, run_id: str, *, store: str) -> str:
    """Write a command on a run as the user has to type it.

    >>> command("resume", "ab12", store="matchday.db"), command("runs", "ab12", store="my runs.db")
    ('matchday resume ab12', "matchday runs ab12 --store 'my runs.db'")
    """
    at = "" if store == DEFAULT_STORE else f" --store {shlex.quote(store)}"
    return f"matchday {name} {run_id}{at}"


def table(*columns: str) -> Table:
    """Make a table in the house style."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        text = name.endswith("<")
        made.add_column(name.strip("<"), justify="left" if text else "right", no_wrap=not text)
    return made


def show_summary(run: Run, matchdays: pd.DataFrame, *, store: str, remarks: int = 0) -> None:
    """Print a run in a few lines; ``remarks`` is how many the source made while loading."""
    s = run.summary
    out.print(f"[bold]{escape(s.agent)}[/] on {s.source} {run.spec.competition} {s.season}, seed {s.seed}")
    ruin = " [bold red]ruined[/]" if s.ruined else ""
    path = sparkline(matchdays["bankroll_after"])
    rows = {
        "bankroll": f"{s.bankroll_start:,.2f} -> {s.bankroll_end:,.2f}{ruin}   {path}",
        "growth": f"ROI {s.roi:+.1%}, log growth {s.log_growth:+.3f}, largest drawdown {s.max_drawdown:.1%}",
        "bets": f"{s.bets} on {s.matchdays} matchdays ({s.forced_bets} forced), {s.staked:,.2f} staked",
        "log-loss": _losses(s.model_log_loss, s.market_log_loss),
        "run": f"{run.id} ({run.status}) in {escape(store)}; see it with: {command('runs', run.id, store=store)}",
    }
    if s.calls:
        rows["asked"] = f"{s.calls:,} calls, {s.tokens:,} tokens, cost {s.cost:,.4f}"
    if not s.reproducible:
        limit = f"call_seconds {run.spec.rules.call_seconds:g}"
        rows["clock"] = f"{limit}: the run depends on the speed of the machine, and is not reproducible"
    if remarks:
        rows["data"] = f"{remarks} remarks on the files; see them with: {_seasons_command(run)}"
    for name, text in rows.items():
        out.print(f"  {name:<9} {text}", soft_wrap=True)


def show_trouble(trouble: Mapping[str, Sequence[str]]) -> None:
    """Print, behind a label, how often something went wrong, and why it did first: ``{label: reasons}``."""
    for label, reasons in trouble.items():
        if reasons:
            times = f"{len(reasons)} times, first" if len(reasons) > 1 else "once"
            out.print(f"  {label:<9} {times}: {escape(reasons[0])}", soft_wrap=True)


def _seasons_command(run: Run) -> str:
    fields = Catalogue().load("source", run.spec.source).model_fields
    chosen = {
        name: value for name, value in (run.spec.source_parameters or {}).items() if value != fields[name].default
    }
    words = ["matchday", "seasons", run.spec.season, "--source", run.spec.source]
    if "data" in chosen:
        words += ["--data", chosen.pop("data")]
    for name, value in chosen.items():
        words += ["--set", f"source.{name}={value if isinstance(value, str) else json.dumps(value)}"]
    return shlex.join(words)


def _losses(model: float | None, market: float | None) -> str:
    if model is None or market is None:
        return "no model"
    verdict = "closer to the results than" if model < market else "no closer to the results than"
    return f"model {model:.4f}, market {market:.4f} on 1X2: {verdict} the price"


def sparkline(values: pd.Series[int], *, width: int = 40) -> str:
    """Draw a series as a line of blocks, at most ``width`` of them; a change of less than 5 % hardly shows.

    >>> import pandas as pd
    >>> sparkline(pd.Series([1, 2, 3, 4]), width=4)
    '▁▃▅█'
    """
    if values.empty:
        return ""
    step = max(len(values) / width, 1.0)
    picked = [float(values.iloc[min(int((i + 1) * step) - 1, len(values) - 1)]) for i in range(int(len(values) / step))]
    low, high = min(picked), max(picked)
    scale = (len(BARS) - 1) / max(high - low, 0.05 * abs(high), 1e-12)
    return "".join(BARS[int((value - low) * scale)] for value in picked)
