"""Every file in examples/ runs as printed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(*command, cwd):
    environment = {name: value for name, value in os.environ.items() if name != "MATCHDAY_STORE"}
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("played")
    run("-m", "matchday", "play", "dixon-coles", cwd=folder)
    return folder / "matchday.db"


@pytest.fixture
def played(store, tmp_path):
    """A working directory with a run in its store."""
    shutil.copy(store, tmp_path)
    return tmp_path


@pytest.mark.parametrize("script", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_scripts_run(script, played):
    assert run(str(EXAMPLES / script), cwd=played).strip()


@pytest.mark.parametrize("agent", sorted(path.name for path in EXAMPLES.glob("*.toml")))
def test_agents_play(agent, tmp_path):
    assert "bankroll" in run("-m", "matchday", "play", str(EXAMPLES / agent), cwd=tmp_path)


@pytest.mark.parametrize("file", sorted(path.name for path in EXAMPLES.iterdir() if path.suffix in {".py", ".toml"}))
def test_the_page_of_examples_says_what_each_is_for(file):
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert f"]({file})" in page or file.startswith("results_")
