"""Ratings: a season walked forward and refitted every matchday, with all seasons since 1993-94 before it.

To reach: 0.3 s for the 120 matchdays; the opening, which rates 11,500 matches, comes on top where it says so.
"""

from types import SimpleNamespace

import pandas as pd
import pytest

from matchday import Catalogue, History, Matchday, Slate
from matchday_plugins.models.elo import Elo
from matchday_plugins.models.glicko2 import Glicko2
from matchday_plugins.models.pi_ratings import PiRatings

MODELS = [Elo, PiRatings, Glicko2]


@pytest.fixture(scope="module")
def season(football_data):
    return Catalogue().load("source", "football-data")(data=football_data).season("2023-24")


@pytest.fixture(scope="module")
def opened(season):
    history = History(season.matches, below=season.below, rows=slice(0, season.first))
    return SimpleNamespace(name=season.name, clubs=season.clubs, history=history)


@pytest.fixture(scope="module")
def days(season):
    matches, dates, days = season.matches, season.matches["date"], []
    prices = pd.DataFrame(index=matches.index)
    for date in dates.iloc[season.first :].unique():
        rows = slice(dates.searchsorted(date), dates.searchsorted(date, side="right"))
        slate = Slate(matches[["home", "away"]], prices, rows=rows)
        past = History(matches, below=season.below, rows=slice(0, rows.start))
        days.append(Matchday(len(days) + 1, date.date(), slate, past))
    return days


@pytest.mark.parametrize("model", MODELS)
def test_opening_after_thirty_seasons(benchmark, model, opened):
    tested = model()
    benchmark.pedantic(tested.season_opened, args=(opened,), rounds=5, warmup_rounds=1)
    assert tested.fitted.converged


@pytest.mark.parametrize("model", MODELS)
def test_walk_forward_of_2023_24(benchmark, model, opened, days):
    tested = model()

    def open_season():
        tested.season_opened(opened)

    def walk():
        return [tested.forecast(day) for day in days]

    forecasts = benchmark.pedantic(walk, setup=open_season, rounds=5, warmup_rounds=1)
    assert len(forecasts) == 120
    assert tested.fitted.converged
