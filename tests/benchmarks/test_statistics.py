"""Statistics of 5 agents over 120 matchdays, 50,000 resamples; to reach: 2 s, Hansen's test apart."""

import tracemalloc

import pytest

from matchday.statistics import analyse, analysis, superior_predictive_ability
from simulated_plays import frames, growth

RESAMPLES = 50_000


def asked(agents, schedules, seeds):
    grown = {f"agent-{n}": growth((schedules, seeds, 120), seed=n) for n in range(agents)}
    plays, matchdays, calibration = frames(grown)
    tables = {"plays": plays, "matchdays": matchdays, "calibration": calibration}
    return {**tables, "baseline": "agent-0", "agents": list(grown), "resamples": RESAMPLES}


@pytest.mark.parametrize(
    ("agents", "schedules", "seeds"), [(5, 1, 1), (5, 1, 5), (5, 10, 1), (5, 30, 5), (20, 5, 1)], ids=str
)
def test_everything_but_hansens_test(benchmark, monkeypatch, agents, schedules, seeds):
    monkeypatch.setattr(analysis, "spa", lambda *_, **__: None)
    given = asked(agents, schedules, seeds)
    analyse(**{**given, "resamples": 100})  # imports
    benchmark.pedantic(analyse, kwargs=given, rounds=3)
    tracemalloc.start()
    analyse(**given)
    benchmark.extra_info["peak_megabytes"] = round(tracemalloc.get_traced_memory()[1] / 1e6)
    tracemalloc.stop()


@pytest.mark.parametrize("matchdays", [120, 1200])
@pytest.mark.parametrize("agents", [5, 20])
def test_hansens_test(benchmark, agents, matchdays):
    values = growth((agents, matchdays))
    superior_predictive_ability(values[1:].T, values[0], samples=10)  # imports
    benchmark.pedantic(superior_predictive_ability, (values[1:].T, values[0]), rounds=3)
