"""The command ``matchday``: its own commands, and those that other packages bring by entry point."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import matchday
from matchday.catalogue import Catalogue
from matchday.cli.commands.advise import advise
from matchday.cli.commands.audit import audit
from matchday.cli.commands.check import check
from matchday.cli.commands.compare import compare
from matchday.cli.commands.installed import agents, components, seasons
from matchday.cli.commands.new import new
from matchday.cli.commands.play import play, resume
from matchday.cli.commands.runs import report, runs
from matchday.cli.commands.serve import serve
from matchday.cli.commands.tune import tune
from matchday.errors import CatalogueError


class _Commands(TyperGroup):
    """The commands below, and those that other packages bring by entry point."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *Catalogue().names("command")]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        if found is None and cmd_name in Catalogue().names("command"):
            return _brought(cmd_name)
        return found


def _brought(name: str) -> Any:
    """Make a command of a function that another package brings; of a broken package's, one that says what is wrong."""
    lone = typer.Typer(add_completion=False)
    try:
        lone.command(name)(Catalogue().load("command", name))
    except CatalogueError as error:
        reason = error  # a name that outlives the block

        def broken() -> None:
            raise reason

        takes_all = {"ignore_unknown_options": True, "allow_extra_args": True}
        lone.command(name, help=f"Broken: {reason}", context_settings=takes_all)(broken)
    return typer.main.get_command(lone)


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Play football betting seasons with agents made of plugins.",
)
for command in (play, compare, tune, report, advise, resume, runs, agents, components, seasons, check):
    app.command()(command)
for name, group in (("new", new), ("audit", audit), ("serve", serve)):
    app.add_typer(group, name=name)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"matchday {matchday.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None: ...
