"""``matchday compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import AsJson, Forecasts, Jobs, Set, StoreAt
from matchday.cli.taking import many_seasons, takes

if TYPE_CHECKING:
    from matchday.cli.schedules import Span


@takes(many_seasons)
def compare(
    agents: Annotated[
        list[str] | None,
        typer.Argument(help="Bundled agents' names, or TOML files. Default: the bundled ones that are quick."),
    ] = None,
    *,
    span: Span,
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
    set_: Set = None,
    forecasts: Forecasts = None,
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Play many agents through many seasons, and tell which is better, by how much, and whether it could be luck."""
    from matchday.cli.comparing import Asked, compare_agents, engine_of
    from matchday.cli.options import read_overrides

    engine, overrides = engine_of(jobs, backend, scheduler), read_overrides(set_ or [])
    asked = Asked(agents or [], span.with_source(overrides), overrides)
    compare_agents(
        asked, baseline=baseline, engine=engine, store=store, forecasts=forecasts, report=report, as_json=as_json
    )
