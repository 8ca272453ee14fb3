"""The command ``audit run`` as a person uses it."""

import json

import pytest

from matchday.auditing import audit
from matchday.cli import main
from matchday.store import Store


@pytest.fixture
def command(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    return run


@pytest.fixture
def played(command, tmp_path):
    """A short season of favourites on record: the store, and the run's id."""
    store = tmp_path / "runs.db"
    options = ("--set", "source.history=1", "--store", store, "--json")
    return store, json.loads(command("play", "favourites-only", *options)[1])["run_id"]


def test_the_rubric_is_shown_with_the_money_beside_it(command, played):
    store, run_id = played
    status, out, err = command("audit", "run", run_id[:6], "--store", store)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"favourites-only on synthetic SYN 2024-25, seed 0, run {run_id}"
    assert lines[1].split() == ["criterion", "verdict", "points", "evidence"]
    assert any(line.startswith("Kelly at execution               not met         0 of 2") for line in lines)
    assert lines[-2].startswith("sophistication  3 of ")
    assert lines[-1].startswith("money           ROI ") and lines[-1].endswith("no point depends on it")


def test_json_has_the_points_and_the_run_apart(command, played):
    store, run_id = played
    status, out, _ = command("audit", "run", run_id, "--store", store, "--json")
    found, again = json.loads(out), audit(Store(store), run_id)
    assert status == 0
    assert (found["points"], found["possible"]) == (again.points, again.possible)
    assert found["run"]["run_id"] == run_id and "points" not in found["run"]
    assert [each["criterion"] for each in found["criteria"]] == again.frame().index.tolist()
    assert found["groups"]["conduct"] == {"points": 3.0, "possible": 4}


def test_a_run_that_is_not_there_is_one_line_and_status_2(command, played):
    status, out, err = command("audit", "run", "zzz", "--store", played[0])
    assert (status, out) == (2, "")
    assert err.startswith("matchday: Run 'zzz' is not in store") and err.count("\n") == 1
