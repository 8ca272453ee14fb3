"""What the four scenarios promise."""

import pytest

from matchday.catalogue import Catalogue
from matchday_data.football_data import FootballData
from matchday_data.scenarios import COVID_SEASON, NEW_MILLENNIUM, POST_CRASH, RECENT_SEASON

SCENARIOS = (NEW_MILLENNIUM, POST_CRASH, COVID_SEASON, RECENT_SEASON)


def test_three_seasons_train_and_the_latest_tests():
    assert [scenario.split for scenario in SCENARIOS] == ["train", "train", "train", "test"]


def test_seasons_and_bankrolls_are_those_of_kellybench():
    told = {scenario.season: scenario.bankroll for scenario in SCENARIOS}
    assert told == {"2000-01": 100.0, "2010-11": 150.0, "2020-21": 200.0, "2023-24": 220.0}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_each_is_playable_at_the_default_prices(football_data, scenario):
    source = FootballData(data=football_data, league=scenario.competition, history=0)
    season = source.season(scenario.season)
    assert season.source == scenario.source
    odds = season.policy("closing").odds(season.quotes)
    assert odds[["home", "draw", "away"]].notna().all(axis=None)


def test_each_is_found_by_name():
    assert {"new-millennium", "post-crash", "covid-season", "recent-season"} <= set(Catalogue().names("scenario"))
