"""``matchday advise``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli.arguments import AgentTarget, AsJson, Data, Forecasts, League, Prices, Rule, Seed, Set, Source
from matchday.cli.taking import takes
from matchday.errors import MatchdayError

if TYPE_CHECKING:
    from matchday.cli.options import Choice


def today(
    season: Annotated[
        str | None, typer.Option(help="Season it belongs to. Default: by the date; a new one begins in July.")
    ] = None,
    league: League = None,
    source: Source = None,
    data: Data = None,
    prices: Prices = None,
    bankroll: Annotated[
        float | None, typer.Option(help="What you have today. Default: what the agent has left of the rules' bankroll.")
    ] = None,
    rule: Rule = None,
    seed: Seed = 0,
) -> Choice:
    """Choose the season that today belongs to, as far as it has gone."""
    from matchday.cli.options import Choice

    return Choice(source, season, None, league, data, prices, bankroll, rule or [], seed, partial=True)


@takes(today)
def advise(
    agent: AgentTarget,
    slate: Annotated[str, typer.Option(help="Today's matches and odds, a CSV file; - is standard input.")],
    date: Annotated[
        str | None, typer.Option(help="Day to bet on, as 2026-08-15. Default: the slate's own date, else today.")
    ] = None,
    *,
    choice: Choice,
    set_: Set = None,
    newcomer: Annotated[
        list[str] | None,
        typer.Option(help="Club that is new to the source, though its name is like another's; repeat for more."),
    ] = None,
    forecasts: Forecasts = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the bets as CSV and nothing else.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what an agent would bet today, and why; nothing is settled or stored."""
    if as_csv and as_json:
        raise MatchdayError("--csv and --json print different things; leave one out.")
    from matchday.cli.advising import advise_today

    advise_today(
        agent,
        choice,
        slate=slate,
        date=date,
        newcomer=newcomer or [],
        overrides=set_ or [],
        forecasts=forecasts,
        output="csv" if as_csv else "json" if as_json else "screen",
    )
