"""Walk a model forward through seasons: what it says each morning, knowing what was known then and nothing else.

python examples/walk_forward.py                                     dixon-coles, on the synthetic league
python examples/walk_forward.py elo --data FOLDER --seasons 2012-13:2023-24

``score_models.py`` and ``tune_models.py`` are made of these functions. A model is a list of components joined by " + ":
models, then a blend, then what calibrates it; or an agent as TOML, whose bets are not placed.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from rich.console import Console
from rich.progress import track

from matchday import Episode, MatchdayError, Rules, load_agent
from matchday.agentfile import build_agent, parse_agent
from matchday.episode import steps
from matchday.markets import MATCH_RESULT, SELECTIONS
from matchday.resampling import block_bootstrap, interval
from matchday.scoring import log_loss, winners
from matchday.season import season_name, season_year
from matchday.source import make_source

NEVER_BETS = [{"use": "value", "minimum_edge": 1e9}, {"use": "flat"}]


def model_agent(recipe, **parameters):
    """Make the agent of a model; ``parameters`` are those of its first component."""
    if recipe.endswith(".toml"):
        if parameters:
            raise MatchdayError(f"{recipe} is an agent's file; set {', '.join(parameters)} in it, or name components.")
        return load_agent(recipe)
    listed = [{"use": use.strip()} for use in recipe.split(" + ")]
    listed[0] |= parameters
    return build_agent(parse_agent({"name": recipe, "component": [*listed, *NEVER_BETS]}, where=recipe))


def forecast_season(agent, season, *, frozen=False):
    """Walk a model through a season; a frozen one goes on with what it knew when the season opened."""
    episode = Episode(season, Rules(without_bet="off"))
    opened = episode.begin(agent=agent.spec())
    agent.season_opened(opened)
    told = []
    for morning in steps(episode):
        day = dataclasses.replace(morning.day, history=opened.history) if frozen else morning.day
        agent.matchday_opened(day)
        told.append(agent.forecast(day).probabilities.reindex(columns=list(SELECTIONS)))
        settlement = episode.settle().settlement
        if not frozen:
            agent.matchday_settled(day, episode.results(), settlement)
    return pd.concat(told)


def facts_of(season):
    """Answer what happened in a season, and at which odds."""
    return season.played[["season", "date", "home_goals", "away_goals"]].join(season.odds("closing"))


def mean_interval(values, facts):
    """Write a mean over matches with its 95 % interval: matchdays are resampled, season by season."""
    known = ~np.isnan(values)
    mean = f"{values[known].mean():+.4f}" if known.any() else "–"
    if not np.isfinite(values[known]).all() or not known.any():
        return mean
    blocks, groups = facts["date"][known], facts["season"][known]
    means = block_bootstrap(values[known], blocks, groups=groups, rng=np.random.default_rng(0))
    low, high = interval(means)
    return f"{mean} [{low:+.4f}, {high:+.4f}]"


def source_of(asked, name):
    """Make the data source that the command line asks for; player rows where the folder has any by that season."""
    if asked.data is None:
        return make_source("synthetic", {})
    more = {"below": asked.below} if asked.below else {}
    if asked.players and any(folder.name <= name for folder in (asked.players / "data").iterdir()):
        more["players"] = asked.players
    return make_source("football-data", {"data": asked.data, **more})


def refuse(problem):
    """End with one line and the status of a wrong argument."""
    print(problem, file=sys.stderr)
    sys.exit(2)


def arguments(summary):
    """Answer a parser of what choosing seasons takes."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--data", type=Path, help="football-data's folder; without it, the synthetic league")
    parser.add_argument(
        "--players", type=Path, help="the player archive's folder; seasons before its first are walked without"
    )
    parser.add_argument("--below", help="code of the division below, as E1")
    parser.add_argument("--jobs", type=int, default=1, help="seasons walked at a time")
    return parser


def season_names(asked):
    """List the seasons asked for, first:last."""
    first, _, last = asked.seasons.partition(":")
    years = range(season_year(first), season_year(last or first) + 1)
    if not years:
        raise MatchdayError(f"Seasons {asked.seasons!r} end before they begin; rule: first:last.")
    return [season_name(year) for year in years]


def each_season(walk, asked, *given):
    """Walk the seasons asked for, side by side, and answer what ``walk`` does of each, in order."""
    if asked.jobs < 1:
        refuse(f"--jobs is {asked.jobs}; rule: at least 1.")
    if asked.players and (asked.data is None or not (asked.players / "data").is_dir()):
        refuse(f"--players {asked.players}: rule: a folder with a folder 'data' in it, beside --data.")
    try:
        jobs = [delayed(walk)(name, *given, source_of(asked, name)) for name in season_names(asked)]
        walking = Parallel(n_jobs=asked.jobs, return_as="generator")(jobs)
        return list(track(walking, "seasons", total=len(jobs), console=Console(stderr=True), transient=True))
    except MatchdayError as error:
        refuse(error)


def walk(name, recipe, source):
    """Answer a season's facts, and the 1X2 log-loss of each of its matches."""
    season = source.season(name)
    facts, p = facts_of(season), forecast_season(model_agent(recipe), season)
    return facts, log_loss(p[list(MATCH_RESULT.selections)].to_numpy(), winners(facts))


def main():
    """Read the command line, walk, and print each season's mean log-loss."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", default="dixon-coles", help="components joined by ' + ', or TOML")
    parser.add_argument("--seasons", default="2023-24:2023-24", help="first:last, or one")
    asked = parser.parse_args()
    for facts, loss in each_season(walk, asked, asked.model):
        print(f"{facts['season'].iloc[0]}  {np.nanmean(loss):.4f}  {int((~np.isnan(loss)).sum())} matches")


if __name__ == "__main__":
    main()
