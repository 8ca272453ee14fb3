"""Shared by all tests: where the real data lie, and the browser of those that look at a page."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from browser import Opened

# No test measures time, and a busy machine must not fail one.
settings.register_profile("matchday", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("matchday")

# What the shell of whoever runs the tests says of its screen, of endpoints and keys, or to matchday, is no test's.
SCREEN = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CLICOLOR_FORCE")
for name in (*SCREEN, "OPENAI_API_KEY", "OPENAI_BASE_URL", "MATCHDAY_CACHE", "MATCHDAY_STORE", "MATCHDAY_TOKEN"):
    os.environ.pop(name, None)

REAL_DATA = Path(os.environ.get("MATCHDAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium; the tests skip where there is none, and fail in CI."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: install the package chromium")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def opened(chromium, report):
    """The module's own ``report``, opened in a tab."""
    tab = Opened(chromium, report)
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory):
    named = os.environ.get("MATCHDAY_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
