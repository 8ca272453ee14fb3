"""``matchday play`` and ``matchday resume``."""

from __future__ import annotations

from typing import Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import (
    AgentTarget,
    AsJson,
    Bankroll,
    Data,
    Explain,
    Forecasts,
    League,
    Partial,
    Prices,
    Rule,
    Scenario,
    Season,
    Seed,
    Set,
    Source,
    StoreAt,
    refuse_both,
)


def play(
    agent: AgentTarget,
    season: Season = None,
    scenario: Scenario = None,
    league: League = None,
    source: Source = None,
    data: Data = None,
    prices: Prices = None,
    bankroll: Bankroll = None,
    rule: Rule = None,
    seed: Seed = 0,
    set_: Set = None,
    partial: Partial = False,
    forecasts: Forecasts = None,
    store: StoreAt = DEFAULT_STORE,
    explain: Explain = False,
    as_json: AsJson = False,
) -> None:
    """Play a season with an agent, and keep the run in the store."""
    refuse_both("--json", as_json and explain)
    from matchday.cli.options import Choice
    from matchday.cli.playing import play_season

    choice = Choice(
        source=source,
        season=season,
        scenario=scenario,
        league=league,
        data=data,
        prices=prices,
        bankroll=bankroll,
        rules=rule or [],
        seed=seed,
        partial=partial,
    )
    play_season(
        agent, choice, overrides=set_ or [], forecasts=forecasts, store=store, explained=explain, as_json=as_json
    )


def resume(
    run: Annotated[str, typer.Argument(help="The run's id, or its first digits.")],
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was cut off."""
    from matchday.cli.playing import resume_run

    resume_run(run, store=store, as_json=as_json)
