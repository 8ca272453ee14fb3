"""``matchday runs`` and ``matchday report``: what is on record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import AsJson, Explain, StoreAt, refuse_both
from matchday.errors import MatchdayError


def runs(
    run: Annotated[str | None, typer.Argument(help="A run's id, to see it matchday by matchday.")] = None,
    store: StoreAt = DEFAULT_STORE,
    events: Annotated[bool, typer.Option("--events", help="Print the run's events, a line of JSON each.")] = False,
    explain: Explain = False,
    transcript: Annotated[
        bool, typer.Option("--transcript", help="Tell what a language model was told and answered.")
    ] = False,
    matchday: Annotated[int | None, typer.Option(help="Explain this matchday only, or tell its transcript.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the runs in the store, or show one."""
    from matchday.cli.listing import explain_run, list_runs, show_run
    from matchday.cli.transcript import show_transcript

    if run is None:
        _need_run("--events", events, "whose events to print")
        _need_run("--explain", explain, "to explain")
        _need_run("--transcript", transcript, "whose transcript to tell")
        _need_run("--matchday", matchday is not None, "to explain")
        list_runs(store, as_json=as_json)
    elif explain:
        refuse_both("--json", as_json)
        refuse_both("--events", events)
        refuse_both("--transcript", transcript)
        explain_run(store, run, matchday=matchday)
    elif transcript:
        refuse_both("--json", as_json, beside="--transcript")
        refuse_both("--events", events, beside="--transcript")
        show_transcript(store, run, matchday=matchday)
    elif matchday is not None:
        raise MatchdayError("--matchday picks what --explain or --transcript shows; add one of them.")
    else:
        show_run(store, run, events=events, as_json=as_json)


def _need_run(option: str, given: bool, what_for: str) -> None:
    if given:
        raise typer.BadParameter(f"name the run {what_for}", param_hint=f"'{option}'")


def report(
    run: Annotated[list[str], typer.Argument(help="Runs' ids, or their first digits; matchday runs lists them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    baseline: Annotated[
        str | None, typer.Option(help="Agent that the others are compared with. Default: the first run's.")
    ] = None,
    store: StoreAt = DEFAULT_STORE,
) -> None:
    """Write the report of runs that are in the store, as one HTML file."""
    from matchday.cli.reporting import report_runs

    report_runs(run, output, store=store, baseline=baseline)
