"""What a person gets from ``matchday compare``."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from matchday import Catalogue
from matchday.agentfile import read_agent
from matchday.cli import main
from matchday.cli.comparing import Asked
from matchday.cli.options import Choice
from matchday.cli.schedules import Span, spell_out
from matchday.errors import StoreError
from matchday.store import Store

SMALL = ("--set", "source.clubs=6", "--set", "source.history=1")
COUPLE = ("favourites-only", "market-follower")


@pytest.fixture
def compare(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["compare", *map(str, arguments)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, said.out, said.err)

    return run


def refusal(done):
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert list(Path().iterdir()) == []
    return done.stderr.removeprefix("matchday: ").strip()


def test_it_ends_with_a_leaderboard_its_conclusions_and_a_report(compare):
    done = compare(*COUPLE, *SMALL, "--seeds", 2, "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    for shown in (
        "favourites-only",
        "market-follower",
        "against favourites-only",
        "Holm",
        "M-W",
        "nothing can be concluded",
    ):
        assert shown in done.stdout
    assert "report: matchday-report.html" in done.stdout
    assert Path("matchday-report.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")
    assert len(Store("matchday.db").runs()) == 4


def test_a_second_call_shows_the_same_and_plays_nothing(compare):
    first = compare(*COUPLE, *SMALL, "--jobs", 1, "--source", "synthetic", "--season", "2003-04", "--json")
    again = compare(*COUPLE, *SMALL, "--jobs", 1, "--source", "synthetic", "--season", "2003-04", "--json")
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert len(Store("matchday.db").runs()) == 2
    assert not Path("matchday-report.html").exists()


def test_json_is_one_object_without_nan(compare):
    told = json.loads(compare(*COUPLE, *SMALL, "--jobs", 1, "--seeds", 1, "--json").stdout, parse_constant=pytest.fail)
    assert told["baseline"] == "favourites-only"
    assert {row["agent"] for row in told["leaderboard"]} == set(COUPLE)
    assert [row["agent"] for row in told["differences"]] == ["market-follower"]
    assert len(told["plays"]) == 2
    assert told["conclusions"]


def test_a_parameter_is_set_in_every_agent_that_has_the_component():
    asked = Asked(["dixon-coles", "market-follower", "favourites-only"], overrides={"kelly": {"hedge": True}})
    made = {agent.name: agent.components for agent in asked.load_agents()}
    assert [each["kelly"].hedge for each in made.values() if "kelly" in each] == [True, True]


def test_without_an_agent_the_quick_ones_are_compared():
    quick = [name for name in Catalogue().names("agent") if read_agent(name).quick]
    assert [agent.name for agent in Asked([]).load_agents()] == quick


def test_without_a_season_there_are_ten_leagues_and_with_one_a_single_one():
    assert len(Span().schedules()) == 10
    named = Span(["2003-04"], choice=Choice(source="synthetic"))
    assert [each.seed for each in named.schedules()] == [0]
    assert [each.seed for each in replace(named, seeds=3).schedules()] == [0, 1, 2]


def test_what_is_set_inside_holds_for_the_agents_that_list_such_a_member_be_it_set_that_they_do(tmp_path):
    pair = tmp_path / "pair.toml"
    pair.write_text('name = "pair"\n[[component]]\nuse = "committee"\nagents = ["favourites-only"]\n')
    overrides = {
        "market-follower/kelly": {"hedge": True},
        "committee": {"agents": ["favourites-only", "market-follower"]},
    }
    found, alone = Asked([str(pair), "market-follower"], overrides=overrides).load_agents()
    inside = found.components["committee"].members["market-follower"]
    assert inside.components["kelly"].hedge and not alone.components["kelly"].hedge


def test_ranges_of_seasons_are_spelled_out():
    assert spell_out("1998-99:2000-01") == ["1998-99", "1999-00", "2000-01"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dixon-cole"], "Agent 'dixon-cole' is neither bundled nor a file; did you mean 'dixon-coles'?"),
        (
            [*COUPLE, "--source", "synthetic", "--season", "1999-00"],
            "Season '1999-00' is not at the source, which has 25 seasons from 2000-01 to 2024-25",
        ),
        ([*COUPLE, "--season", "23/24"], "Season '23/24' is not a season; rule: two years in a row, as 2023-24."),
        ([*COUPLE, "--season", "2010-11:2008-09"], "end before they begin; rule: FIRST:LAST"),
        (
            [*COUPLE, "--source", "synthetic", "--season", "2003-04", "--season", "2002-03:2003-04"],
            "is asked for twice",
        ),
        ([*COUPLE, "favourites-only"], "Two agents are called 'favourites-only'; give one of them another name."),
        ([*COUPLE, "--baseline", "dixon-coles"], "Baseline 'dixon-coles' is not among the agents compared"),
        ([*COUPLE, "--backend", "daks"], "Backend 'daks' is none; did you mean 'dask'?"),
        ([*COUPLE, "--report", "nowhere/report.html"], "nowhere"),
        (
            [*COUPLE, "--prices", "closng"],
            "Price policy 'closng' is unknown to source 'synthetic'; did you mean 'closing'?",
        ),
        (
            [*COUPLE, "--store", "nowhere/runs.db"],
            "Store 'nowhere/runs.db': there is no folder 'nowhere'; make it first.",
        ),
        (
            [*COUPLE, "--set", "kely.hedge=true"],
            "--set kely: no agent has a component of that name; did you mean 'kelly'",
        ),
        (
            [*COUPLE, "--set", "favourites-only/kelly.hedge=true"],
            "--set favourites-only/kelly: no agent has a component of that name",
        ),
        ([*COUPLE, "--rule", "bet_limit=2"], "Rules: bet_limit = 2: Input should be less than or equal to 1."),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line_before_anything_is_played(compare, arguments, message):
    assert message in refusal(compare(*arguments))


def test_the_recent_season_is_followed_by_what_is_published_in_a_block_of_its_own(compare, football_data):
    done = compare(*COUPLE, "--scenario", "recent-season", "--data", football_data, "--jobs", 1)
    board, published = done.stdout.split("published, not replayed and not counted alike")
    assert "GPT-5.4" not in board
    quant = next(line for line in published.splitlines() if line.startswith("Human Quant"))
    assert "+5.1%" in quant and "–" in quant
    assert "nothing can be concluded about other seasons" in " ".join(published.split())


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_an_interrupt_keeps_finished_plays_and_says_how_to_go_on(tmp_path):
    command = [sys.executable, "-m", "matchday", "compare", *COUPLE, *SMALL, "--seeds", "60", "--jobs", "1", "--json"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as going:
        store = Store(tmp_path / "matchday.db")
        while going.poll() is None and plays(store) < 3:
            pass
        going.send_signal(signal.SIGINT)
        out, err = going.communicate(timeout=60)
    kept = plays(store)
    assert (going.returncode, out) == (130, "")
    assert (
        f"interrupted; {kept} of 120 plays are done and on record in matchday.db; the same command goes on from there"
        in err
    )
    assert err.count("\n") == 1


def plays(store):
    """Count the plays on record in a store that may not have been made yet."""
    try:
        return len(store.runs())
    except StoreError:
        return 0
