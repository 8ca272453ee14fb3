"""The commands and their options; what they do is imported when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import matchday
from matchday.catalogue import Catalogue
from matchday.cli import DEFAULT_STORE
from matchday.cli.arguments import (
    AgentTarget,
    AsJson,
    Bankroll,
    Data,
    Explain,
    Forecasts,
    Jobs,
    League,
    Partial,
    Prices,
    Rule,
    Scenario,
    Scenarios,
    Season,
    Seasons,
    Seed,
    Seeds,
    Set,
    SetSource,
    Source,
    StoreAt,
)
from matchday.cli.auditing import audit
from matchday.cli.checking import check
from matchday.cli.scaffolding import new
from matchday.cli.serving import serve
from matchday.errors import CatalogueError, MatchdayError


class _Commands(TyperGroup):
    """The commands below, and those that other packages bring by entry point."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *Catalogue().names("command")]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        if found is None and cmd_name in Catalogue().names("command"):
            return _brought(cmd_name)
        return found


def _brought(name: str) -> Any:
    """Make a command of a function that another package brings; of a broken package's, one that says what is wrong."""
    lone = typer.Typer(add_completion=False)
    try:
        lone.command(name)(Catalogue().load("command", name))
    except CatalogueError as error:
        reason = error  # a name that outlives the block

        def broken() -> None:
            raise reason

        takes_all = {"ignore_unknown_options": True, "allow_extra_args": True}
        lone.command(name, help=f"Broken: {reason}", context_settings=takes_all)(broken)
    return typer.main.get_command(lone)


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Play football betting seasons with agents made of plugins.",
)
app.add_typer(new, name="new")
app.add_typer(audit, name="audit")
app.add_typer(serve, name="serve")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"matchday {matchday.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None: ...


@app.command()
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
    _refuse_both("--json", as_json and explain)
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


@app.command()
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


@app.command()
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


@app.command()
def report(
    run: Annotated[list[str], typer.Argument(help="Runs' ids, or their first digits; matchday runs lists them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    baseline: Annotated[
        str | None, typer.Option(help="Agent that the others are compared with. Default: the first run's.")
    ] = None,
    store: StoreAt = DEFAULT_STORE,
) -> None:
    """Write the report of runs that are in the store, as one HTML file."""
    from matchday.cli.reporting import report_runs

    report_runs(run, output, store=store, baseline=baseline)


@app.command()
def advise(
    agent: AgentTarget,
    slate: Annotated[str, typer.Option(help="Today's matches and odds, a CSV file; - is standard input.")],
    date: Annotated[
        str | None, typer.Option(help="Day to bet on, as 2026-08-15. Default: the slate's own date, else today.")
    ] = None,
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
    from matchday.cli.options import Choice

    choice = Choice(
        source=source,
        season=season,
        league=league,
        data=data,
        prices=prices,
        bankroll=bankroll,
        rules=rule or [],
        seed=seed,
        partial=True,
    )
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


@app.command()
def resume(
    run: Annotated[str, typer.Argument(help="The run's id, or its first digits.")],
    store: StoreAt = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was cut off."""
    from matchday.cli.playing import resume_run

    resume_run(run, store=store, as_json=as_json)


@app.command()
def runs(
    run: Annotated[str | None, typer.Argument(help="A run's id, to see it matchday by matchday.")] = None,
    store: StoreAt = DEFAULT_STORE,
    events: Annotated[bool, typer.Option("--events", help="Print the run's events, a line of JSON each.")] = False,
    explain: Explain = False,
    transcript: Annotated[
        bool, typer.Option("--transcript", help="Tell what a language model was told and answered.")
    ] = False,
    matchday: Annotated[int | None, typer.Option(help="Explain this matchday only, or tell its transcript.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the runs in the store, or show one."""
    from matchday.cli.listing import explain_run, list_runs, show_run
    from matchday.cli.transcript import show_transcript

    if run is None:
        _need_run("--events", events, "whose events to print")
        _need_run("--explain", explain, "to explain")
        _need_run("--transcript", transcript, "whose transcript to tell")
        _need_run("--matchday", matchday is not None, "to explain")
        list_runs(store, as_json=as_json)
    elif explain:
        _refuse_both("--json", as_json)
        _refuse_both("--events", events)
        _refuse_both("--transcript", transcript)
        explain_run(store, run, matchday=matchday)
    elif transcript:
        _refuse_both("--json", as_json, beside="--transcript")
        _refuse_both("--events", events, beside="--transcript")
        show_transcript(store, run, matchday=matchday)
    elif matchday is not None:
        raise MatchdayError("--matchday picks what --explain or --transcript shows; add one of them.")
    else:
        show_run(store, run, events=events, as_json=as_json)


def _need_run(option: str, given: bool, what_for: str) -> None:
    if given:
        raise typer.BadParameter(f"name the run {what_for}", param_hint=f"'{option}'")


def _refuse_both(option: str, given: bool, *, beside: str = "--explain") -> None:
    """Refuse an option that prints something else than the one it stands beside does."""
    if given:
        raise MatchdayError(f"{beside} and {option} print different things; leave one out.")


@app.command()
def agents(
    name: Annotated[str | None, typer.Argument(help="An agent, to see its components.")] = None,
) -> None:
    """List the bundled agents, or show one."""
    from matchday.cli.listing import list_agents, show_agent

    list_agents() if name is None else show_agent(name)


@app.command()
def components(
    name: Annotated[str | None, typer.Argument(help="A component, to see its parameters.")] = None,
) -> None:
    """List the installed components, or show one with its parameters."""
    from matchday.cli.listing import list_components, show_component

    list_components() if name is None else show_component(name)


@app.command()
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


app.command()(check)
