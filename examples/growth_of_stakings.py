"""How fast a bankroll grows by each staking, expected and realised, in a league whose true probabilities are known.

python examples/growth_of_stakings.py SEASONS      (20 seasons take ten minutes on two cores, 1 is a quick look)

The forecasters know the true 1X2 probabilities up to an error of their own, p ∝ truth · exp(error · z), z normal and
new for each selection, except the last, which is the model of Dixon and Coles. All bet on 1X2 where they see an edge,
from 100 until the season is over or less than 1 is left.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Agent, Catalogue, Component, Forecast, Rules, hookimpl, play
from matchday.events import MatchdayOpened, MatchdaySettled, SlipPlaced
from matchday.growth import expected_growth
from matchday.markets import MARKET_OF
from matchday.money import log_growth

RESULT = ["home", "draw", "away"]
FORECASTERS = {"the truth": 0.0, "error 0.1": 0.1, "error 0.2": 0.2, "dixon-coles": None}
STAKINGS = {
    "kelly": [("kelly", {})],
    "kelly, half": [("kelly", {}), ("fractional", {"fraction": 0.5})],
    "kelly, a quarter": [("kelly", {}), ("fractional", {"fraction": 0.25})],
    "risk-constrained": [("risk-constrained", {"alpha": 0.5, "beta": 0.1})],
    "kelly, shrunk": [("kelly", {}), ("shrunk", {})],
    "kelly, adaptive": [("kelly", {}), ("adaptive", {})],
}


class Insider(Component):
    """Knows the truth, more or less, and how much it errs."""

    error: float = Field(0.1, ge=0, description="standard deviation of log p")
    _truth: pd.DataFrame = PrivateAttr()
    _rng: np.random.Generator = PrivateAttr()

    def told(self, truth: pd.DataFrame) -> "Insider":
        """Take the season's true probabilities."""
        self._truth = truth[RESULT]
        return self

    @hookimpl
    def season_opened(self, season):
        """Draw other errors in another run."""
        self._rng = season.generator(self.name)

    @hookimpl
    def forecast(self, day):
        """Answer the truth with errors, and their standard deviation."""
        truth = self._truth.loc[day.slate.index]
        p = truth * np.exp(self.error * self._rng.standard_normal(truth.shape))
        p = p.div(p.sum(axis=1), axis=0)
        others = (p**2).sum(axis=1).to_numpy()[:, None] - p**2
        return Forecast(p, source=self.name, standard_error=self.error * p * np.sqrt((1 - p) ** 2 + others))


def one_season(job):
    """Play one season: its expected log growth under the truth, the one that came, and the largest drawdown."""
    forecaster, staking, seed = job
    catalogue, error = Catalogue(), FORECASTERS[forecaster]
    season = catalogue.load("source", "synthetic")(seed=seed, history=3).season("2023-24")
    truth = season.truth.probabilities
    model = catalogue.component("dixon-coles")() if error is None else Insider(error=error).told(truth)
    value = catalogue.component("value")(markets=("match_result",))
    stakings = [catalogue.component(name)(**parameters) for name, parameters in STAKINGS[staking]]
    expected, path = 0.0, []
    agent = Agent("grower", [("model", model), value, *stakings])
    for event in play(agent, season, Rules(ruin_below=1.0), seed=seed):
        if isinstance(event, MatchdayOpened):
            bankroll = event.bankroll
        elif isinstance(event, SlipPlaced):
            expected += true_growth(event.bets, bankroll, truth)
        elif isinstance(event, MatchdaySettled):
            path.append(event.settlement.after)
    peaks = np.maximum.accumulate([10_000, *path])
    return expected, log_growth(10_000, path[-1]), float(np.max(1 - np.array([10_000, *path]) / peaks))


def true_growth(bets, bankroll, truth):
    """The expected log growth of a day's bets under the true probabilities."""
    rows = [
        (bet.match_id, MARKET_OF[bet.selection].name, bet.selection, truth.at[bet.match_id, bet.selection], bet.odds)
        for bet in bets
    ]
    frame = pd.DataFrame(rows, columns=["match_id", "market", "selection", "probability", "odds"])
    return expected_growth(frame, np.array([bet.stake / bankroll for bet in bets]))


def main(seasons):
    """Print the table."""
    pairs = list(product(FORECASTERS, STAKINGS))
    jobs = [(*pair, seed) for pair in pairs for seed in range(seasons)]
    with ProcessPoolExecutor() as workers:
        results = np.array(list(workers.map(one_season, jobs, chunksize=4))).reshape(len(pairs), seasons, 3)
    print("| forecaster | staking | expected | realised | seasons that grew | median drawdown |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (forecaster, staking), played in zip(pairs, results, strict=True):
        expected, realised, drawdown = played.T
        error = realised.std(ddof=1) / np.sqrt(seasons) if seasons > 1 else np.nan
        figures = f"{expected.mean():+.2f} | {realised.mean():+.2f} ± {error:.2f} | {np.mean(realised > 0):.0%}"
        print(f"| {forecaster} | {staking} | {figures} | {np.median(drawdown):.0%} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
