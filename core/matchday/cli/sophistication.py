"""The command ``audit run``: the rubric, criterion by criterion, and the money beside it."""

from __future__ import annotations

import json
from typing import Any

from rich.markup import escape

from matchday.auditing.sophistication import Audit, audit
from matchday.auditing.sophistication.criterion import Status
from matchday.cli import screen
from matchday.cli.playing import as_object as money
from matchday.store import Store

STYLES: dict[Status, str] = {
    "met": "green",
    "partly": "yellow",
    "not met": "red",
    "not applicable": "dim",
    "not assessable": "dim",
}


def audit_run(run_id: str, *, store: str, as_json: bool) -> None:
    """Audit a run of the store and show what came of it."""
    found = audit(Store(store), run_id)
    if as_json:
        print(json.dumps(as_object(found)))
    else:
        show(found)


def as_object(found: Audit) -> dict[str, Any]:
    """Write an audit as one object; the run's figures stand apart, under "run"."""
    criteria = [
        {
            "criterion": criterion.name,
            "status": assessment.status,
            "points": assessment.points,
            "of": criterion.points,
            "evidence": assessment.evidence,
        }
        for criterion, assessment in found.rows
    ]
    groups = {name: {"points": points, "possible": possible} for name, (points, possible) in found.groups.items()}
    total = {"points": found.points, "possible": found.possible, "groups": groups}
    return {"run": money(found.run), **total, "criteria": criteria}


def show(found: Audit) -> None:
    """Print a row a criterion, the total, and the money in a line of its own."""
    run, s = found.run, found.run.summary
    played = f"{s.source} {run.spec.competition} {s.season}, seed {s.seed}, run {run.id}"
    screen.out.print(f"[bold]{escape(s.agent)}[/] on {escape(played)}")
    shown = screen.table("criterion<", "verdict<", "points", "evidence<")
    shown.columns[0].no_wrap = shown.columns[1].no_wrap = True
    for criterion, assessment in found.rows:
        points = f"{assessment.points:g} of {criterion.points}" if assessment.counts else f"({criterion.points})"
        verdict = f"[{STYLES[assessment.status]}]{assessment.status}[/]"
        shown.add_row(criterion.name, verdict, points, escape(assessment.evidence))
    screen.out.print(shown)
    groups = ", ".join(f"{name} {points:g} of {possible}" for name, (points, possible) in found.groups.items())
    told = {
        "sophistication": f"{found.points:g} of {found.possible} points that apply and that a record decides: {groups}",
        "money": f"ROI {s.roi:+.1%}, log growth {s.log_growth:+.3f}; no point depends on it",
    }
    screen.out.print()
    for name, text in told.items():
        screen.out.print(f"[bold]{name:<14}[/]  {text}", soft_wrap=True)
