"""The package in examples/: found when it is installed, played and compared as what is bundled, gone when it is not."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from matchday import Catalogue, load_agent, play
from matchday.source import make_source
from packages import Environment, as_if_installed

PACKAGE = Path(__file__).parents[1] / "examples" / "package"


@pytest.fixture
def package(tmp_path):
    """A copy of it outside the repository."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "package"))


def test_its_agent_plays_its_source_in_this_process(package, monkeypatch):
    with as_if_installed(package, monkeypatch):
        league = make_source("touchline-league", {}, seed=3)
        agent = load_agent("rested")
        assert [*play(agent, league.season("2023-24"))][-1].reason == "completed"
        assert (
            league.season("2023-24").fingerprint
            == make_source("touchline-league", {"seed": 3}).season("2023-24").fingerprint
        )
    assert "tired-legs" not in Catalogue().names("component")


def test_its_guard_bets_on_no_club_twice_in_a_week(package, monkeypatch):
    with as_if_installed(package, monkeypatch):
        season = make_source("touchline-league", {}).season("2023-24")
        placed = [event.bets for event in play(load_agent("rested"), season) if hasattr(event, "bets")]
    days = [{club for bet in bets if not bet.forced for club in bet.match_id[14:].split(" v ")} for bets in placed]
    assert any(days) and all(not before & after for before, after in pairwise(days))


def test_it_is_found_played_and_compared_when_installed_and_gone_when_not(package, tmp_path):
    environment, away = Environment(tmp_path / "venv"), tmp_path / "away"
    away.mkdir()

    def listed(what):
        return environment.run("matchday", what, cwd=away)

    environment.install(package)
    shutil.rmtree(package)
    assert "tired-legs" in listed("components") and "one-club-a-week" in listed("components")
    assert "rested" in listed("agents")
    played = environment.run("matchday", "play", "rested", "--source", "touchline-league", "--json", cwd=away)
    assert json.loads(played)["agent"] == "rested" and json.loads(played)["source"] == "touchline-league"
    comparing = ("compare", "rested", "favourites-only", "--source", "touchline-league", "--seeds", "2", "--jobs", "1")
    board = json.loads(environment.run("matchday", *comparing, "--json", cwd=away))
    assert {row["agent"] for row in board["leaderboard"]} == {"rested", "favourites-only"}
    environment.run("pip", "uninstall", "--yes", "touchline", cwd=away)
    assert "tired-legs" not in listed("components") and "rested" not in listed("agents")
