"""``matchday tune``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import (
    AgentTarget,
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


def tune(
    agent: AgentTarget,
    param: Annotated[
        list[str],
        typer.Option(help="What to search, as COMPONENT.PARAMETER=LOW:HIGH, =LOW:HIGH:log or =A,B,C; repeat for more."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="TOML file to write the best agent to.")],
    season: Seasons = None,
    scenario: Scenarios = None,
    seeds: Seeds = None,
    objective: Annotated[
        str, typer.Option(help="growth: log growth of a season; log-loss: of the forecasts, no money.")
    ] = "growth",
    trials: Annotated[int, typer.Option(min=2, help="Sets of parameters to try in all, the agent's own first.")] = 50,
    jobs: Jobs = None,
    league: League = None,
    source: Source = None,
    data: Data = None,
    prices: Prices = None,
    bankroll: Bankroll = None,
    rule: Rule = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The first seed, and the search's.")] = 0,
    set_: Set = None,
    partial: Partial = False,
    forecasts: Forecasts = None,
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Search the parameters with which an agent does best on past seasons, and keep count of what was tried."""
    from matchday.cli.options import Choice
    from matchday.cli.tuning import Wanted, tune_agent

    choice = Choice(
        source=source,
        league=league,
        data=data,
        prices=prices,
        bankroll=bankroll,
        rules=rule or [],
        seed=seed,
        partial=partial,
    )
    wanted = Wanted(agent, param, set_ or [], season or [], scenario or [], seeds, objective, choice)
    tune_agent(wanted, trials=trials, output=output, jobs=jobs, store=store, forecasts=forecasts, as_json=as_json)
