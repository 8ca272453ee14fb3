"""``matchday agents``, ``components`` and ``seasons``: what there is to play with."""

from __future__ import annotations

from typing import Annotated

import typer

from matchday.cli.arguments import Data, League, Partial, SetSource, Source


def agents(
    name: Annotated[str | None, typer.Argument(help="An agent, to see its components.")] = None,
) -> None:
    """List the bundled agents, or show one."""
    from matchday.cli.listing import list_agents, show_agent

    list_agents() if name is None else show_agent(name)


def components(
    name: Annotated[str | None, typer.Argument(help="A component, to see its parameters.")] = None,
) -> None:
    """List the installed components, or show one with its parameters."""
    from matchday.cli.listing import list_components, show_component

    list_components() if name is None else show_component(name)


def seasons(
    season: Annotated[str | None, typer.Argument(help="A season, to see its matches, its prices and its dirt.")] = None,
    source: Source = None,
    data: Data = None,
    league: League = None,
    set_: SetSource = None,
    partial: Partial = False,
) -> None:
    """List the seasons that a source can play and the scenarios, or show one."""
    from matchday.cli.listing import list_seasons, show_season
    from matchday.cli.options import Choice, source_overrides

    parameters = source_overrides(set_ or [])
    choice = Choice(source=source, season=season, data=data, league=league, partial=partial, parameters=parameters)
    list_seasons(choice) if season is None else show_season(choice)
