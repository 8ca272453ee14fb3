"""The Gymnasium environment: what an episode of 120 matchdays costs, and the core's own loop beside it."""

import gymnasium
import numpy as np
import pandas as pd
import pytest

from matchday import Agent, BetSlip, Catalogue, Component, Decision, hookimpl, play
from matchday.bets import SLIP_COLUMNS
from matchday.gym import FlatSeasonEnv, SeasonEnv

SHARE = 0.0002


class Everything(Component):
    """Bets the same share of the bankroll on everything that is on offer."""

    @hookimpl
    def decide(self, day, bankroll):
        odds = day.slate.odds
        row, column = np.nonzero(odds.notna().to_numpy())
        nothing = np.full(len(row), np.nan)
        price = odds.to_numpy()[row, column]
        columns = (odds.index[row], odds.columns[column], nothing, price, nothing, np.full(len(row), SHARE), "all")
        return Decision(BetSlip(pd.DataFrame(dict(zip(SLIP_COLUMNS, columns, strict=True)))))


@pytest.fixture(scope="module")
def season(football_data):
    return Catalogue().load("source", "football-data")(data=football_data, history=0).season("2023-24")


def walk(env, share):
    env.reset(seed=0)
    action = np.full(env.action_space.shape, share, dtype=np.float32)
    days, over = 0, False
    while not over:
        _, _, over, _, _ = env.step(action)
        days += 1
    assert days == 120


@pytest.mark.parametrize("share", [0.0, SHARE], ids=["forced bets", "a bet on everything"])
@pytest.mark.parametrize("kind", [SeasonEnv, FlatSeasonEnv], ids=["Season", "FlatSeason"])
def test_an_episode_of_120_matchdays(benchmark, season, kind, share):
    env = kind(season=season)
    benchmark.pedantic(lambda: walk(env, share), rounds=10, warmup_rounds=1)


def test_the_same_with_gymnasiums_own_wrappers(benchmark, season):
    env = gymnasium.make("matchday.gym:Season-v0", season=season)
    benchmark.pedantic(lambda: walk(env, SHARE), rounds=10, warmup_rounds=1)


def test_a_bet_on_everything_through_the_loop(benchmark, season):
    agent = Agent("everything", [Everything()])
    benchmark.pedantic(lambda: list(play(agent, season)), rounds=10, warmup_rounds=1)


def test_an_episode_with_the_forecasts_of_elo(benchmark, football_data):
    season = Catalogue().load("source", "football-data")(data=football_data).season("2023-24")
    env = SeasonEnv(season=season, models="elo")
    benchmark.pedantic(lambda: walk(env, 0.0), rounds=3, warmup_rounds=1)


@pytest.mark.parametrize(
    "arguments",
    [{}, {"season": "2000-01", "source_parameters": {"history": 0}}],
    ids=["latest season, five of history", "first season, no history"],
)
def test_a_reset_that_draws_another_league(benchmark, arguments):
    env = SeasonEnv(**arguments)
    benchmark.pedantic(env.reset, rounds=5, warmup_rounds=1)
