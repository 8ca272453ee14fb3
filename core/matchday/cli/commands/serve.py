"""The commands of ``matchday serve``; what they do is imported when they run."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli.arguments import Bankroll, Data, League, Prices, Rule, Scenarios, Seasons, Seed, SetSource, Source
from matchday.cli.taking import takes
from matchday.errors import MatchdayError

if TYPE_CHECKING:
    from matchday.cli.offering import Offer

serve = typer.Typer(no_args_is_help=True, help="Let agents from outside play seasons, by tools.")

Seeds = Annotated[int, typer.Option(min=1, max=1000, help="Seeds to offer each season with, a task each.")]
Model = Annotated[list[str] | None, typer.Option(help="Model that may be asked; repeat for more. Default: all.")]
NoModels = Annotated[bool, typer.Option("--no-models", help="Offer no model to ask.")]
KeepAt = Annotated[str | None, typer.Option("--store", help="Run store to put seasons on record in. Default: none.")]
AgentName = Annotated[str, typer.Option("--agent", help="Name under which seasons go on record.")]
Files = Annotated[Path | None, typer.Option(help="Folder in which each episode gets the past as Parquet files.")]
Host = Annotated[str, typer.Option(help="Address to listen at; one that others can reach needs --token.")]
Token = Annotated[
    str | None, typer.Option(envvar="MATCHDAY_TOKEN", help="What whoever plays has to send. Default: nothing.")
]
IdleSeconds = Annotated[float, typer.Option(min=1, help="Seconds after which an episode that nobody uses goes.")]
Limit = Annotated[int, typer.Option("--sessions", min=1, help="How many episodes may be open at a time.")]

#: A season of an episode is not large, but a stranger's mistake shall not fill the memory with them.
LIMIT = 256
IDLE_SECONDS = 3600.0


def offered(
    scenario: Scenarios = None,
    season: Seasons = None,
    seeds: Seeds = 1,
    source: Source = None,
    data: Data = None,
    league: League = None,
    prices: Prices = None,
    bankroll: Bankroll = None,
    rule: Rule = None,
    seed: Seed = 0,
    set_: SetSource = None,
    model: Model = None,
    no_models: NoModels = False,
    store: KeepAt = None,
    files: Files = None,
) -> Offer:
    """Put together what the options offer."""
    from matchday.cli.offering import Offer
    from matchday.cli.options import Choice, source_overrides

    if no_models and model:
        raise MatchdayError("--model and --no-models contradict each other; leave one out.")
    choice = Choice(
        source, None, None, league, data, prices, bankroll, rule or [], seed, parameters=source_overrides(set_ or [])
    )
    models = [] if no_models else model or None
    return Offer(choice, scenario or [], season or [], seeds, models, store, files)


@serve.command()
@takes(offered)
def openreward(
    *,
    offer: Offer,
    agent: AgentName = "outside",
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen at; 0: a free one.")] = 8080,
    token: Token = None,
    idle_seconds: IdleSeconds = IDLE_SECONDS,
    sessions: Limit = LIMIT,
) -> None:
    """Serve seasons as OpenReward environments, until interrupted; offers the scenarios, or one synthetic season."""
    from matchday.serving.address import Address
    from matchday.serving.openreward import serve_openreward

    address = Address(host, port, token)
    serve_openreward(offer.host, address, agent=agent, idle_seconds=idle_seconds, limit=sessions)


@serve.command()
@takes(offered)
def mcp(
    *,
    offer: Offer,
    agent: AgentName = "outside",
    http: Annotated[bool, typer.Option("--http", help="Serve many seasons over HTTP, not one over stdio.")] = False,
    host: Annotated[
        str | None, typer.Option(help="Address to listen at; one that others can reach needs --token. [127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port to listen at; 0: a free one. [8000]")
    ] = None,
    token: Token = None,
    idle_seconds: IdleSeconds = IDLE_SECONDS,
    sessions: Limit = LIMIT,
) -> None:
    """Serve seasons as MCP tools: one season to the program that starts this, or with --http many to many."""
    if not http and (host, port) != (None, None):
        raise MatchdayError("--host and --port are for HTTP; add --http, or leave them out.")
    from matchday.serving.address import Address
    from matchday.serving.starting import serve_mcp_http, serve_mcp_stdio

    if http:
        address = Address(host or "127.0.0.1", 8000 if port is None else port, token)
        serve_mcp_http(offer.host, address, agent=agent, idle_seconds=idle_seconds, limit=sessions)
    else:
        serve_mcp_stdio(dataclasses.replace(offer, several=False).host, agent=agent)
