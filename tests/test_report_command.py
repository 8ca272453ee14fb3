"""The command ``matchday report``: runs in the store become a file, or one line says why not."""

import pytest

from matchday.cli import main
from matchday.store import Store


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main([*map(str, arguments)])
    return left.value.code


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    location = tmp_path_factory.mktemp("store") / "runs.db"
    for agent in ("favourites-only", "market-follower"):
        assert run("play", agent, "--store", location) == 0
    return location


def ids(store):
    return [each.id for each in Store(store).runs()]


def test_runs_become_a_report(store, tmp_path, capsys):
    file = tmp_path / "report.html"
    assert run("report", *ids(store), "-o", file, "--store", store, "--baseline", "market-follower") == 0
    assert capsys.readouterr().out == f"report of 2 runs: {file}\n"
    page = file.read_text(encoding="utf-8")
    assert "2 agents on synthetic SYN, 2024-25" in page and "Differences from market-follower" in page


def test_a_run_may_be_named_by_its_first_digits_and_twice(store, tmp_path, capsys):
    first = ids(store)[0]
    assert run("report", first, first[:6], "-o", tmp_path / "one.html", "--store", store) == 0
    assert capsys.readouterr().out.startswith("report of 1 run:")


@pytest.mark.parametrize(
    ("runs", "options", "said"),
    [
        (["nothing"], ["-o", "{}/r.html"], "Run 'nothing' is not in store"),
        ([], ["-o", "{}/none/r.html"], "there is no folder"),
        ([], ["-o", "{}"], "is a folder; name a file in it"),
        ([], ["-o", "{}/r.html", "--baseline", "market"], "Baseline 'market' is not among the agents"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_one_line(store, tmp_path, capsys, runs, options, said):
    where = [each.format(tmp_path) for each in options]
    assert run("report", *(runs or ids(store)), *where, "--store", store) == 2
    told = capsys.readouterr()
    assert said in told.err and told.err.count("\n") == 1 and told.out == ""
    assert list(tmp_path.iterdir()) == []
