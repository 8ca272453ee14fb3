"""``matchday tune``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import AgentTarget, AsJson, Forecasts, Jobs, Set, StoreAt
from matchday.cli.taking import many_seasons, takes

if TYPE_CHECKING:
    from matchday.cli.schedules import Span


@takes(many_seasons)
def tune(
    agent: AgentTarget,
    param: Annotated[
        list[str],
        typer.Option(help="What to search, as COMPONENT.PARAMETER=LOW:HIGH, =LOW:HIGH:log or =A,B,C; repeat for more."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="TOML file to write the best agent to.")],
    *,
    span: Span,
    objective: Annotated[
        str, typer.Option(help="growth: log growth of a season; log-loss: of the forecasts, no money.")
    ] = "growth",
    trials: Annotated[int, typer.Option(min=2, help="Sets of parameters to try in all, the agent's own first.")] = 50,
    jobs: Jobs = None,
    set_: Set = None,
    forecasts: Forecasts = None,
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Search the parameters with which an agent does best on past seasons, and keep count of what was tried."""
    from matchday.cli.tuning import Wanted, tune_agent

    wanted = Wanted(agent, param, set_ or [], span, objective)
    tune_agent(wanted, trials=trials, output=output, jobs=jobs, store=store, forecasts=forecasts, as_json=as_json)
