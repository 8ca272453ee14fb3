"""The command check: contracts as a table, and what to do about it."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matchday.errors import MatchdayError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matchday.testing.checking import Check, Checkable


def check(
    target: Annotated[
        str,
        typer.Argument(help="A component, source or agent that is installed, module:Class, or a .py or .toml file."),
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Parameter as PARAM=VALUE, of an agent as component.PARAM=VALUE; repeat for more."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Try the contracts that every plugin keeps on one, in small invented seasons."""
    from matchday.testing.targets import find_targets

    found, texts = find_targets(target), set_ or []
    if texts and len(found) > 1:
        raise MatchdayError(f"--set {texts[0]}: the file defines several classes; name one, as {next(iter(found))}.")
    checks, refused = _checked(found, texts)
    if checks:
        _print_json(checks) if as_json else _show(checks)
    if refused is not None:
        raise refused
    if any(each.broken for each in checks):
        raise typer.Exit(1)


def _checked(found: Mapping[str, Checkable], texts: Sequence[str]) -> tuple[list[Check], MatchdayError | None]:
    """Check one after the other; answer the first refusal beside them. What they print goes to standard error."""
    from matchday.testing.checking import check as check_contracts

    checks, refused = [], None
    for name, target in found.items():
        try:
            with contextlib.redirect_stdout(sys.stderr):
                checks.append(check_contracts(target, _parameters(target, texts), name=name))
        except MatchdayError as error:
            refused = refused or error
    return checks, refused


def _parameters(target: Checkable, texts: Sequence[str]) -> Mapping[str, Any]:
    """Read what is set: parameters of a class, or of an agent's components."""
    from matchday.agentfile import AgentFile
    from matchday.cli.options import assignment, read_overrides

    return read_overrides(texts) if isinstance(target, AgentFile) else dict(map(assignment, texts))


def _print_json(checks: Sequence[Check]) -> None:
    import dataclasses
    import json

    print(
        json.dumps({"kept": not any(each.broken for each in checks), "checks": list(map(dataclasses.asdict, checks))})
    )


def _show(checks: Sequence[Check]) -> None:
    from rich.markup import escape

    from matchday.cli.screen import out, table
    from matchday.wording import listed

    for number, each in enumerate(checks):
        out.print(f"{chr(10) if number else ''}[bold]{escape(each.target)}[/]  {listed(each.kinds)}")
        shown = table("contract<", "verdict<", "evidence<")
        shown.columns[0].ratio, shown.columns[1].no_wrap = None, True
        for finding in each.findings:
            style = _STYLES[finding.status]
            shown.add_row(finding.contract, f"[{style}]{finding.status}[/]", escape(finding.evidence))
        out.print(shown)
        out.print(f"\n{escape(_advice(each))}")


_STYLES = {"kept": "green", "broken": "bold red", "not applicable": "dim"}


def _advice(check: Check) -> str:
    """Say in a line what to do."""
    kept = sum(each.status == "kept" for each in check.findings)
    if not check.broken:
        return f"{check.target} keeps all {kept} contracts that bind it."
    first = check.broken[0].contract
    others = f" (and {len(check.broken) - 1} more)" if len(check.broken) > 1 else ""
    return f"Mend first: {first}{others}; then run matchday check {check.target} again."
