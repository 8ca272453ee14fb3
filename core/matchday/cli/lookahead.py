"""The command ``audit lookahead``: the replays, and what came of them on the screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.markup import escape

from matchday.auditing.changes import Change
from matchday.auditing.detector import PARTS, Leak, LookaheadReport, lookahead
from matchday.cli import screen
from matchday.cli.options import Choice, choose_agent
from matchday.wording import UNKNOWN

#: How many effects are shown one by one.
SHOWN = 10


def audit_lookahead(
    target: str, choice: Choice, *, overrides: Sequence[str], after: Sequence[int], as_json: bool
) -> bool:
    """Audit an agent and show the report; answers whether anything leaks."""
    agent, choice = choose_agent(target, choice, overrides)
    source, season, rules = choice.plan()
    with screen.counting(len(set(after)) + 1 if after else PARTS + 1, hidden=as_json) as advance:
        report = lookahead(
            agent, source, season, after=after, rules=rules, seed=choice.seed, partial=choice.partial, follow=advance
        )
    if as_json:
        print(json.dumps(as_object(report)))
    else:
        show_report(report)
    return bool(report.leaks)


def as_object(report: LookaheadReport) -> dict[str, Any]:
    """Write a report as one object for JSON."""
    leaks = [{"after": leak.after, **asdict(leak.change)} for leak in report.leaks]
    return {**asdict(report), "leaks": leaks, "found": bool(leaks)}


def show_report(report: LookaheadReport) -> None:
    """Print a row a replay, the first decision that changed, and what was opened meanwhile."""
    where = f"{report.source} {report.competition} {report.season}, seed {report.seed}"
    screen.out.print(
        f"[bold]{escape(report.agent)}[/] on {escape(where)}: {report.decided} matchdays, and another future"
    )
    found = {leak.after: leak for leak in report.leaks}
    shown = screen.table("another future after<", "decided alike", "first that changed<")
    shown.add_row("–, played again", *_row(found.get(None), report.decided))
    for after in report.after:
        shown.add_row(f"matchday {after}", *_row(found.get(after), after))
    screen.out.print(shown)
    screen.out.print()
    screen.out.print(_verdict(report))
    _show_effects(report)


def _row(leak: Leak | None, compared: int) -> tuple[str, str]:
    if leak is None:
        return str(compared), UNKNOWN
    change = leak.change
    return str(change.matchday - 1), escape(f"matchday {change.matchday}, {change.what} of {change.component}")


def _verdict(report: LookaheadReport) -> str:
    leak = report.first
    if leak is None:
        sight = ", as far as this audit sees" if report.effects else ""
        return f"Nothing found{sight}: each matchday is decided the same, whatever comes after it."
    change, who = leak.change, escape(repr(leak.component))
    when = f"On matchday {change.matchday} ({change.date})"
    if leak.after is None:
        why = "when the season is played again in the same process: something outlasts the first play, be it a global, "
        why += "an attribute of a class or random numbers of its own; set it anew in season_opened"
        return f"[bold red]kept[/]: {who} does not begin anew. {when} {_apart(change)} {why}."
    why = f"where what nobody knows before the end of matchday {leak.after} is something else"
    return f"[bold red]leak[/]: {who} knows what it cannot know. {when} {_apart(change)} {why}."


def _apart(change: Change) -> str:
    """Say how two plays differ, up to where they do."""
    if change.what == "failure" and change.played is None:
        return f"it fails ({_value(change.replayed)})"
    values = (
        "something else"
        if change.played == change.replayed
        else f"{_value(change.played)}, but {_value(change.replayed)}"
    )
    return f"its {escape(change.what)}{escape(_about(change))} is {values}"


def _about(change: Change) -> str:
    about = ", ".join(filter(None, (change.match_id, change.selection)))
    return f" ({about})" if about else ""


def _value(value: Any) -> str:
    if value is None:
        return "none"
    return f"{value:.6g}" if isinstance(value, float) else escape(str(value))


def _show_effects(report: LookaheadReport) -> None:
    """Print what was opened in the plays: nothing of it was scrambled."""
    if not report.effects:
        return
    screen.out.print("\nOpened while it played, and out of this audit's sight:")
    for effect in report.effects[:SHOWN]:
        screen.out.print(f"  {effect.kind:<8} {escape(str(effect))}", soft_wrap=True)
    if len(report.effects) > SHOWN:
        screen.out.print(f"  and {len(report.effects) - SHOWN} more (--json has them all)")
