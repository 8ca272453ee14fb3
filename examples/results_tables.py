"""A comparison as tables in Markdown: who grew, by how much, and what was tuned on what.

matchday play dixon-coles && python examples/results_tables.py matchday.db      of the runs that are on record there

``results.py`` makes docs/results.md of these functions.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from walk_forward import refuse

from matchday import MatchdayError
from matchday.comparison import from_runs
from matchday.store import Store
from matchday.tuned import Tuned, searches
from matchday.wording import UNKNOWN, figure, listed

IN_SAMPLE, LATER_PRICES = "†", "‡"

#: Models that follow other bookmakers. In football-data's older seasons the house's price is days older than theirs.
FOLLOWERS, ON_ONE_CLOCK = (":Sharp", ":Consensus"), "2019-20"


@dataclass(frozen=True)
class Section:
    """A table and what is said beneath it; ``name`` is that of its markers in a Markdown file."""

    name: str
    title: str
    header: tuple = ()
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def markdown(self):
        """Write it as a block of Markdown."""
        lines = [f"| {' | '.join(row)} |" for row in (self.header, ["---"] * len(self.header), *self.rows) if self.rows]
        return "\n".join([*lines, *([""] if lines and self.notes else []), *self.notes])

    def show(self, console):
        """Print it."""
        table = Table(*self.header)
        for row in self.rows:
            table.add_row(*row)
        console.print(f"\n{self.title}", *([table] if self.rows else []), *self.notes, sep="\n", markup=False)


def markers(name):
    """Answer the lines of a Markdown file that a section stands between."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def fill(text, sections):
    """Put every section between its markers; what stands outside of them is left as it is."""
    for section in sections:
        begin, end = markers(section.name)
        head, tail = text[: text.index(begin) + len(begin)], text[text.index(end) :]
        text = f"{head}\n\n{section.markdown()}\n\n{tail}"
    return text


def check_page(file, names):
    """Raise ``MatchdayError`` where a section has no place in a Markdown file."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    for name in names:
        begin, end = markers(name)
        if not 0 <= text.find(begin) < text.find(end):
            raise MatchdayError(f"{file}: no lines {begin} and {end}; write them where the table shall stand.")


def publish(page, made, names):
    """Print sections as they are made, and put them into a page, unless it is None, which is checked before any is."""
    console, kept = Console(width=220), []
    if page:
        check_page(page, names)
    for section in made:
        section.show(console)
        kept.append(section)
    if page:
        page.write_text(fill(page.read_text(encoding="utf-8"), kept), encoding="utf-8")


def number(value, form):
    """Write a number as a page has it: a true minus, and a space before the per cent."""
    return figure(value, form).replace("-", "−").replace("%", " %")


def between(value, low, high, form):
    """Write a figure with its interval, where it has one."""
    ends = "" if low != low or high != high else f" [{number(low, form)}, {number(high, form)}]"
    return number(value, form) + ends


def probability(p):
    """Write a p-value; a small one is never 0."""
    return "< 0.001" if p < 0.0005 else number(p, ".3f")


def agents_in(spec):
    """Go through an agent and the agents inside it, as their specs describe them."""
    yield spec
    for component in spec["component"]:
        inside = [component["agent"]] if "agent" in component else component.get("agents") or ()
        for each in inside:
            yield from agents_in(each)


def tuned(specs):
    """Say which search each agent's parameters come from, and of which agents inside it there are others."""
    rows = []
    for spec in specs:
        name, own = spec["name"], spec.get("tuned")
        members = [each["name"] for each in agents_in(spec) if each is not spec and each.get("tuned")]
        inside = f"of its own; inside: {listed(members)}" if members else ""
        rows.append([name, *(search_cells(Tuned(**own)) if own else [f"nothing {inside}".strip(), *[""] * 6])])
    header = ("agent", "parameters", "seasons", "prices", "tried", "for", "value", "study")
    return header, rows


def search_cells(search):
    """Write a search in seven cells."""
    goal = "log growth a season" if search.objective == "growth" else "log-loss a match"
    form = "+.3f" if search.objective == "growth" else ".4f"
    parameters = ", ".join(f"`{name}`" for name in search.parameters) or UNKNOWN
    seasons, value = listed(search.seasons, most=3), number(search.value, form)
    return [parameters, seasons, search.prices, str(search.trials), goal, value, search.study or UNKNOWN]


def tuned_on(specs, seasons, *, source, competition):
    """List the agents of which a search saw any of these seasons, and which of them it saw."""
    found = {}
    for spec in specs:
        seen = [
            season
            for season in seasons
            if any(each.saw(source=source, competition=competition, season=season) for each in searches(spec))
        ]
        if seen:
            found[spec["name"]] = seen
    return found


def follows(spec):
    """Whether an agent, or one inside it, follows the prices of other bookmakers than the house."""
    used = [component.get("use", "") for each in agents_in(spec) for component in each["component"]]
    return any(use.endswith(FOLLOWERS) for use in used)


