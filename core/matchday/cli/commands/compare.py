"""``matchday compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import (
    AsJson,
    Bankroll,
    Data,
    Forecasts,
    Jobs,
    League,
    Partial,
    Prices,
    Rule,
    Scenarios,
    Seasons,
    Seeds,
    Set,
    Source,
    StoreAt,
)


def compare(
    agents: Annotated[
        list[str] | None,
        typer.Argument(help="Bundled agents' names, or TOML files. Default: the bundled ones that are quick."),
    ] = None,
    season: Seasons = None,
    scenario: Scenarios = None,
    seeds: Seeds = None,
    baseline: Annotated[
        str | None, typer.Option(help="Agent that the others are compared with. Default: the first.")
    ] = None,
    jobs: Jobs = None,
    backend: Annotated[str, typer.Option(help="loky: processes of this machine; dask: a Dask cluster.")] = "loky",
    scheduler: Annotated[
        str | None, typer.Option(help="Address of the Dask scheduler, as tcp://host:8786. Default: a cluster here.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Report to write. Default: matchday-report.html; none with --json.")
    ] = None,
    league: League = None,
    source: Source = None,
    data: Data = None,
    prices: Prices = None,
    bankroll: Bankroll = None,
    rule: Rule = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The first seed.")] = 0,
    set_: Set = None,
    partial: Partial = False,
    forecasts: Forecasts = None,
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Play many agents through many seasons, and tell which is better, by how much, and whether it could be luck."""
    from matchday.cli.comparing import Asked, compare_agents, engine_of
    from matchday.cli.options import SOURCE, Choice, read_overrides

    engine, overrides = engine_of(jobs, backend, scheduler), read_overrides(set_ or [])
    choice = Choice(
        source=source,
        league=league,
        data=data,
        prices=prices,
        bankroll=bankroll,
        rules=rule or [],
        seed=seed,
        partial=partial,
        parameters=overrides.pop(SOURCE, {}),
    )
    asked = Asked(agents or [], season or [], scenario or [], seeds, choice, overrides)
    compare_agents(
        asked, baseline=baseline, engine=engine, store=store, forecasts=forecasts, report=report, as_json=as_json
    )
