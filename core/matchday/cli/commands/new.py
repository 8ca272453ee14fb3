"""What ``matchday new`` does: write a package to begin from, and say what to type next."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

new = typer.Typer(no_args_is_help=True, help="Begin something of your own.")


@new.command()
def component(
    name: Annotated[str, typer.Argument(help="What to call it: small letters, words joined by hyphens, as my-model.")],
    kind: Annotated[
        str,
        typer.Option(
            help="What it is: model, blend, calibrator, edge, staking, guard, diagnostic, source or agent (of agents)."
        ),
    ],
    folder: Annotated[Path | None, typer.Option(help="Folder to write. Default: one of that name, here.")] = None,
) -> None:
    """Write an installable package: a component, an agent that uses it, tests that pass, and a README."""
    from matchday.cli.screen import out
    from matchday.scaffold import KINDS, write_package

    names = write_package(name, kind, folder)
    source = f" --source {name}" if KINDS[kind].listed == "source" else ""
    steps = [
        f"cd {shlex.quote(str(folder or name))}",
        f'{_tool("pip")} install -e ".[dev]"',
        f"{_tool('matchday')} check {name}",
        f"{_tool('matchday')} compare {names.agent} favourites-only{source}",
    ]
    out.print(f"{folder or name}: {KINDS[kind].meaning}, and the agent {names.agent}. Next:\n", markup=False)
    for step in steps:
        out.print(f"    {step}", markup=False, soft_wrap=True)
    out.print(f"\nThe idea goes into {names.package}/{kind}.py; README.md says the rest.", markup=False)


def _tool(name: str) -> str:
    """Write a command of this environment as it has to be typed: bare, where that is the one on the path."""
    here = Path(sys.executable).with_name(name)
    found = shutil.which(name)
    return shlex.quote(str(here)) if here.exists() and (found is None or Path(found) != here) else name
