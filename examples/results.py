"""What the bundled agents did: the tables of docs/results.md.

python examples/results.py                                                   a quick look, on the synthetic league
python examples/results.py --data FOLDER --jobs 2 --markdown docs/results.md

Plays go to the run store, so that a second call plays nothing. Frozen agents have a store of their own beside it, for
nobody would play them, and they must not count as strategies that were tried.
"""

from dataclasses import dataclass
from pathlib import Path

from results_edges import edges, opinionated_bets
from results_learning import Frames, frozen, schedule, worth
from results_tables import (
    Section,
    by_scenario,
    differences,
    publish,
    published,
    season_by_season,
    standings,
    standings_in_short,
    tuned,
    tuned_on,
)
from rich.console import Console
from rich.progress import Progress
from walk_forward import arguments, refuse

from matchday import Catalogue, MatchdayError, load_agent
from matchday.comparison import compare_schedules
from matchday.comparison.bets import EDGE_BANDS
from matchday.comparison.engine import Engine
from matchday.parts import parts_of
from matchday.season import season_name
from matchday.wording import listed

BASELINE = "dixon-coles"
AT_BEST_PRICES = ["kaunitz", "sharp-follower", "dixon-coles", "benter", "syndicate"]
QUICK = ["dixon-coles", "kaunitz"]


@dataclass(frozen=True)
class Plan:
    """Who plays what: all agents, by name, and those at the best price; seasons held out, older ones, and scenarios."""

    agents: list
    held_out: list
    older: list
    scenarios: list
    at_best: list

    @classmethod
    def of(cls, *, real):
        """Answer the plan of the page, or on the synthetic league that of a quick look; nobody outside is asked."""
        if not real:
            return cls(QUICK, ["2023-24"], ["2022-23"], [], ["kaunitz"])
        catalogue = Catalogue()
        scenarios = [catalogue.load("scenario", name) for name in catalogue.names("scenario")]
        held_out, older = map(season_name, range(2020, 2024)), map(season_name, range(2014, 2020))
        by_year = sorted(scenarios, key=lambda each: each.season)
        agents = [name for name in catalogue.names("agent") if not asks_outside(load_agent(name))]
        return cls(agents, [*held_out], [*older], by_year, AT_BEST_PRICES)


def asks_outside(agent):
    """Whether an agent asks somebody outside, such as a language model: what comes of it is no figure to repeat."""
    return any(part.component.effects for part in parts_of(agent))


class Player:
    """Plays comparisons, and shows how far it is."""

    def __init__(self, asked):
        self._asked = asked
        self._frozen_store = asked.store.with_stem(f"{asked.store.stem}-frozen")

    def compare(self, agents, seasons, **rules):
        """Play agents by name through seasons."""
        return self._play(list(map(load_agent, agents)), self._schedules(seasons, **rules), self._asked.store)

    def frozen(self, agents, seasons):
        """Play agents that learn nothing of the season."""
        return self._play(list(map(frozen, agents)), self._schedules(seasons), self._frozen_store)

    def scenarios(self, agents, scenarios):
        """Play agents through scenarios; None where there are none."""
        planned = [schedule(self._asked, each.season, bankroll=each.bankroll) for each in scenarios]
        return self._play(list(map(load_agent, agents)), planned, self._asked.store) if planned else None

    def _schedules(self, seasons, **rules):
        return [schedule(self._asked, season, **rules) for season in seasons]

    def _play(self, agents, schedules, store):
        names = [agent.name for agent in agents]
        baseline = BASELINE if BASELINE in names else None
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(f"{len(agents)} agents, {len(schedules)} seasons", total=len(agents) * len(schedules))
            comparison = compare_schedules(
                agents,
                schedules,
                baseline=baseline,
                engine=Engine(self._asked.jobs),
                store=store,
                follow=lambda _: bar.advance(task),
            )
        for play in comparison.plays[comparison.plays["status"] == "failed"].to_dict("records"):
            raise MatchdayError(f"{play['agent']} failed in {play['season']}, and there is no page: {play['message']}")
        return comparison


