"""The commands that show what there is: agents, components, seasons, runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import entry_points

from rich.markup import escape

from matchday.agent import Agent
from matchday.agentfile import build_agent, read_agent
from matchday.catalogue import GROUPS, Catalogue
from matchday.cli.describing import default_of, description, role, summary, type_of
from matchday.cli.explaining import explain
from matchday.cli.options import Choice
from matchday.cli.playing import as_object
from matchday.cli.screen import out, show_summary, table
from matchday.component import Component
from matchday.errors import CatalogueError
from matchday.markets import MARKETS
from matchday.money import to_units
from matchday.nesting import AgentOfAgents
from matchday.season import Season
from matchday.store import Store
from matchday.wording import listed


def list_agents() -> None:
    """Print the bundled agents with their summaries."""
    catalogue = Catalogue()
    shown = table("agent<", "summary<")
    for name in catalogue.names("agent"):
        shown.add_row(name, escape(read_agent(name, catalogue).summary))
    for package, reason in catalogue.broken_agents().items():
        shown.add_row(f"{package}: broken", escape(reason))
    out.print(shown)


def show_agent(target: str) -> None:
    """Print what an agent is about, and its components with the parameters they are played with, inside it too."""
    file = read_agent(target)
    uses = {entry.get("name", entry["use"]): entry["use"] for entry in file.component}
    agent = build_agent(file)
    _show_components(agent, uses)
    if file.about.strip():
        out.print()
        out.print(escape(file.about.strip()))


def _show_components(agent: Agent, uses: Mapping[str, str], *, above: str = "") -> None:
    """Print an agent's table, and one for each agent inside it; ``uses`` are what the agent's file calls components."""
    out.print(f"[bold]{escape(above + agent.name)}[/]  {escape(agent.summary)}")
    shown = table("component<", "use<", "role<", "parameters<")
    for name, component in agent.components.items():
        assert isinstance(component, Component)
        use = uses.get(name) or _use(type(component))
        shown.add_row(escape(name), escape(use), role(type(component)), escape(_parameters(component)))
    out.print(shown)
    if agent.tuned is not None:
        out.print(escape(search_of(agent)))
    for component in agent.components.values():
        for inner in component.members.values() if isinstance(component, AgentOfAgents) else ():
            out.print()
            _show_components(inner, {}, above=f"{above}{agent.name}/")


def search_of(agent: Agent) -> str:
    """Say what an agent's parameters were chosen on."""
    if agent.tuned is None:
        return ""
    search = agent.tuned
    value = f"log growth {search.value:+.4f}" if search.objective == "growth" else f"log-loss {search.value:.5f}"
    return (
        f"Tuned: {listed(search.parameters) or 'parameters'} by {search.trials:,} trials on "
        f"{listed(search.seasons, most=12)} of {search.source}, {search.prices} prices ({value}). "
        "Those seasons are in-sample."
    )


def _parameters(component: Component) -> str:
    """Write a component's parameters; of agents inside it, their names."""
    written = component.model_dump(mode="json")
    if isinstance(component, AgentOfAgents):
        written["agents"] = list(component.members)
    return ", ".join(f"{key}={value}" for key, value in written.items())


def _use(kind: type[Component]) -> str:
    """Answer what an agent's file would call a component's class: its name in the catalogue, if it has one."""
    path = f"{kind.__module__}:{kind.__qualname__}"
    return next((each.name for each in entry_points(group=GROUPS["component"], value=path)), path)


def list_components() -> None:
    """Print the installed components: name, role, first line of their description."""
    catalogue = Catalogue()
    shown = table("component<", "role<", "what it does<")
    for name in catalogue.names("component"):
        try:
            kind = catalogue.component(name)
        except CatalogueError as error:  # a package that is broken hides no other
            shown.add_row(name, "broken", escape(str(error)))
            continue
        shown.add_row(name, role(kind), escape(summary(kind)))
    out.print(shown)


def show_component(use: str) -> None:
    """Print a component's description and its parameters with types, defaults and meaning."""
    kind = Catalogue().component(use)
    out.print(f"[bold]{escape(use)}[/]  {role(kind)}  ({kind.__module__}:{kind.__qualname__})")
    out.print(escape(description(kind)))
    shown = table("parameter<", "type<", "default<", "meaning<")
    for name, field in kind.model_fields.items():
        shown.add_row(name, escape(type_of(field)), escape(default_of(field)), escape(field.description or ""))
    out.print(shown if kind.model_fields else "It has no parameters.")


