"""The command that makes a report of runs in the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matchday.cli.screen import out
from matchday.errors import MatchdayError
from matchday.report import check_writable, write_report
from matchday.store import Run, Store


def report_runs(runs: Sequence[str], path: Path, *, store: str, baseline: str | None = None) -> None:
    """Write the report of runs, named by their ids or first digits; everything is checked before any work.

    Raises ``MatchdayError`` for a file that cannot be written, an unknown run, a run without a settled matchday, and
    what ``from_runs`` refuses.
    """
    target = check_writable(path)
    database = Store(store)
    chosen = {run.id: run for run in map(database.run, runs)}  # one that is named twice counts once
    if not chosen:
        raise MatchdayError("Report of no run; name one or more, as matchday runs lists them.")
    for run in chosen.values():
        _check(run, store=database)
    from matchday.comparison import from_runs

    write_report(from_runs(database, list(chosen), baseline=baseline), target)
    out.print(f"report of {len(chosen)} run{'s' if len(chosen) > 1 else ''}: {target}", markup=False, soft_wrap=True)


def _check(run: Run, *, store: Store) -> None:
    if not store.settled(run.id):
        raise MatchdayError(f"Run {run.id!r} has no settled matchday, so there is nothing to report; leave it out.")
