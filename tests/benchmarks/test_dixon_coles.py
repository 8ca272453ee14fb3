"""Dixon-Coles: one fit of three seasons (to reach: 5 ms), and a season walked forward (to reach: 0.75 s).

Set ``OPENBLAS_NUM_THREADS=1``: systems of fifty equations are slower in a pool of threads.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from matchday import History, Matchday, Slate
from matchday_plugins.models.dixon_coles import DixonColes
from matchday_plugins.models.goals.fit import fit_goals
from matchday_plugins.models.goals.low_scores import LOW_SCORES
from matchday_plugins.models.goals.results import Results

NAMES = {"Date": "date", "HomeTeam": "home", "AwayTeam": "away", "FTHG": "home_goals", "FTAG": "away_goals"}


@pytest.fixture(scope="module")
def matches(football_data):
    files = [football_data / "mmz4281" / season / "E0.csv" for season in ("2021", "2122", "2223", "2324")]
    frame = pd.concat([pd.read_csv(file, usecols=list(NAMES)).assign(season=file.parent.name) for file in files])
    frame = frame.rename(columns=NAMES)
    frame["date"] = pd.to_datetime(frame["date"], format="mixed", dayfirst=True)
    frame.index = frame["date"].dt.strftime("%Y-%m-%d ") + frame["home"] + " v " + frame["away"]
    return frame.sort_values("date", kind="stable")


@pytest.fixture(scope="module")
def days(matches):
    dates, days = matches["date"], []
    for date in dates.iloc[1140:].unique():
        rows = slice(dates.searchsorted(date), dates.searchsorted(date, side="right"))
        slate = Slate(matches[["home", "away"]], pd.DataFrame(index=matches.index), rows=rows)
        days.append(Matchday(len(days) + 1, date.date(), slate, History(matches, rows=slice(0, rows.start))))
    return days


def test_fit_of_1140_matches(benchmark, matches):
    results = Results()
    results.follow(matches.iloc[:1140])
    today = int(np.datetime64("2023-05-28", "D").astype(int))

    def fit():
        table, _ = results.table(today, half_life_days=np.log(2) / 0.0018, window_days=None, dependence=LOW_SCORES)
        return fit_goals(table)

    found = benchmark(fit)
    assert found.converged
    assert found.log_likelihood == pytest.approx(-1573.35640474, abs=1e-6)


@pytest.mark.parametrize("prior", [True, False])
def test_walk_forward_of_2023_24(benchmark, days, prior):
    model = DixonColes(half_life_days=np.log(2) / 0.0018, prior=prior)

    def walk():
        model.season_opened(SimpleNamespace(history=days[0].history))
        return [model.forecast(day) for day in days]

    forecasts = benchmark.pedantic(walk, rounds=5, warmup_rounds=1)
    assert len(forecasts) == 120
    assert model.fitted.converged
