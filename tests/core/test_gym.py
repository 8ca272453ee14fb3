"""The season as a Gymnasium environment: what a policy is shown, and what it earns."""

import dataclasses
import warnings

import gymnasium
import numpy as np
import pandas as pd
import pytest
from gymnasium.utils.env_checker import check_env
from pydantic import PrivateAttr

from doubles import Coin, Faulty, Level, Mean, Positive, small_season
from matchday import Agent, BetSlip, Catalogue, Component, Decision, Forecast, MatchdayError, Rules, hookimpl, play
from matchday.bets import SLIP_COLUMNS
from matchday.events import ForecastMade, MatchdaySettled
from matchday.testing.scrambling import scrambled

IDS = ["matchday.gym:Season-v0", "matchday.gym:FlatSeason-v0"]
SMALL = {"source_parameters": {"clubs": 6, "history": 1}}
STAKES = {"home": np.float32(0.03), "draw": np.float32(0.007), "over_2_5": np.float32(0.011)}


def make(name=IDS[0], **arguments):
    return gymnasium.make(name, **arguments).unwrapped


def actions_of(env, *, seed=0, scale=0.02):
    rng = np.random.default_rng(seed)
    while True:
        yield (rng.random(env.action_space.shape) * scale).astype(np.float32)


def walk(env, actions=None, **reset):
    """Play an episode; answers what came of the reset and of each step."""
    seen = [(*env.reset(**reset), 0.0)]
    for action in actions or actions_of(env):
        observation, reward, over, truncated, info = env.step(action)
        assert observation in env.observation_space
        assert not truncated
        seen.append((observation, info, reward))
        if over:
            return seen
    raise AssertionError("the actions ended before the season")


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


class Scripted(Component):
    """Back what is priced under 3 with fixed shares."""

    @hookimpl
    def decide(self, day, bankroll):
        rows = [
            (match_id, name, np.nan, price, np.nan, float(STAKES[name]), "scripted")
            for match_id, prices in day.slate.odds.iterrows()
            for name, price in prices.items()
            if name in STAKES and price < 3.0
        ]
        return Decision(BetSlip(pd.DataFrame(rows, columns=list(SLIP_COLUMNS))) if rows else BetSlip.empty())


def scripted(observation, info):
    shares = np.array([STAKES.get(name, 0.0) for name in info["selections"]])
    return np.where((observation["odds"] < 3.0) & (observation["mask"] == 1), shares, 0.0).astype(np.float32)


class Table(Component):
    """A model that says how often home sides have won so far, and hears of every result twice: told and in history."""

    _told: int = PrivateAttr(default=0)

    @hookimpl
    def season_opened(self, season):
        self._told = 0

    @hookimpl
    def matchday_settled(self, day, results):
        self._told += int((results["home_goals"] > results["away_goals"]).sum())

    @hookimpl
    def forecast(self, day):
        past = day.history.matches
        home = (1 + self._told + (past["home_goals"] > past["away_goals"]).sum()) / (3 + 2 * len(past))
        table = np.tile([home, (1 - home) / 2, (1 - home) / 2], (len(day.slate), 1))
        return Forecast(pd.DataFrame(table, index=day.slate.index, columns=["home", "draw", "away"]))


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize(
    "arguments",
    [{"season": small_season()}, SMALL, {"season": small_season(), "models": [Coin(), Table()]}],
    ids=["a season", "leagues", "models"],
)
def test_gymnasiums_checker_passes_without_a_warning(name, arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(name, **arguments))


@pytest.mark.parametrize("name", IDS)
def test_stable_baselines3s_checker_passes(name):
    checker = pytest.importorskip("stable_baselines3.common.env_checker", reason="needs stable_baselines3, and PyTorch")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        checker.check_env(make(name, season=small_season()))
    recommended = [str(warning.message) for warning in caught]
    assert all("recommend" in message for message in recommended)
    assert not recommended or name == IDS[0]


def assert_parity(season, rules):
    events = play(Agent("scripted", [Scripted()]), season, rules)
    played = [event.settlement for event in events if isinstance(event, MatchdaySettled)]
    env = make(season=season, rules=rules)
    observation, info = env.reset()
    for settlement in played:
        observation, reward, over, _, info = env.step(scripted(observation, info))
        assert (round(info["bankroll"] * 100), round(info["staked"] * 100)) == (settlement.after, settlement.staked)
        assert reward == settlement.log_growth
        assert observation in env.observation_space
    assert over


@pytest.mark.parametrize("rules", [Rules(), Rules(bankroll=3.0, minimum_bet=0.05, without_bet="off")])
def test_a_strategy_earns_the_same_to_the_penny_by_the_loop_and_by_the_environment(rules):
    assert_parity(small_season(matchdays=30), rules)
    assert_parity(Catalogue().load("source", "synthetic")(clubs=8, history=0, seed=3).season("2003-04"), rules)


