"""Blends, calibrators and watches over a season of 38 matchdays of ten matches; to reach: 3 ms a matchday, 114 ms in all.

Set ``OPENBLAS_NUM_THREADS=1``: systems of three equations are slower in a pool of threads.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from matchday import Catalogue
from settling import beliefs, day_of, draw_winners, forecast_of, results_of

BLENDS = ["benter", "stacking", "hedge"]
WRAPPERS = ["temperature", "platt", "isotonic", "draw-calibration", "drift", "calibration-watch"]
MODELS = 3


@pytest.fixture(scope="module")
def season():
    rng, season = np.random.default_rng(0), []
    for number in range(1, 39):
        (result, market), (goals, over) = beliefs(rng, 10), beliefs(rng, 10, concentration=(8.0, 8.0))
        day = day_of(np.hstack([market, over]), number)
        tables = [np.hstack([beliefs(rng, 10)[0], goals]) for _ in range(MODELS)]
        forecasts = [forecast_of(day, table, f"model {i}") for i, table in enumerate(tables)]
        season.append((day, forecasts, results_of(day, draw_winners(result, rng), draw_winners(goals, rng) == 0)))
    return season


@pytest.mark.parametrize("name", BLENDS + WRAPPERS)
def test_a_season(benchmark, season, name):
    component = Catalogue().component(name)()

    def play():
        component.season_opened(SimpleNamespace())
        for day, forecasts, results in season:
            if hasattr(component, "diagnose"):
                component.diagnose(day)
            if name in BLENDS:
                component.blend(day, forecasts)
            else:
                wrap(component, day, forecasts)
            component.matchday_settled(results)

    benchmark(play)
    assert len(component._record) == 380


def wrap(component, day, forecasts):
    """Send a wrapper the first model's forecast, as pluggy does."""
    passing = component.blend(day, forecasts) if hasattr(component, "diagnose") else component.blend(day)
    next(passing)
    with pytest.raises(StopIteration):
        passing.send(forecasts[0])
