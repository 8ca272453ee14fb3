"""Shared by all tests: where the real data lie."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No test measures time, and a busy machine must not fail one.
settings.register_profile("matchday", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("matchday")

REAL_DATA = Path(os.environ.get("MATCHDAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; tests that need it skip where it is absent, and fail in CI."""
    if not REAL_DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no real data in {REAL_DATA}: set MATCHDAY_TEST_DATA")
        pytest.skip(f"no real data in {REAL_DATA}: set MATCHDAY_TEST_DATA")
    return REAL_DATA


@pytest.fixture(scope="session")
def football_data(real_data: Path) -> Path:
    """The folder with seasons in football-data.co.uk's own layout."""
    return real_data / "football-data"
