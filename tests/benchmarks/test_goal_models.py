"""Each goal model through 2023-24, forecasting every matchday, after all seasons since 1993-94 (to reach: 1 s each).

Set ``OPENBLAS_NUM_THREADS=1``: systems of fifty equations are slower in a pool of threads.
"""

from types import SimpleNamespace

import pandas as pd
import pytest

from matchday import Catalogue, History, Matchday, Slate


@pytest.fixture(scope="module")
def days(football_data):
    matches = Catalogue().load("source", "football-data")(data=football_data).season("2023-24").matches
    dates, days = matches["date"], []
    for date in dates[matches["season"] == "2023-24"].unique():
        rows = slice(dates.searchsorted(date), dates.searchsorted(date, side="right"))
        slate = Slate(matches[["home", "away"]], pd.DataFrame(index=matches.index), rows=rows)
        days.append(Matchday(len(days) + 1, date.date(), slate, History(matches, rows=slice(0, rows.start))))
    return days


@pytest.mark.parametrize("name", ["poisson", "dixon-coles", "bivariate-poisson", "dynamic"])
def test_season(benchmark, days, name):
    model = Catalogue().component(name)()

    def walk():
        model.season_opened(SimpleNamespace(history=days[0].history, name="2023-24"))
        return [model.forecast(day) for day in days]

    forecasts = benchmark.pedantic(walk, rounds=5, warmup_rounds=1)
    assert sum(len(each.probabilities) for each in forecasts) == 380
