"""``matchday lens``: what an agent's neural model has learned, after a season with it, in the report of that play."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import AsJson, Forecasts, Set, StoreAt
from matchday.cli.taking import one_season, takes

if TYPE_CHECKING:
    from matchday.cli.options import Choice
    from matchday.store import Run
    from matchday_plugins.lens.report import Findings

OUTPUT = "matchday-lens.html"

Target = Annotated[str, typer.Argument(help="A bundled agent's name, a TOML file, or a model by itself, as mlp.")]
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


@takes(one_season)
def lens(
    agent: Target,
    model: Model = None,
    market: MarketOf = "match_result",
    network: Network = 1,
    axes: Map = None,
    output: Output = None,
    *,
    choice: Choice,
    set_: Set = None,
    forecasts: Forecasts = None,
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Play a season with an agent, and look into its neural model through the polytope lens.

    A model that is named by itself bets a quarter of Kelly where it sees an edge of 5 %.

    Example: matchday lens mlp --season 2023-24 --map elo_gap home_on_target_for
    """
    asked = Asked(model, market, network, axes, output if as_json or output else Path(OUTPUT), as_json)
    _look_into(agent, choice, asked, overrides=set_ or [], forecasts=forecasts, store=store)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at, and how it is told: by a report at ``output``, None for none, and on the screen."""

    model: str | None
    market: str
    network: int
    axes: tuple[str, str] | None
    output: Path | None
    as_json: bool


def _look_into(
    target: str, choice: Choice, asked: Asked, *, overrides: list[str], forecasts: Path | None, store: str
) -> None:
    """Play, look and tell; everything is checked before anything is written."""
    from matchday.cli.options import choose_agent
    from matchday.cli.playing import begin, follow, show, talks
    from matchday.comparison import from_runs
    from matchday.report import check_writable, write_report
    from matchday_plugins.lens.report import check, choose_model, look, read_player, sections, specimen

    player, choice = choose_agent(read_player(target), choice, overrides)
    name, learner = choose_model(player, asked.model)
    report = None if asked.output is None else check_writable(asked.output)
    check(name, learner, market=asked.market, network=asked.network, axes=asked.axes)
    played, database, season = begin(player, choice, forecasts=forecasts, store=store, awake=[learner])
    run, trouble = follow(played, database, season, bar=not (asked.as_json or talks(player)))
    if not asked.as_json:
        show(run, database, season, trouble)
    seen = specimen(name, learner, season.played, market=asked.market, network=asked.network)
    found = look(seen, axes=asked.axes, seed=choice.seed)
    if report is not None:
        write_report(from_runs(database, [run.id]), report, sections(found))
    _print_json(run, found, report) if asked.as_json else _print(found, report)


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