def list_seasons(choice: Choice) -> None:
    """Print the seasons of a source, and the scenarios."""
    source = choice.open_source()
    out.print(" ".join(source.seasons()))
    catalogue = Catalogue()
    shown = table("scenario<", "title<", "season<", "bankroll", "source<", "split<")
    for name in catalogue.names("scenario"):
        try:
            each = catalogue.load("scenario", name)
        except CatalogueError as error:
            shown.add_row(name, f"broken: {escape(str(error))}")
            continue
        shown.add_row(name, each.title, each.season, f"{each.bankroll:.0f}", each.source, each.split)
    out.print()
    out.print(shown)


def show_season(choice: Choice) -> None:
    """Print what a season holds: matches, prices by policy, and what was met while loading it."""
    _, season, _ = choice.load()
    played, clubs = season.played, len(season.clubs)
    out.print(f"[bold]{season.competition} {season.name}[/] of {season.source}")
    out.print(
        f"{len(played)} matches of {clubs} clubs on {season.matchdays} matchdays, after {season.first} of history"
    )
    out.print(f"{_players(season)}{_below(season)}\n")
    shown = table("price policy<", "1X2", "totals", "meaning<")
    for name, policy in season.policies.items():
        odds = season.odds(name).iloc[season.first :]
        priced = (str(int(odds[list(market.selections)].notna().all(axis=1).sum())) for market in MARKETS)
        shown.add_row(name, *priced, escape(policy.meaning))
    out.print(shown)
    for remark in season.report:
        out.print(f"remark: {escape(remark)}", soft_wrap=True)


def _players(season: Season) -> str:
    """Say how many player rows there are, of which matches, and what they do not know."""
    rows = season.players
    if not len(rows) or not {"season", "match_id"} <= set(rows.columns):
        return f"{len(rows):,} player rows"
    own = rows[(rows["season"] == season.name).to_numpy()]
    before = f", after {len(rows) - len(own):,} of earlier seasons" if len(rows) > len(own) else ""
    unknown = [str(name) for name in own.columns if own[name].isna().all()] if len(own) else []
    told = f"; not known: {', '.join(unknown)}" if unknown else ""
    return f"{len(own):,} player rows of {own['match_id'].nunique()} matches{before}{told}"


def _below(season: Season) -> str:
    """Say in a line of its own, if at all, what is known of the division below."""
    if not len(season.below):
        return ""
    leagues, seasons = sorted(set(season.below["competition"])), sorted(set(season.below["season"]))
    span = seasons[0] if len(seasons) == 1 else f"{seasons[0]} to {seasons[-1]}"
    return f"\n{len(season.below):,} results of {', '.join(leagues)}, the division below, of {span}"


def list_runs(store: str, *, as_json: bool) -> None:
    """Print the runs in the store."""
    runs = Store(store).runs()
    if as_json:
        print(json.dumps([as_object(run) for run in runs]))
        return
    shown = table("run<", "agent<", "season<", "source<", "seed", "status<", "matchdays", "bets", "bankroll", "ROI")
    for run in runs:
        s = run.summary
        figures = (str(s.matchdays), str(s.bets), f"{s.bankroll_end:,.2f}", f"{s.roi:+.1%}")
        shown.add_row(run.id, escape(s.agent), s.season, s.source, str(s.seed), run.status, *figures)
    out.print(shown)


def show_run(store: str, run_id: str, *, events: bool, as_json: bool) -> None:
    """Print a run matchday by matchday, or its events."""
    database = Store(store)
    run = database.run(run_id)
    if events:
        print("\n".join(database.events(run.id)))
        return
    if as_json:
        print(json.dumps(as_object(run)))
        return
    matchdays = database.frame("matchdays", run.id)
    show_summary(run, matchdays, store=database.location)
    shown = table("matchday", "date<", "bets", "staked", "paid", "bankroll")
    for day in matchdays.to_dict("records"):
        money = (f"{to_units(day[name]):,.2f}" for name in ("staked", "paid", "bankroll_after"))
        shown.add_row(str(day["matchday"]), str(day["date"]), str(day["bets"]), *money)
    out.print(shown)


def explain_run(store: str, run_id: str, *, matchday: int | None) -> None:
    """Print a run in a few lines, and why its bets were placed as they were."""
    database = Store(store)
    run = database.run(run_id)
    explanation = explain(run.id, database.events(run.id), matchday=matchday)
    show_summary(run, database.frame("matchdays", run.id), store=database.location)
    out.print(explanation)