def test_a_strategy_earns_the_same_to_the_penny_on_a_real_season(football_data):
    season = Catalogue().load("source", "football-data")(data=football_data, history=0).season("2023-24")
    assert_parity(season, Rules(bankroll=220))


@pytest.mark.parametrize("name", IDS)
def test_no_observation_depends_on_the_days_results_or_on_later_ones(name):
    season = small_season(matchdays=10)
    futures = [season, scrambled(season, 5)]
    plays = [walk(make(name, season=each, models=[Table(), Coin()]), seed=0) for each in futures]
    for (one, known, _), (other, also_known, _) in list(zip(*plays, strict=True))[:5]:
        assert np.array_equal(one, other) if isinstance(one, np.ndarray) else same(one, other)
        assert known == also_known
    assert plays[0][5][1] != plays[1][5][1]


def test_the_observation_shows_prices_mask_and_implied_probabilities_of_the_day():
    season = small_season(odds={"home": 2.1, "draw": 3.4, "over_2_5": 1.9, "under_2_5": 1.95}, per_day=2)
    observation, info = make(season=season).reset()
    odds = season.odds("closing").loc[list(info["matches"])].to_numpy()
    assert observation["odds"].shape == (2, 5)
    assert np.array_equal(observation["odds"], np.nan_to_num(odds).astype(np.float32))
    assert np.array_equal(observation["mask"], ~np.isnan(odds))
    assert np.allclose(observation["implied"].sum(axis=1), 1.0)  # of the totals; without an away price 1X2 has none
    assert not observation["implied"][:, :3].any()


def test_rows_without_a_match_are_empty_and_the_last_observation_is():
    season = small_season()
    lone = season.played.index[1:3]  # the first matchday keeps one match of three
    matches, quotes = season.matches.drop(lone), season.quotes.drop(lone)
    seen = walk(make(season=dataclasses.replace(season, matches=matches, quotes=quotes)))
    assert [observation["mask"].any(axis=1).sum() for observation, _, _ in seen[:2]] == [1, 3]
    assert not seen[-1][0]["odds"].any()
    assert seen[-1][0]["played"] == 1.0
    assert seen[-1][1]["matches"] == ()


def test_models_say_what_they_say_in_an_agent_that_plays_with_the_same_seed():
    season = small_season()
    agent = Agent("pair", [Coin(), Table(), Mean(), Positive(), Level()])
    events = [event for event in play(agent, season, seed=7) if isinstance(event, ForecastMade) and not event.blended]
    env = make(season=season, models=[Coin(), Table()])
    for _ in range(2):  # a second episode finds them as the first did
        seen = walk(env, seed=7)[:-1]
        said = [np.stack([e.forecast.probabilities for e in events if e.matchday == n]) for n in range(1, 9)]
        for (observation, _, _), expected in zip(seen, said, strict=True):
            assert np.array_equal(observation["probabilities"][:, :, :3], expected.astype(np.float32))
            assert not observation["probabilities"][:, :, 3:].any()


def test_a_model_that_fails_ends_the_episode_or_sits_the_matchday_out():
    env = make(season=small_season(), models=[Faulty(), Table()])
    with pytest.raises(MatchdayError, match=r"'faulty'.*matchday 3"):
        walk(env)
    seen = walk(make(season=small_season(), models=[Faulty(), Table()], rules={"on_failure": "sit-out"}))
    spoken = [observation["probabilities"].any() for observation, _, _ in seen]
    assert spoken == [True, True, False, True, True, True, True, True, False]


def test_rewards_add_up_to_the_log_growth_of_the_season():
    seen = walk(make(season=small_season(), bankroll=50))
    assert seen[0][1]["bankroll"] == 50.0
    growth = np.log(seen[-1][1]["bankroll"] / 50)
    assert sum(reward for _, _, reward in seen) == pytest.approx(growth)
    assert seen[-1][1]["log_growth"] == pytest.approx(growth)
    assert seen[-1][0]["log_bankroll"] == pytest.approx(growth, abs=1e-5)


def test_ruin_ends_the_episode_with_a_finite_reward():
    env = make(season=small_season())
    seen = walk(env, [loser(env)])
    assert len(seen) == 2
    assert seen[-1][1]["bankroll"] == 0.0
    assert seen[-1][2] == pytest.approx(np.log(0.01 / 100))
    with pytest.raises(MatchdayError, match="call reset"):
        env.step(env.action_space.sample())


def loser(env):
    """All of the bankroll on a selection that does not win on the first matchday."""
    season = small_season()
    home, away = season.played[["home_goals", "away_goals"]].iloc[0]
    action = np.zeros(env.action_space.shape, dtype=np.float32)
    action[0, 2 if home >= away else 0] = 1.0
    return action