def marks(comparison, name):
    """Mark an agent that was tuned on any of the seasons, and one that was shown later prices than those on offer."""
    plays = comparison.plays
    older = ((plays["source"] == "football-data") & (plays["season"] < ON_ONE_CLOCK)).any()
    tuned_here = IN_SAMPLE if name in comparison.in_sample else ""
    return tuned_here + (LATER_PRICES if older and follows(comparison.agents[name]) else "")


def standings(comparison):
    """Write a leaderboard, with the return of every season, and marks at the names."""
    roi = comparison.plays.pivot_table("roi", "agent", "season")
    header = ("agent", "log growth [95 %]", "> 0", *(f"ROI {season}" for season in roi), "bets", "turnover", "yield")
    header += ("ΔLL", "CLV", "drawdown", "ruined")
    rows = [
        [
            name + marks(comparison, name),
            between(row["growth"], row["growth_low"], row["growth_high"], "+.3f"),
            number(row["chance"], ".0%"),
            *(number(each, "+.1%") for each in roi.loc[name]),
            *(number(row[figure], form) for figure, form in REST.items()),
            f"{row['ruined']:.0f} of {row['plays']:.0f}",
        ]
        for name, row in comparison.leaderboard.iterrows()
    ]
    return header, rows


REST = {"bets": ",.0f", "turnover": ".1f", "yield_": "+.1%", "excess": "+.4f", "clv": "+.1%", "drawdown": ".0%"}


def standings_in_short(comparison):
    """Write what counts where only money is asked for."""
    rows = [
        [
            name,
            between(row["growth"], row["growth_low"], row["growth_high"], "+.3f"),
            number(row["bets"], ",.0f"),
            between(row["yield_"], row["yield_low"], row["yield_high"], "+.1%"),
            number(row["clv"], "+.1%"),
        ]
        for name, row in comparison.leaderboard.iterrows()
    ]
    return ("agent", "log growth [95 %]", "bets", "yield [95 %]", "CLV"), rows


def differences(comparison):
    """Write how each agent did against the baseline, and what may be concluded."""
    rows = [
        [
            name,
            between(row["difference"], row["low"], row["high"], "+.3f"),
            probability(row["p"]),
            probability(row["p_holm"]),
            number(row["seasons_needed"], ",.0f"),
        ]
        for name, row in comparison.differences.iterrows()
    ]
    header = ("agent", f"− {comparison.baseline} [95 %]", "p", "p, Holm", "seasons to tell")
    tried = f"Holm's correction is over the {comparison.tried - 1:,} agents that were tried against it."
    return header, rows, [tried, "", *(f"- {sentence}" for sentence in comparison.conclusions)]


def season_by_season(*comparisons):
    """Write the log growth of every season of several comparisons, the agents in the order of the first."""
    names = list(comparisons[0].leaderboard.index)
    cells = {
        (play["season"], play["agent"]): number(play["log_growth"], "+.3f") + in_sample(each, play)
        for each in comparisons
        for play in each.plays.to_dict("records")
    }
    seasons = sorted({season for season, _ in cells})
    return ("agent", *seasons), [[name, *(cells[season, name] for season in seasons)] for name in names]


def in_sample(comparison, play):
    """Mark a play of a season that the agent was tuned on."""
    return f" {IN_SAMPLE}" if play["season"] in comparison.in_sample.get(play["agent"], ()) else ""


def by_scenario(comparison, titles, names):
    """Write return, bets and ruin of every scenario; ``titles`` are by season."""
    cells = {
        (play["season"], play["agent"]): f"{number(play['roi'], '+.1%')} ({play['bets'] - play['forced_bets']:.0f})"
        + (" ruined" if play["status"] == "ruined" else "")
        + in_sample(comparison, play)
        for play in comparison.plays.to_dict("records")
    }
    return ("agent", *titles.values()), [[name, *(cells[season, name] for season in titles)] for name in names]


def published(comparison):
    """Write what others have published of the scenarios."""
    rows = [
        [
            each.name,
            each.kind,
            *(number(value, "+.1%") for value in (each.roi, each.roi_best, each.roi_worst)),
            UNKNOWN if each.ruined is None else "yes" if each.ruined else "no",
            number(each.bets, ".0f"),
        ]
        for each in comparison.published
    ]
    return ("published", "kind", "ROI", "best", "worst", "ruined", "bets"), rows, [comparison.published_source]


def main(path):
    """Print the tables of a store's runs."""
    store = Store(path)
    comparison = from_runs(store, [run.id for run in store.runs()])
    console = Console(width=180)
    Section("", "What was tuned on what", *tuned(comparison.agents.values())).show(console)
    Section("", "Standings", *standings(comparison)).show(console)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "matchday.db"))
    except MatchdayError as error:
        refuse(error)
