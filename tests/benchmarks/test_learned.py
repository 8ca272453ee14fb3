"""Features of thirty seasons (to reach: 1.5 s), and seasons walked forward, refitted monthly (``gbm``, to reach: 15 s).

Set ``OPENBLAS_NUM_THREADS=1``: the fits are small.
"""

import pytest

from matchday import Catalogue
from matchday.events import SeasonOpened
from matchday.rules import Rules
from matchday_plugins.features.builder import FeatureBuilder
from matchday_plugins.features.groups import GROUPS
from matchday_plugins.models.gbm import GBM
from matchday_plugins.models.learned.model import DEFAULT_FEATURES
from matchday_plugins.models.logistic import Logistic
from matchday_plugins.models.mlp import MLP
from walking import history, matchdays


@pytest.fixture(scope="module")
def season(football_data):
    return Catalogue().load("source", "football-data")(data=football_data).season("2023-24")


@pytest.fixture(scope="module")
def days(season):
    return matchdays(season)


@pytest.mark.parametrize("groups", [DEFAULT_FEATURES, list(GROUPS)], ids=["default", "all"])
def test_features_of_all_matches_since_1993(benchmark, season, groups):
    def build():
        builder = FeatureBuilder(groups)
        builder.follow(history(season))
        return builder

    assert len(benchmark.pedantic(build, rounds=3)) == season.first


@pytest.mark.parametrize("make", [Logistic, GBM, MLP])
def test_walk_forward_of_2023_24(benchmark, season, days, make):
    model = make(seed=0)
    opened = SeasonOpened(season.name, season.competition, season.source, season.clubs, Rules(), 0, {}, days[0].history)

    def walk():
        model.season_opened(opened)
        return [model.forecast(day) for day in days]

    assert len(benchmark.pedantic(walk, rounds=1)) == 120
