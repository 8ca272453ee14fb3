"""What ``matchday serve openreward`` offers, and what it refuses before it serves."""

import sys

import pytest

from matchday.cli import main
from matchday.cli.offering import Offer
from matchday.cli.options import Choice
from matchday.errors import MatchdayError


def refused(capsys, *options):
    """Run the command; answers its one line."""
    with pytest.raises(SystemExit) as left:
        main(["serve", "openreward", *options])
    out, err = capsys.readouterr()
    assert left.value.code == 2 and not out and err.count("\n") == 1
    return err


@pytest.fixture
def no_data(tmp_path, monkeypatch):
    """A cache with no real season in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def names(**options):
    return [task.name for task in Offer(**options).tasks()]


def test_without_options_and_without_data_one_synthetic_season_is_offered(no_data):
    (task,) = Offer().tasks()
    assert (task.name, task.source, task.split, task.seed) == ("synthetic", "synthetic", "train", 0)
    assert Offer().host().load(task).name == task.season


def test_without_options_the_scenarios_whose_data_are_there_are_offered_with_their_bankrolls(football_data):
    tasks = Offer(Choice(data=football_data)).tasks()
    assert [task.name for task in tasks] == ["new-millennium", "post-crash", "covid-season", "recent-season"]
    assert [task.split for task in tasks] == ["train"] * 3 + ["test"]
    assert [task.rules.bankroll for task in tasks] == [100.0, 150.0, 200.0, 220.0]
    one = Offer(Choice(data=football_data), several=False).tasks()
    assert len(one) == 1 and one[0].source == "football-data"


def test_seasons_scenarios_and_seeds_make_a_task_each(football_data):
    real = Choice(data=football_data, bankroll=50.0)
    assert names(choice=real, scenarios=["recent-season"], seasons=["2014-15:2015-16"]) == [
        "recent-season",
        "football-data-2014-15",
        "football-data-2015-16",
    ]
    assert names(choice=Choice(data=football_data, league="E0"), seasons=["2014-15"]) == ["E0-2014-15"]
    tasks = Offer(Choice(source="synthetic", seed=4), seeds=3).tasks()
    assert [(task.name, task.seed) for task in tasks] == [(f"synthetic-seed-{seed}", seed) for seed in (4, 5, 6)]
    assert {task.rules.bankroll for task in Offer(real, scenarios=["recent-season"]).tasks()} == {50.0}


def test_what_is_set_of_the_source_reaches_it():
    choice = Choice(source="synthetic", parameters={"clubs": 4, "history": 1})
    host = Offer(choice, models=[]).host()
    assert len(host.load(host.task("synthetic")).clubs) == 4
    assert "forecast" not in [tool.name for tool in host.tools]


def test_what_cannot_be_played_is_refused_before_anything_is_served(tmp_path):
    little = {"clubs": 4, "history": 1}
    for choice, more, reason in [
        (Choice(source="synthetic", prices="opening-day", parameters=little), {}, "opening-day"),
        (Choice(source="synthetic", parameters={"club": 4}), {}, "did you mean 'clubs'"),
        (Choice(data=tmp_path / "nowhere"), {}, "nowhere"),
        (Choice(rules=["bet_limit=2"]), {}, "bet_limit"),
        (Choice(), {"scenarios": ["recent-seson"]}, "did you mean 'recent-season'"),
        (Choice(source="synthetic", parameters=little), {"models": ["elol"]}, "did you mean 'elo'"),
        (Choice(source="synthetic", parameters=little), {"store": str(tmp_path / "no" / "runs.db")}, "runs.db"),
        (Choice(source="synthetic", parameters=little), {"seasons": ["2024-25", "2024-25"]}, "two tasks have one name"),
    ]:
        with pytest.raises(MatchdayError, match=reason):
            Offer(choice, **more).host()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::"])
def test_an_address_that_others_can_reach_needs_a_token(host, capsys):
    assert "others can reach it; give a --token" in refused(capsys, "--host", host)


def test_the_token_may_come_from_the_environment(capsys, monkeypatch):
    monkeypatch.setenv("MATCHDAY_TOKEN", "sesame")
    monkeypatch.setitem(sys.modules, "openreward", None)
    assert "pip install 'matchday[openreward]'" in refused(capsys, "--host", "0.0.0.0")


def test_models_and_no_models_contradict_each_other(capsys):
    assert "--model and --no-models contradict each other" in refused(capsys, "--model", "elo", "--no-models")


def test_without_the_sdk_it_says_how_to_get_it(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "openreward", None)
    assert "the SDK is not installed; pip install 'matchday[openreward]' brings it." in refused(capsys)
