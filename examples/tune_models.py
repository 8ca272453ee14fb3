"""Search a model's parameters by walk-forward log-loss on 1X2: every combination, or a random draw of them.

python examples/tune_models.py                                           a quick look, on the synthetic league
python examples/tune_models.py dixon-coles --data FOLDER --seasons 2005-06:2013-14 \\
    --set half_life_days=200,300,390,500 --set strength_sd=0.2,0.3,0.4

Search on early seasons and keep the later ones for scoring: the best of many is luckier than it is good. Combinations
whose interval holds 0 are as good as the best, for all that these seasons tell.
"""

import itertools
import json

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from walk_forward import arguments, each_season, facts_of, forecast_season, mean_interval, model_agent, refuse

from matchday.markets import MATCH_RESULT
from matchday.scoring import log_loss, winners


def parsed(value):
    """Read a number, true, false or null; anything else is text."""
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def combinations(settings, *, draws, seed):
    """List the combinations of ``name=value,value`` settings; with ``draws``, so many of them at random."""
    names, values = zip(*(setting.split("=", 1) for setting in settings), strict=True)
    grid = [
        dict(zip(names, map(parsed, each), strict=True)) for each in itertools.product(*(v.split(",") for v in values))
    ]
    if draws is None or draws >= len(grid):
        return grid
    chosen = np.random.default_rng(seed).choice(len(grid), size=draws, replace=False)
    return [grid[i] for i in sorted(chosen)]


def losses(name, recipe, tried, source):
    """Answer a season's facts, and the log-loss (matches, combinations) of each match."""
    season = source.season(name)
    facts, columns = facts_of(season), list(MATCH_RESULT.selections)
    told = [forecast_season(model_agent(recipe, **each), season)[columns].to_numpy() for each in tried]
    return facts, np.column_stack([log_loss(p, winners(facts)) for p in told])


def main():
    """Read the command line, search, and print the combinations, best first."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", default="dixon-coles", help="the parameters are its first component's")
    parser.add_argument("--set", action="append", dest="settings", metavar="NAME=VALUE,VALUE")
    parser.add_argument("--seasons", help="first:last; 2005-06:2013-14, and of the synthetic league 2023-24")
    parser.add_argument("--draws", type=int, help="so many combinations at random instead of all")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    for setting in asked.settings or []:
        if "=" not in setting:
            refuse(f"--set {setting}: rule: NAME=VALUE,VALUE.")
    if asked.seed < 0 or (asked.draws is not None and asked.draws < 1):
        refuse(f"--draws {asked.draws}, --seed {asked.seed}; rule: at least 1 draw, and no negative seed.")
    asked.seasons = asked.seasons or ("2005-06:2013-14" if asked.data else "2023-24:2023-24")
    tried = combinations(asked.settings or ["half_life_days=200,390"], draws=asked.draws, seed=asked.seed)
    walked = each_season(losses, asked, asked.model, tried)
    facts, loss = pd.concat([f for f, _ in walked]), np.concatenate([each for _, each in walked])
    loss = np.where(np.isnan(loss).any(axis=1, keepdims=True), np.nan, loss)  # the matches that all have an opinion on
    means = np.nanmean(loss, axis=0)
    table = Table(
        *tried[0], "log-loss", "− best [95 %]", title=f"{asked.model}, {int((~np.isnan(loss[:, 0])).sum())} matches"
    )
    for i in np.argsort(means, kind="stable"):
        beside_best = mean_interval(loss[:, i] - loss[:, means.argmin()], facts)
        table.add_row(*map(str, tried[i].values()), f"{means[i]:.5f}", beside_best)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