def check_held_out(specs, seasons, source, *, name):
    """Raise ``MatchdayError`` where an agent was tuned on a season that is held out."""
    for agent, seen in tuned_on(specs, seasons, source=name, competition=source.league).items():
        held_out = f"{seasons[0]} to {seasons[-1]}"
        raise MatchdayError(
            f"Agent {agent!r} was tuned on {listed(seen)}; rule: {held_out} are held out; tune it on other seasons."
        )


def sections(plan, player):
    """Play what is planned, and answer the page's tables in their order."""
    held_out, older = player.compare(plan.agents, plan.held_out), player.compare(plan.agents, plan.older)
    order = list(held_out.leaderboard.index)
    yield Section("tuned", "What was tuned on what", *tuned([held_out.agents[name] for name in order]))
    yield Section("held-out", "Held out", *standings(held_out))
    yield Section("differences", "Paired differences", *differences(held_out))
    yield Section("older", "In-sample or older", *standings(older))
    yield Section("seasons", "Season by season: log growth", *season_by_season(held_out, older))
    scenarios = player.scenarios(plan.agents, plan.scenarios)
    if scenarios:
        titles = {each.season: f"{each.season}, from {each.bankroll:.0f}" for each in plan.scenarios}
        yield Section("scenarios", "Scenarios: return and chosen bets", *by_scenario(scenarios, titles, order))
        yield Section("published", "Published", *published(scenarios))
    frames = Frames.of(held_out, older, player.frozen(plan.agents, [*plan.older, *plan.held_out]))
    yield Section("learning-held-out", "Learning, held out", *worth(frames, order, plan.held_out))
    yield Section("learning-all", "Learning, all seasons", *worth(frames, order, [*plan.older, *plan.held_out]))
    bets = opinionated_bets(held_out)
    yield Section("edges", "Edges by size", *edges(bets, "band", EDGE_BANDS))
    yield Section("edges-by-agent", "Edges by agent", *edges(bets, "agent", order))
    best = player.compare(plan.at_best, plan.held_out, prices="best-closing")
    yield Section("best-prices", "At the best price", *standings_in_short(best))
    yield Section("made-of", "Made of", notes=made_of([each for each in (held_out, older, scenarios, best) if each]))


def made_of(comparisons):
    """Say which versions and data the figures come from."""
    seen = {}
    for spec in (spec for comparison in comparisons for spec in comparison.specs):
        seen.setdefault(f"{spec.source} {spec.competition}", set()).add(f"{spec.season} {spec.data}")
    data = [f"{league}, seasons by fingerprint: {', '.join(sorted(marks))}." for league, marks in seen.items()]
    return [f"{comparisons[0].about['versions']}.", "", *data]


#: The sections of the page, each between its markers.
NAMES = ["tuned", "held-out", "differences", "older", "seasons", "scenarios", "published", "learning-held-out"]
NAMES += ["learning-all", "edges", "edges-by-agent", "best-prices", "made-of"]


def main():
    """Read the command line, play, and print the tables."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, default=Path("results.db"), help="run store, a file")
    parser.add_argument("--markdown", type=Path, help="file to put the tables into, between their markers; with --data")
    asked = parser.parse_args()
    plan = Plan.of(real=asked.data is not None)
    if asked.markdown and not asked.data:
        refuse(f"--markdown {asked.markdown} is a page of real seasons; rule: with --data FOLDER.")
    try:
        source, name = schedule(asked, plan.held_out[0]).source, "football-data" if asked.data else "synthetic"
        check_held_out([load_agent(each).spec() for each in plan.agents], plan.held_out, source, name=name)
        publish(asked.markdown, sections(plan, Player(asked)), NAMES)
    except MatchdayError as error:
        refuse(error)


if __name__ == "__main__":
    main()
