"""``matchday play`` and ``matchday resume``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import AgentTarget, AsJson, Explain, Forecasts, Set, StoreAt, refuse_both
from matchday.cli.taking import one_season, takes

if TYPE_CHECKING:
    from matchday.cli.options import Choice


@takes(one_season)
def play(
    agent: AgentTarget,
    choice: Choice,
    set_: Set = None,
    forecasts: Forecasts = None,
    store: StoreAt = DEFAULT_STORE,
    explain: Explain = False,
    as_json: AsJson = False,
) -> None:
    """Play a season with an agent, and keep the run in the store."""
    refuse_both("--json", as_json and explain)
    from matchday.cli.playing import play_season

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
