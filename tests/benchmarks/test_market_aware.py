"""The market-aware models: a season of real prices walked forward (to reach: 0.5 s each, flb 1 s)."""

import pytest

from matchday import Catalogue, Episode, Rules
from matchday.episode import steps
from matchday_plugins.models.consensus import Consensus
from matchday_plugins.models.flb import FLB
from matchday_plugins.models.sharp import Sharp


@pytest.fixture(scope="module")
def played(football_data):
    """A season's opening, and its matchdays."""
    season = Catalogue().load("source", "football-data")(data=football_data).season("2023-24")
    episode, days = Episode(season, Rules(without_bet="off")), []
    opened = episode.begin()
    for morning in steps(episode):
        days.append(morning.day)
        episode.settle()
    return opened, days


@pytest.mark.parametrize("make", [Consensus, Sharp, FLB])
def test_walk_forward_of_2023_24(benchmark, played, make):
    opened, days = played
    model = make()

    def walk():
        model.season_opened(opened)
        return [model.forecast(day) for day in days]

    forecasts = benchmark.pedantic(walk, rounds=5, warmup_rounds=1)
    assert len(forecasts) == len(days)
    assert all(each.probabilities["home"].notna().all() for each in forecasts)
