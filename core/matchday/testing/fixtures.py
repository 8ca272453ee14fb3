"""Fixtures for pytest: ``pytest_plugins = ["matchday.testing.fixtures"]`` in a ``conftest.py``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchday.episode import Episode
from matchday.season import Season
from matchday.slate import Matchday, Slate
from matchday.testing.scripted import scripted_market as _scripted_market
from matchday.testing.seasons import small_season as _small_season


@pytest.fixture
def small_season() -> Season:
    """Eight matchdays of three matches, after a season of as many."""
    return _small_season()


@pytest.fixture
def matchday(small_season: Season) -> Matchday:
    """The first matchday of the small season, as a hook is handed it."""
    return Episode(small_season).open().day


@pytest.fixture
def slate(matchday: Matchday) -> Slate:
    """The fixtures and odds of that matchday."""
    return matchday.slate


@pytest.fixture
def scripted_market() -> Callable[[str], Season]:
    """Make a season of prices and results that are given as a little table; see ``matchday.testing.scripted``."""
    return _scripted_market
