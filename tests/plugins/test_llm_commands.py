"""A language model on the command line: played, compared with baselines in one table, and its transcript told."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from matchday import Catalogue, load_agent
from matchday.agentfile import read_agent
from matchday.cli import main, screen
from matchday.store import Store
from scripted_endpoint import calls, says, scripted

SMALL = ("--set", "source.clubs=4", "--set", "source.history=1")


@pytest.fixture
def matchday(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(screen.out, "_width", screen.PIPE_WIDTH)  # whatever the screen of whoever runs the tests

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, said.out, said.err)

    return run


def bets_and_ends(body):
    """Bets once a matchday, and ends it."""
    if body["messages"][-1]["role"] == "tool":
        return calls("next_matchday", {})
    match_id = re.findall(r"^(SYN [^,]+),", body["messages"][1]["content"], re.M)[-1]
    bet = {"match_id": match_id, "selection": "home", "stake": 1, "probability": 0.5, "reason": "at home"}
    return says("I back \x1b[31mthe home side.", tools=[("place_bet", bet)])


def at(endpoint):
    return ("--set", "llm.model=scripted", "--set", f"llm.base_url={endpoint.url}")


def test_language_models_and_baselines_stand_in_one_table_with_calls_and_cost(matchday):
    asked = ("compare", "llm", "favourites-only", "market-follower", *SMALL, "--seeds", 2, "--jobs", 2)
    with scripted(bets_and_ends) as endpoint:
        priced = (*at(endpoint), "--set", "llm.price_in=1", "--set", "llm.price_out=5")
        done = matchday(*asked, *priced)
        count = endpoint.count
        again = matchday(*asked, *priced, "--json")
        assert endpoint.count == count > 0
    assert (done.returncode, done.stderr) == (0, "")
    head = next(line.split() for line in done.stdout.splitlines() if line.startswith("agent "))
    assert {"calls", "tokens", "cost"} <= set(head)
    board = {row["agent"]: row for row in json.loads(again.stdout)["leaderboard"]}
    assert board["llm"]["calls"] == count / 2 and board["llm"]["tokens"] == 120 * count / 2
    assert board["llm"]["cost"] == pytest.approx(count / 2 * (100 + 5 * 20) / 1e6)
    assert board["favourites-only"]["calls"] == board["market-follower"]["cost"] == 0
    assert board["llm"]["bets"] == count / 4 and board["llm"]["failed"] == 0
    report = Path("matchday-report.html").read_text(encoding="utf-8")
    assert "not taken from the bankroll" in report and f"{120 * count / 2:,.0f} tokens" in report


def test_where_nobody_is_asked_the_table_says_nothing_of_it(matchday):
    done = matchday("compare", "favourites-only", *SMALL, "--seeds", 1, "--jobs", 1)
    assert "tokens" not in done.stdout
    assert "not taken from the bankroll" not in Path("matchday-report.html").read_text(encoding="utf-8")


def test_a_run_tells_what_was_asked_and_its_transcript(matchday):
    with scripted(bets_and_ends) as endpoint:
        played = matchday("play", "llm", *SMALL, *at(endpoint))
    assert played.returncode == 0 and f"asked     {endpoint.count} calls" in played.stdout
    run = Store("matchday.db").runs()[0].id
    whole, one = matchday("runs", run, "--transcript"), matchday("runs", run, "--transcript", "--matchday", 2)
    assert whole.stdout.count("matchday ") > one.stdout.count("matchday ")
    lines = one.stdout.splitlines()
    assert lines[0] == "matchday 2" and [line for line in lines if line in {"user", "tool", "llm"}] == [
        "user",
        "llm",
        "tool",
        "llm",
    ]
    assert "Your earlier matchdays" not in one.stdout and "is played." in one.stdout
    assert 'place_bet {"match_id": ' in one.stdout and "next_matchday {}" in one.stdout
    assert "1 call, 100 tokens read, 20 written" in one.stdout
    assert "I back  [31mthe home side." in one.stdout and "\x1b" not in one.stdout
    assert "system" in whole.stdout.splitlines() and "Make the bankroll grow" in whole.stdout


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--transcript"], "nobody outside was asked anything."),
        (["--transcript", "--matchday", "3"], "nobody outside was asked anything on matchday 3."),
        (["--transcript", "--json"], "--transcript and --json print different things; leave one out."),
        (["--transcript", "--events"], "--transcript and --events print different things; leave one out."),
        (["--transcript", "--explain"], "--explain and --transcript print different things; leave one out."),
        (["--matchday", "3"], "--matchday picks what --explain or --transcript shows; add one of them."),
    ],
)
def test_a_transcript_that_cannot_be_told_is_refused_in_one_line(options, why, matchday):
    matchday("play", "penny-punter", *SMALL)
    done = matchday("runs", Store("matchday.db").runs()[0].id, *options)
    assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1
    assert done.stderr.strip().endswith(why)


def test_without_a_run_there_is_no_transcript(matchday):
    assert "name the run whose transcript to tell" in matchday("runs", "--transcript").stderr


def test_the_bundled_agent_is_not_quick_and_says_in_one_line_what_to_set(matchday):
    assert not read_agent("llm").quick
    assert load_agent("llm").components["llm"].models == ("market", "elo", "dixon-coles")
    done = matchday("play", "llm", *SMALL)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "no model is named; set it, and where it is: --set llm.model=NAME --set llm.base_url=" in done.stderr
    unset = matchday("play", "llm", *SMALL, "--set", "llm.model=NAME")
    assert unset.returncode == 2 and "environment variable OPENAI_API_KEY is not set" in unset.stderr
    assert not Path("matchday.db").exists()


def test_the_models_that_it_may_ask_are_components_that_are_there():
    assert set(load_agent("llm").components["llm"].models) <= set(Catalogue().names("component"))
