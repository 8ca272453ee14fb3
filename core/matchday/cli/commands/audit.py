"""The commands of ``matchday audit``; what they do is imported when they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import AgentTarget, AsJson, Set, StoreAt
from matchday.cli.taking import one_season, takes

if TYPE_CHECKING:
    from matchday.cli.options import Choice

audit = typer.Typer(no_args_is_help=True, help="Look into an agent, or into a run of one.")


@audit.command()
@takes(one_season)
def lookahead(
    agent: AgentTarget,
    choice: Choice,
    after: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            help="Matchday from whose matches on the future is another one; repeat for more. Default: the busiest of "
            "each quarter of the season.",
        ),
    ] = None,
    set_: Set = None,
    as_json: AsJson = False,
) -> None:
    """Replay an agent with another future, and tell whether a decision changes; exit status 1: one does."""
    from matchday.cli.lookahead import audit_lookahead

    if audit_lookahead(agent, choice, overrides=set_ or [], after=after or [], as_json=as_json):
        raise typer.Exit(1)


@audit.command()
def run(
    run: Annotated[str, typer.Argument(help="The run's id, or its first digits; matchday runs lists them.")],
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Judge how well a run was thought through, by its record and what its components declare of themselves."""
    from matchday.cli.sophistication import audit_run

    audit_run(run, store=store, as_json=as_json)
