"""How long a person waits before anything happens."""

import subprocess
import sys

import pytest

COMMANDS = {
    "import": [sys.executable, "-c", "import matchday"],
    "import and load an agent": [
        sys.executable,
        "-c",
        "import matchday; matchday.load_agent('favourites-only')",
    ],
    "help": [sys.executable, "-m", "matchday", "--help"],
    "python alone": [sys.executable, "-c", "pass"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_start_up(benchmark, name):
    run = lambda: subprocess.run(COMMANDS[name], check=True, capture_output=True)  # noqa: E731
    benchmark.pedantic(run, rounds=7, warmup_rounds=1)
