"""How long loading real seasons takes: ``pytest tests/benchmarks/test_loading.py --benchmark-only -o addopts=""``."""

import pytest

from matchday_data.football_data import FootballData


@pytest.mark.parametrize(("history", "seasons"), [(3, 4), (None, 31)], ids=["4 seasons", "31 seasons"])
def test_load(benchmark, football_data, history, seasons):
    source = FootballData(data=football_data, history=history)
    season = benchmark.pedantic(source.season, args=("2023-24",), rounds=10, warmup_rounds=1)
    assert season.matches["season"].nunique() == seasons
    assert benchmark.stats is None or benchmark.stats.stats.median < (0.2 if seasons == 4 else 1.0)
