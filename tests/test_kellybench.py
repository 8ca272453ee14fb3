"""KellyBench's game on real seasons, against figures computed elsewhere."""

import pytest

from matchday import Catalogue, Rules, load_agent, play, summarise

#: Favourites-Only from 100 with 5 % a bet, stakes not rounded.
FAVOURITES = {
    "2000-01": (97, 3.15),
    "2010-11": (105, 18.83),
    "2020-21": (135, 12.63),
    "2021-22": (123, 146.54),
    "2022-23": (117, 55.31),
    "2023-24": (120, 75.71),
}


def replay(folder, agent, season, **rules):
    source = Catalogue().load("source", "football-data")(data=folder)
    loaded = source.season(season)
    return summarise(play(load_agent(agent), loaded, Rules(**rules)), loaded)


@pytest.mark.parametrize("season", FAVOURITES)
def test_favourites_only_ends_where_an_independent_replay_ends(football_data, season):
    matchdays, bankroll = FAVOURITES[season]
    summary = replay(football_data, "favourites-only", season)
    assert (summary.matchdays, summary.bets, summary.forced_bets) == (matchdays, 380, 0)
    assert summary.bankroll_end == pytest.approx(bankroll, abs=0.25)
    assert summary.model_log_loss is None


def test_dixon_coles_is_close_to_the_price_and_not_closer_than_it(football_data):
    summary = replay(football_data, "dixon-coles", "2023-24")
    assert summary.model_log_loss <= 0.9255
    assert summary.market_log_loss == pytest.approx(0.8997, abs=1e-4)


def test_the_market_follower_sees_no_value_and_bets_the_forced_penny(football_data):
    summary = replay(football_data, "market-follower", "2023-24")
    assert (summary.bets, summary.forced_bets, summary.staked) == (120, 120, 1.2)
    assert summary.model_log_loss == pytest.approx(summary.market_log_loss)


@pytest.mark.parametrize("name", Catalogue().names("scenario"))
def test_every_scenario_can_be_played(football_data, name):
    scenario = Catalogue().load("scenario", name)
    summary = replay(football_data, "favourites-only", scenario.season, bankroll=scenario.bankroll)
    assert summary.bankroll_start == scenario.bankroll
    assert summary.bankroll_end > 0
