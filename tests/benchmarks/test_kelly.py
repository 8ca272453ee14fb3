"""Joint Kelly over slates of five selections a match; to reach: 10 matches in 10 ms, 40 in 100 ms, memory linear."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson

from matchday.markets import MARKET_OF, SELECTIONS, price_scores
from matchday_plugins.staking.joint.interior import Limits
from matchday_plugins.staking.joint.sizing import ACCURACY, size


def slate(matches, *, seed=1):
    """Every selection of every match, with dependent markets, at prices a few per cent around the truth."""
    rng = np.random.default_rng(seed)
    goals = poisson.pmf(np.arange(11), rng.uniform(0.7, 2.2, (matches, 2, 1)))
    grids = goals[:, 0, :, None] * goals[:, 1, None, :]
    scores = {f"match {i}": grid / grid.sum() for i, grid in enumerate(grids)}
    rows = [
        (match, MARKET_OF[name].name, name, float(p[0]), round(rng.uniform(0.88, 1.06) / float(p[0]), 2))
        for match, grid in scores.items()
        for name, p in price_scores(grid[None]).items()
    ]
    return pd.DataFrame(rows, columns=["match_id", "market", "selection", "probability", "odds"]), scores


@pytest.mark.parametrize("limits", [Limits(), Limits(bet=0.05, match=0.08, total=0.33)], ids=["free", "limited"])
@pytest.mark.parametrize("matches", [1, 10, 40, 160])
def test_joint_kelly(benchmark, matches, limits):
    bets, scores = slate(matches)
    assert len(bets) == matches * len(SELECTIONS)
    sized = benchmark(size, bets, limits=limits, scores=scores)
    assert sized.gap <= ACCURACY
    tracemalloc.start()
    size(bets, limits=limits, scores=scores)
    benchmark.extra_info["peak_kilobytes"] = round(tracemalloc.get_traced_memory()[1] / 1000)
    tracemalloc.stop()
