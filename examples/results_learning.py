"""What learning is worth: agents beside themselves frozen, who are told nothing of a season once it is open.

python examples/results_learning.py                                     dixon-coles, on the synthetic league
python examples/results_learning.py dixon-coles mine.toml --data FOLDER --seasons 2014-15:2023-24
"""

from dataclasses import dataclass

import pandas as pd
from results_tables import Section, between, number, probability
from rich.console import Console
from walk_forward import arguments, refuse, season_names, source_of

from matchday import Agent, Catalogue, MatchdayError, Rules, load_agent
from matchday.comparison import Schedule, compare_schedules
from matchday.comparison.engine import Engine
from matchday.statistics import analyse, holm
from matchday.wording import UNKNOWN

FROZEN = "{} (frozen)"
NOTHING_LEARNS = "0: nothing in it learns"
HEADER = (
    *("agent", "log growth", "frozen", "frozen − learning [95 %]", "p", "p, Holm"),
    *("bets", "bets, frozen", "log-loss", "log-loss, frozen"),
)


def frozen(target):
    """Wrap an agent, a bundled name or a TOML file, so that it learns nothing of the season."""
    wrapped = Catalogue().component("frozen")(agents=[target])
    (name,) = wrapped.members
    return Agent(FROZEN.format(name), [wrapped])


def schedule(asked, season, **rules):
    """Answer a season of the source that the command line asks for, with rules to play it by."""
    if asked.players and not (asked.data and (asked.players / "data").is_dir()):
        raise MatchdayError(f"--players {asked.players}: rule: a folder with a folder 'data' in it, beside --data.")
    return Schedule(season, Rules(**rules), 0, source_of(asked, season))


@dataclass(frozen=True)
class Frames:
    """What is needed of comparisons to put their agents side by side, whoever was compared with whom."""

    plays: pd.DataFrame
    matchdays: pd.DataFrame
    calibration: pd.DataFrame

    @classmethod
    def of(cls, *comparisons):
        """Stack comparisons."""
        kinds = ("plays", "matchdays", "calibration")
        return cls(*(pd.concat([getattr(each, kind) for each in comparisons], ignore_index=True) for kind in kinds))

    def part(self, agents, seasons):
        """Keep what is of these agents and seasons."""
        frames = (self.plays, self.matchdays, self.calibration)
        return Frames(*(each[each["agent"].isin(agents) & each["season"].isin(seasons)] for each in frames))


def pair(frames, name, seasons):
    """Answer an agent's analysis beside its frozen self, and the mean log-loss of both."""
    both = [name, FROZEN.format(name)]
    part = frames.part(both, seasons)
    sums = part.matchdays.groupby("agent")[["model_loss", "scored"]].sum()
    loss = (sums["model_loss"] / sums["scored"])[both]
    analysis = analyse(
        plays=part.plays, matchdays=part.matchdays, calibration=part.calibration, baseline=name, agents=both
    )
    return analysis.leaderboard.loc[both], analysis.differences.loc[both[1]], loss


def worth(frames, names, seasons):
    """Write a row an agent: growth, bets and log-loss of both, and the difference, corrected for as many as learn."""
    pairs = {name: pair(frames, name, seasons) for name in names}
    learns = [name for name, (_, difference, _) in pairs.items() if any(difference[["difference", "low", "high"]])]
    p = [pairs[name][1]["p"] for name in learns]
    tests = {name: [*map(probability, both)] for name, *both in zip(learns, p, holm(p), strict=True)}
    rows = [
        [
            name,
            *(number(each, "+.3f") for each in board["growth"]),
            between(row["difference"], row["low"], row["high"], "+.3f") if name in learns else NOTHING_LEARNS,
            *tests.get(name, [UNKNOWN, UNKNOWN]),
            *(number(each, ".0f") for each in board["bets"]),
            *(number(each, ".4f") for each in loss),
        ]
        for name, (board, row, loss) in pairs.items()
    ]
    return HEADER, rows


def main():
    """Read the command line, play, and print the table."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("agents", nargs="*", default=["dixon-coles"], help="bundled names or TOML files")
    parser.add_argument("--seasons", default="2023-24:2023-24", help="first:last, or one")
    asked = parser.parse_args()
    try:
        learning, seasons = [load_agent(target) for target in asked.agents], season_names(asked)
        schedules = [schedule(asked, season) for season in seasons]
        agents = [*learning, *map(frozen, asked.agents)]
        comparison = compare_schedules(agents, schedules, engine=Engine(asked.jobs))
        table = worth(Frames.of(comparison), [agent.name for agent in learning], seasons)
    except MatchdayError as error:
        refuse(error)
    Section("", f"What learning is worth, {asked.seasons}", *table).show(Console(width=180))


if __name__ == "__main__":
    main()
