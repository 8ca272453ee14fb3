"""The command as a person uses it, in a process of its own."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
KEYS = (
    *("agent", "season", "source", "seed", "run_id", "matchdays", "bets", "forced_bets", "staked"),
    *("bankroll_start", "bankroll_end", "roi", "log_growth", "max_drawdown", "ruined"),
    *("model_log_loss", "market_log_loss", "reproducible", "calls", "tokens", "cost"),
)


def start(*arguments, cwd, **options):
    environment = {**os.environ, "COLUMNS": "200", "MATCHDAY_CACHE": str(cwd / "cache")}
    environment.pop("MATCHDAY_STORE", None)
    command = [sys.executable, "-m", "matchday", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "text": True}
    return subprocess.Popen(command, cwd=cwd, env=environment, **pipes, **options)


@pytest.fixture
def matchday(tmp_path):
    def run(*arguments):
        process = start(*arguments, cwd=tmp_path)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    return run


def play_json(matchday, *arguments):
    done = matchday("play", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_main_job_runs_on_the_embedded_league(matchday, tmp_path):
    done = matchday("play", "dixon-coles")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for word in ("dixon-coles on synthetic", "bankroll  100.00 ->", "log-loss  model", "matchday runs"):
        assert word in done.stdout
    assert (tmp_path / "matchday.db").exists()


def test_json_is_one_object_with_the_documented_keys(matchday):
    figures = play_json(matchday, "favourites-only", "--seed", "4")
    assert tuple(figures) == KEYS
    assert figures["model_log_loss"] is None
    assert figures["bankroll_start"] == 100.0
    assert 0 <= figures["max_drawdown"] <= 1
    assert figures["seed"] == 4


def test_a_play_with_limited_calls_says_that_it_cannot_be_reproduced(matchday):
    small = ("--set", "source.clubs=4", "--set", "source.history=0", "--rule", "call_seconds=600")
    done = matchday("play", "favourites-only", *small)
    assert "call_seconds 600: the run depends on the speed of the machine, and is not reproducible" in done.stdout


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(matchday):
    one, same, other = (play_json(matchday, "favourites-only", "--seed", seed) for seed in (1, 1, 2))
    for figures in (one, same, other):
        figures.pop("run_id")
    assert one == same != other


def test_parameters_of_the_source_are_options_too(matchday):
    figures = play_json(matchday, "favourites-only", "--set", "source.clubs=6", "--set", "source.history=0")
    assert figures["bets"] == 30


def test_a_parameter_may_be_set_to_nothing(matchday):
    assert play_json(matchday, "dixon-coles", "--set", "goals.half_life_days=none", "--set", "source.history=0")


def test_rules_prices_bankroll_and_parameters_are_options(matchday):
    arguments = ("--bankroll", "50", "--rule", "bet_limit=0.5", "--prices", "opening")
    figures = play_json(matchday, "favourites-only", *arguments, "--set", "proportional.fraction=0.01")
    assert figures["bankroll_start"] == 50.0
    assert figures["staked"] < 380 * 0.01 * 100


BAD_INPUT = {
    "an unknown agent": (["play", "favorites-only"], "did you mean 'favourites-only'"),
    "an agent file that is not there": (["play", "none.toml"], "cannot be read"),
    "an unknown parameter": (
        ["play", "dixon-coles", "--set", "goals.half_life=3"],
        "did you mean 'half_life_days'",
    ),
    "an unknown component": (
        ["play", "dixon-coles", "--set", "gaols.half_life_days=3"],
        "did you mean 'goals'",
    ),
    "a parameter out of range": (
        ["play", "dixon-coles", "--set", "value.minimum_edge=-1"],
        "minimum_edge = -1",
    ),
    "an assignment without a value": (["play", "dixon-coles", "--set", "value"], "rule: NAME=VALUE"),
    "a parameter without a component": (
        ["play", "dixon-coles", "--set", "fraction=1"],
        "is not component.parameter",
    ),
    "an unknown rule": (["play", "favourites-only", "--rule", "bankrol=5"], "did you mean 'bankroll'"),
    "a rule out of range": (["play", "favourites-only", "--rule", "bet_limit=2"], "bet_limit = 2"),
    "a bankroll of nothing": (["play", "favourites-only", "--bankroll", "0"], "bankroll = 0"),
    "an unknown price policy": (["play", "favourites-only", "--prices", "clsing"], "did you mean 'closing'"),
    "an unknown source": (["play", "favourites-only", "--source", "sinthetic"], "did you mean 'synthetic'"),
    "an unknown scenario": (
        ["play", "favourites-only", "--scenario", "recent"],
        "Scenario 'recent' is not installed",
    ),
    "two seasons": (
        ["play", "favourites-only", "--scenario", "recent-season", "--season", "2020-21"],
        "leave out",
    ),
    "a season nobody writes so": (["play", "favourites-only", "--season", "2023"], "as 2023-24"),
    "a season that is not there": (
        ["play", "favourites-only", "--source", "synthetic", "--season", "1950-51"],
        "is not one of the synthetic league's",
    ),
    "no data": (["play", "favourites-only", "--season", "2023-24"], "matchday fetch football-data"),
    "a folder that is not there": (["play", "favourites-only", "--data", "nowhere"], "nowhere"),
    "data for a source without": (
        ["play", "favourites-only", "--source", "synthetic", "--data", "."],
        "takes no 'data'",
    ),
    "an unknown parameter of the source": (
        ["play", "favourites-only", "--set", "source.club=6"],
        "did you mean 'clubs'",
    ),
    "a parameter that is no number": (
        ["play", "dixon-coles", "--set", "goals.newcomer_strength=nan"],
        "newcomer_strength",
    ),
    "a weight of nobody": (
        ["play", EXAMPLES / "cautious_dixon_coles.toml", "--set", "average.weights={goal=1}"],
        "goals",
    ),
    "a rule set twice": (
        ["play", "favourites-only", "--bankroll", "5", "--rule", "bankroll=6"],
        "is set 2 times",
    ),
    "two keys in a rule": (["play", "favourites-only", "--rule", "bankroll=5\nprices='x'"], "bankroll = "),
    "rules that end the game at once": (
        ["play", "favourites-only", "--rule", "minimum_bet=200"],
        "minimum_bet",
    ),
    "another source for a scenario": (
        ["play", "dixon-coles", "--scenario", "post-crash", "--source", "synthetic"],
        "leave",
    ),
    "a name too long for a file": (["play", "x" * 5000], "neither bundled nor a file"),
    "a seed too large": (["play", "favourites-only", "--seed", "9" * 30], "--seed"),
    "a component that is no class": (["components", "math:pi.x"], "has no 'pi.x'"),
    "a store in memory": (["play", "favourites-only", "--store", ":memory:"], "keeps nothing"),
    "a store without a name": (["play", "favourites-only", "--store", ""], "is no file"),
    "runs of a url that is not there": (["runs", "--store", "sqlite:///new.db"], "does not exist"),
    "a store without a folder": (["play", "favourites-only", "--store", "no/where.db"], "there is no folder"),
    "an unknown run": (["resume", "abc"], "does not exist; play a season first"),
    "no runs yet": (["runs"], "does not exist; play a season first"),
    "an unknown command": (["plya"], "plya"),
    "an unknown option": (["play", "favourites-only", "--jsn"], "--jsn"),
    "a seed that is none": (["play", "favourites-only", "--seed", "x"], "--seed"),
    "an unknown component to show": (["components", "kely"], "did you mean 'kelly'"),
    "events of no run": (["runs", "--events"], "--events"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gets_one_line_exit_status_2_and_nothing_is_written(matchday, tmp_path, case):
    arguments, message = BAD_INPUT[case]
    done = matchday(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("matchday: ")
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_what_is_installed_is_listed(matchday):
    assert "favourites-only" in matchday("agents").stdout
    assert "half_life_days" in matchday("agents", "dixon-coles").stdout
    assert "exposure-cap" in matchday("components").stdout
    shown = matchday("components", "fractional").stdout
    assert "fraction" in shown and "0.25" in shown and "what is left of each share" in shown
    assert "recent-season" in matchday("seasons").stdout
    assert matchday("--version").stdout.startswith("matchday 0.")


def test_runs_are_listed_shown_and_exported(matchday):
    run = play_json(matchday, "favourites-only")["run_id"]
    assert run in matchday("runs").stdout
    shown = matchday("runs", run[:6]).stdout
    assert "bankroll" in shown and len(shown.splitlines()) > 90
    lines = matchday("runs", run, "--events").stdout.splitlines()
    assert json.loads(lines[0])["event"] == "SeasonOpened"
    assert json.loads(lines[-1])["event"] == "SeasonClosed"
    assert json.loads(matchday("runs", "--json").stdout)[0]["run_id"] == run


def settled(store: Path) -> int:
    if not store.exists():
        return 0
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return connection.execute("select count(*) from matchdays").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def wait_for(condition, process, timeout=60.0):
    """Wait until a condition holds, or the process or the time has ended."""
    end = time.monotonic() + timeout
    while not condition() and process.poll() is None and time.monotonic() < end:
        os.sched_yield()


@pytest.mark.parametrize("attempt", range(3))
def test_a_run_killed_at_a_random_matchday_resumes_to_the_same_end(matchday, tmp_path, attempt):
    whole = play_json(matchday, "dixon-coles", "--store", "whole.db")
    store = tmp_path / "killed.db"
    at = random.Random(attempt).randint(1, 60)
    process = start("play", "dixon-coles", "--store", store.name, cwd=tmp_path)
    wait_for(lambda: settled(store) >= at, process)
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (run,) = json.loads(matchday("runs", "--store", store.name, "--json").stdout)
    assert at <= run["matchdays"] < whole["matchdays"]
    done = matchday("resume", run["run_id"], "--store", store.name, "--json")
    assert done.returncode == 0, done.stderr
    resumed = json.loads(done.stdout)
    events = [
        matchday("runs", figures.pop("run_id"), "--events", "--store", name).stdout
        for figures, name in ((whole, "whole.db"), (resumed, "killed.db"))
    ]
    assert resumed == whole
    assert events[0] == events[1]


def test_an_interrupted_run_says_how_to_go_on(tmp_path):
    store = tmp_path / "matchday.db"
    process = start("play", "dixon-coles", cwd=tmp_path)
    wait_for(lambda: settled(store) >= 2, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; settled matchdays are kept; go on with: matchday resume" in err
    assert err.count("\n") == 1


def test_help_loads_nothing_that_it_does_not_print():
    program = (
        "import sys; from matchday.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print([name for name in ('pandas', 'numpy', 'scipy', 'sklearn', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
