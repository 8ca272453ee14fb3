"""``matchday lens``: what an agent's neural model has learned, after a season with it, in the report of that play."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import (
    AgentTarget,
    AsJson,
    Bankroll,
    Data,
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
)

if TYPE_CHECKING:
    from matchday.store import Run
    from matchday_plugins.lens.report import Findings

OUTPUT = "matchday-lens.html"

Model = Annotated[str | None, typer.Option(help="Model to look into. Default: the agent's first neural one.")]
MarketOf = Annotated[str, typer.Option("--market", help="match_result or total_goals_2_5.")]
Network = Annotated[int, typer.Option(help="Which of the networks that the model averages, from 1.")]
Map = Annotated[
    tuple[str, str] | None,
    typer.Option("--map", help="Two features to draw the map over. Default: two that count much."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help=f"Report to write. Default: {OUTPUT}; none with --json.")
]


def lens(
    agent: AgentTarget,
    model: Model = None,
    market: MarketOf = "match_result",
    network: Network = 1,
    axes: Map = None,
    output: Output = None,
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
    as_json: AsJson = False,
) -> None:
    """Play a season with an agent, and look into its neural model through the polytope lens.

    Example: matchday lens mine.toml --season 2023-24 --map elo_gap home_on_target_for
    """
    from matchday.cli.options import Choice, choose_agent
    from matchday.cli.playing import begin, follow, show, talks
    from matchday.comparison import from_runs
    from matchday.report import check_writable, write_report
    from matchday_plugins.lens.report import check, choose_model, look, sections, specimen

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
    player, choice = choose_agent(agent, choice, set_ or [])
    name, learner = choose_model(player, model)
    written = output if as_json or output else Path(OUTPUT)
    target = None if written is None else check_writable(written)
    check(name, learner, market=market, network=network, axes=axes)
    played, database, loaded = begin(player, choice, forecasts=forecasts, store=store, awake=[learner])
    run, trouble = follow(played, database, loaded, bar=not (as_json or talks(player)))
    if not as_json:
        show(run, database, loaded, trouble)
    found = look(specimen(name, learner, loaded.played, market=market, network=network), axes=axes, seed=seed)
    if target is not None:
        write_report(from_runs(database, [run.id]), target, sections(found))
    _print_json(run, found, target) if as_json else _print(found, target)


def _print(found: Findings, target: Path | None) -> None:
    from rich.markup import escape

    from matchday.cli.screen import out
    from matchday.report.words import count
    from matchday_plugins.lens.report.sections import conclusions

    specimen = found.specimen
    units = "-".join(map(str, specimen.lens.hidden))
    what = f"network {specimen.network} of {specimen.networks}, {specimen.market.name}"
    learned = f"fitted on {specimen.fitted_on} to {count(specimen.learned, 'match', 'matches')}"
    shape = f"{count(len(specimen.names), 'input')}, hidden {units}"
    out.print(
        f"\n[bold]{escape(specimen.model)}[/] through the polytope lens: {what}; {shape}; {learned}", soft_wrap=True
    )
    for sentence in conclusions(found):
        out.print(f"  {escape(sentence)}", soft_wrap=True)
    for reason in found.missing.values():
        out.print(f"  left out: {escape(reason)}", soft_wrap=True)
    out.print(f"  report: {target}", markup=False, soft_wrap=True)


def _print_json(run: Run, found: Findings, target: Path | None) -> None:
    from matchday.cli.playing import as_object
    from matchday_plugins.lens.report import figures

    report = None if target is None else str(target)
    print(json.dumps({**as_object(run), "lens": figures.as_object(found), "report": report}))
