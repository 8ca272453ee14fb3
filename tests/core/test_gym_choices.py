"""What an environment is made of: seasons, leagues, rules, models; and what becomes of an action."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from doubles import Everything, small_season
from matchday import Catalogue, MatchdayError, Rules
from matchday.episode import Episode
from matchday.gym import FlatSeasonEnv, SeasonEnv, acting

SMALL = {"clubs": 6, "history": 0}
SEASON = small_season(matchdays=1)


def matches(env, **reset):
    return env.reset(**reset)[1]["matches"]


def league(seed):
    season = Catalogue().load("source", "synthetic")(**SMALL, seed=seed).season("2024-25")
    return tuple(season.played.index[season.played["date"] == season.played["date"].iloc[0]])


def test_a_seed_makes_the_league_that_it_makes_of_the_source():
    env = SeasonEnv(source_parameters=SMALL)
    assert matches(env, seed=7) == league(7)
    assert matches(env, seed=8) == league(8)
    assert env.league_seed == 8
    another = matches(env)
    assert another == league(env.league_seed)
    assert another != league(8)


@pytest.mark.parametrize(
    "arguments",
    [
        {"source_parameters": {**SMALL, "seed": 3}},
        {"source": Catalogue().load("source", "synthetic")(**SMALL, seed=3)},
        {"season": Catalogue().load("source", "synthetic")(**SMALL, seed=3).season("2024-25")},
    ],
    ids=["parameters", "source", "season"],
)
def test_a_league_that_is_fixed_is_played_whatever_the_seed(arguments):
    env = SeasonEnv(**arguments)
    assert matches(env, seed=7) == matches(env) == league(3)


def test_each_episode_draws_one_of_the_seasons_by_the_environments_generator():
    env = SeasonEnv(season=["2001-02", "2002-03", "2003-04"], source_parameters={**SMALL, "seed": 0})
    first = [env.reset(seed=5)[1]["season"], *(env.reset()[1]["season"] for _ in range(20))]
    again = [env.reset(seed=5)[1]["season"], *(env.reset()[1]["season"] for _ in range(20))]
    assert first == again
    assert set(first) == {"2001-02", "2002-03", "2003-04"}


def test_an_episode_may_name_its_season():
    env = SeasonEnv(season="2001-02", source_parameters=SMALL)
    assert env.reset(options={"season": "2010-11"})[1]["season"] == "2010-11"
    assert env.reset()[1]["season"] == "2001-02"
    with pytest.raises(MatchdayError, match="seasons: 2000-01 to 2024-25"):
        env.reset(options={"season": "1999-00"})
    with pytest.raises(MatchdayError, match="no option 'saeson'; did you mean 'season'"):
        env.reset(options={"saeson": "2001-02"})


def test_a_slate_that_has_no_room_in_the_observation_is_refused():
    env = SeasonEnv(season=small_season(per_day=2))
    assert env.observation_space["odds"].shape == (2, 5)
    wide = SeasonEnv(season=[small_season(per_day=2), small_season(per_day=3)])
    assert wide.observation_space["odds"].shape == (3, 5)
    with pytest.raises(MatchdayError, match="3 matches on a date are more than the 2 rows"):
        env.reset(options={"season": small_season(per_day=3)})


def test_a_scenario_gives_season_source_and_bankroll(football_data):
    env = SeasonEnv(scenario="recent-season", source_parameters={"data": football_data, "history": 0})
    info = env.reset()[1]
    assert (info["season"], info["bankroll"], env.rules.bankroll) == ("2023-24", 220.0, 220.0)
    assert env.observation_space["odds"].shape == (10, 5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scenario": "recent-season", "season": "2022-23"}, "season of its own, 2023-24; leave out season"),
        ({"scenario": "recent-season", "source": "synthetic"}, "played on football-data; leave out source"),
        ({"scenario": "recent-seson"}, "did you mean 'recent-season'"),
        ({"source": "sinthetic"}, "did you mean 'synthetic'"),
        ({"source_parameters": {"club": 6}}, "takes no 'club'; did you mean 'clubs'"),
        ({"season": SEASON, "source": Catalogue().load("source", "synthetic")(), "source_parameters": {"seed": 1}},
         "made already; set seed"),
        ({"season": "2023-25"}, "two years in a row"),
        ({"season": ["2023-24", "2024-25", "2025-26"]}, "'2025-26' is not one of the synthetic league's"),
        ({"rules": {"bankrol": 5}}, "did you mean 'bankroll'"),
        ({"rules": {"without_bet": "refuse"}}, "would stop a policy that bets nothing"),
        ({"rules": {"prices": "closig"}}, "did you mean 'closing'"),
        ({"season": [SEASON, small_season(odds={"home": 2.0})], "rules": {"selections": ["away"]}}, "has no prices"),
        ({"season": small_season(odds={"home": 2000.0})}, "odds of .* beyond what is observed; rule: at most 1001"),
        ({"bankroll": -1}, "bankroll = -1"),
        ({"models": "elephant"}, "'elephant' is not installed"),
        ({"models": [Everything()]}, "nobody would ask it"),
        ({"models": "drift"}, "none of .* forecasts"),
        ({"render_mode": "human"}, "rule: 'ansi'"),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused_in_one_line(arguments, message):
    with pytest.raises(MatchdayError, match=message) as refused:
        SeasonEnv(**arguments)
    assert "\n" not in str(refused.value)


def test_without_gymnasium_one_line_says_what_to_install():
    code = "import sys; sys.modules['gymnasium'] = None\nimport matchday.gym"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("pip install 'matchday[gymnasium]'.")


def test_several_environments_at_once_play_leagues_of_their_own():
    envs = gymnasium.make_vec("matchday.gym:Season-v0", num_envs=2, source_parameters=SMALL)
    observation, info = envs.reset(seed=4)
    assert observation["odds"].shape == (2, 3, 5)
    assert list(map(tuple, info["matches"])) == [league(4), league(5)]
    envs.close()


@given(
    shares=arrays(np.float32, (3, 5), elements=st.floats(-2, 2, width=32)),
    bankroll=st.integers(1, 10**9),
    limits=st.tuples(*[st.floats(0.001, 1.0)] * 3),
    most=st.none() | st.integers(1, 5),
    minimum=st.integers(1, 500),
)
def test_whatever_a_policy_asks_for_is_placed_within_the_rules(shares, bankroll, limits, most, minimum):
    rules = Rules(
        bankroll=max(bankroll, minimum) / 100,
        minimum_bet=minimum / 100,
        bet_limit=limits[0],
        match_limit=limits[1],
        matchday_limit=limits[2],
        bets_per_match=most,
    )
    env = SeasonEnv(season=SEASON, rules=rules)
    env.reset()
    _, reward, _, _, info = env.step(shares)
    assert np.isfinite(reward)
    assert 0 < info["staked"] <= info["bankroll"] + info["staked"] - info["paid"]


@given(arrays(np.float64, (3, 5), elements=st.floats(0, 1)))
def test_shares_that_keep_the_rules_are_left_as_they_are(shares):
    rules = Rules(match_limit=0.5, matchday_limit=0.8, bet_limit=0.3)
    kept = acting.within(shares, rules)
    assert np.allclose(acting.within(kept, rules), kept, rtol=1e-12)
    small = shares / 100
    assert np.array_equal(acting.within(small, rules), small)


def test_shares_that_rounding_takes_over_a_limit_give_way():
    rules = Rules(bankroll=1.0, matchday_limit=0.2)
    episode = Episode(SEASON, rules)
    episode.open()
    share = 0.1 - 0.9e-8  # ten pence but for nine tenths of a millionth, which counts as ten
    shares = np.zeros((3, 5))
    shares[:2, 0] = share
    limited = Episode(SEASON, Rules(bankroll=1.0, matchday_limit=2 * share))
    limited.open()
    assert sum(bet.stake for bet in acting.place(episode, shares).bets) == 20
    assert sum(bet.stake for bet in acting.place(limited, shares).bets) == 18


def test_a_bet_that_is_not_on_offer_is_ignored_and_the_most_wanted_of_a_match_are_kept():
    rules = Rules(selections=("home", "draw", "away"), bets_per_match=1)
    env = SeasonEnv(season=small_season(odds={"home": 2.1, "draw": 3.4}, matchdays=1), rules=rules)
    env.reset()
    info = env.step(np.array([[0.1, 0.2, 0.9], [0.0, 0.0, 0.9], [0.1, 0.1, 0.0]]))[4]
    assert (info["bets"], info["staked"], info["asked"]) == (2, 30.0, pytest.approx(0.5))


def test_stakes_below_the_minimum_bet_are_dropped_and_a_day_without_a_bet_has_a_forced_one():
    env = SeasonEnv(season=SEASON, rules={"minimum_bet": 1.0})
    env.reset()
    info = env.step(np.full((3, 5), 0.001))[4]
    assert (info["dropped"], info["bets"], info["forced"], info["staked"]) == (15, 1, 1, 1.0)


def test_of_a_flat_action_zero_and_less_is_no_bet_and_one_is_the_limit_of_a_bet():
    env = FlatSeasonEnv(season=SEASON, rules={"bet_limit": 0.1})
    env.reset()
    action = np.full(15, -1.0)
    action[[0, 7]] = 1.0, 0.5
    assert env.step(action)[4]["staked"] == 15.0


def test_a_flat_observation_is_the_tables_in_order():
    arguments = {"season": SEASON, "models": "market"}
    tables, flat = SeasonEnv(**arguments).reset()[0], FlatSeasonEnv(**arguments).reset()[0]
    expected = [1 / tables["odds"], tables["implied"], tables["probabilities"]]
    assert np.allclose(flat, np.concatenate([*map(np.ravel, expected), [0.0, 0.0]]))


@pytest.mark.parametrize("env", [SeasonEnv(season=SEASON), FlatSeasonEnv(season=SEASON)], ids=["tables", "flat"])
def test_an_action_that_is_no_table_of_numbers_is_refused_and_nothing_is_lost(env):
    env.reset()
    with pytest.raises(MatchdayError, match="its shape is"):
        env.step(np.zeros(4))
    with pytest.raises(MatchdayError, match=r"share \[0, 1\] is NaN"):
        env.step(np.full(15, [0.0, np.nan, *[0.0] * 13]).reshape(env.action_space.shape))
    for strange in ("all", None, [object()], [[0.1], [0.1, 0.2]], np.full(env.action_space.shape, 1j)):
        with pytest.raises(MatchdayError, match=r"Action: .*; rule: "):
            env.step(strange)
    assert env.step(env.action_space.sample())[4]["bets"] > 0


def test_a_matchday_is_told_in_a_few_lines():
    env = SeasonEnv(season=small_season(), render_mode="ansi")
    env.reset()
    assert env.render() == "matchday 1, 2001-08-04: 3 matches, 15 prices; bankroll 100.00"
    env.step(np.full((3, 5), 0.01))
    lines = env.render().splitlines()
    assert lines[0].startswith("matchday 1, 2001-08-04: 15 bets, 15.00 staked, ")
    assert lines[6] == "  ... and 10 smaller ones"
    assert lines[7].startswith("matchday 2, 2001-08-11: 3 matches, 15 prices; bankroll ")


def test_the_page_on_gymnasium_shows_what_works_and_names_all_there_is():
    page = (Path(__file__).parents[2] / "docs" / "gymnasium.md").read_text(encoding="utf-8")
    names = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(block, names)
    observation, info = SeasonEnv(season=SEASON, models="market").reset()
    arguments = set(inspect.signature(SeasonEnv).parameters)
    assert {*observation, *info, *arguments} <= set(re.findall(r"`(\w+)`", page))
