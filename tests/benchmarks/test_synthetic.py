"""How long the synthetic league takes: a season with five of history is to be there within half a second."""

from __future__ import annotations

from typing import Any

from matchday_data.synthetic import Synthetic


def test_the_latest_season_with_five_of_history(benchmark: Any) -> None:
    season = benchmark(lambda: Synthetic().season("2024-25"))
    assert len(season.matches) == 6 * 380


def test_a_small_league_for_tests(benchmark: Any) -> None:
    season = benchmark(lambda: Synthetic(clubs=4, history=1).season("2000-01"))
    assert len(season.matches) == 24
