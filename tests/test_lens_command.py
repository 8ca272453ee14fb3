"""The command ``matchday lens``: a play becomes a report with the lens's sections, or one line says why not."""

import json
import subprocess

import pytest

from matchday.cli import main
from matchday.store import Store

SMALL = """
name = "small"

[[component]]
use = "mlp"
name = "net"
hidden = [6, 4]
epochs = 3
features = ["ratings"]
minimum_matches = 150
warmup_days = 30

[[component]]
use = "favourite"

[[component]]
use = "flat"
"""

HYBRID = """
name = "hybrid"

[[component]]
use = "committee"
agents = ["small.toml", "dixon-coles"]
"""

WORLD = ("--set", "source.clubs=8", "--set", "source.history=4")


@pytest.fixture
def lens(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, text in {"small": SMALL, "hybrid": HYBRID}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["lens", *map(str, arguments)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, said.out, said.err)

    return run


def test_a_season_is_played_and_its_report_begins_with_the_lens(lens, tmp_path):
    done = lens("small.toml", *WORLD, "--map", "elo_gap", "home_pi")
    assert done.returncode == 0
    assert "small on synthetic SYN" in done.stdout and "net through the polytope lens: network 1 of 2" in done.stdout
    assert f"report: {tmp_path / 'matchday-lens.html'}" in done.stdout
    page = (tmp_path / "matchday-lens.html").read_text(encoding="utf-8")
    places = [page.index(f'<section id="{name}">') for name in ("summary", "lens", "lens-map", "leaderboard", "bets")]
    assert places == sorted(places) and "A map: elo_gap and home_pi" in page
    (run,) = Store(tmp_path / "matchday.db").runs()
    assert run.status == "completed" and run.id in page


def test_a_members_network_learns_although_forecasts_are_kept_and_programs_get_one_object(lens, tmp_path):
    """The second time the other models' forecasts are taken from the folder; what the lens finds is the same."""
    asked = ("hybrid.toml", *WORLD, "--forecasts", "kept", "--json", "--market", "total_goals_2_5", "--network", "2")
    first, second = (json.loads(lens(*asked).stdout) for _ in range(2))
    assert len(list((tmp_path / "kept").iterdir())) == 1
    assert first["lens"]["model"] == "small/net" and first["lens"] == second["lens"]
    assert (first["agent"], first["lens"]["network"], first["report"]) == ("hybrid", 2, None)
    assert not (tmp_path / "matchday-lens.html").exists()


def test_a_model_is_looked_into_by_its_name_alone(lens):
    quick = ("--set", "mlp.epochs=2", "--set", "mlp.minimum_matches=150", "--set", "mlp.warmup_days=30")
    done = lens("mlp", *WORLD, *quick, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["agent"], told["lens"]["model"]) == (0, "mlp", "mlp")


def test_the_season_ends_as_it_does_without_the_lens_to_the_penny(lens, tmp_path, capsys):
    lens("small.toml", *WORLD, "--seed", "3", "--json")
    with pytest.raises(SystemExit):
        main(["play", "small.toml", *WORLD, "--seed", "3", "--json"])
    store = Store(tmp_path / "matchday.db")
    looked, plain = store.runs()
    for name in ("matchdays", "bets", "forecasts"):
        frames = [store.frame(name, run.id).drop(columns="run_id") for run in (looked, plain)]
        assert len(frames[0]) and frames[0].equals(frames[1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["human-quant"], "Agent 'human-quant' has no neural model; its models: abilities (Dynamic) and features"),
        (["dixon-coles"], "or look at it alone, with: matchday lens mlp"),
        (["kelly"], "Agent 'kelly' is a component, not an agent"),
        (["small.toml", "--model", "nett"], "--model 'nett' is no neural model of 'small'; did you mean 'net'?"),
        (["small.toml", "--market", "corners"], "--market 'corners' is unknown"),
        (["small.toml", "--network", "3"], "--network 3; rule: 1 to 2"),
        (["small.toml", "--map", "elo_gap", "form"], "--map: 'net' has no feature 'form'"),
        (["small.toml", "-o", "none/lens.html"], "there is no folder"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_before_the_play_in_one_line(lens, tmp_path, arguments, said):
    done = lens(*arguments)
    assert done.returncode == 2 and said in done.stderr
    assert done.stderr.count("\n") == 1 and done.stdout == ""
    assert not (tmp_path / "matchday.db").exists()


def test_a_model_that_never_learned_is_told_and_the_play_is_on_record(lens, tmp_path):
    done = lens("small.toml", "--set", "source.clubs=8", "--set", "source.history=1")
    assert done.returncode == 2 and "Model 'net' was never fitted: minimum_matches is 150" in done.stderr
    assert "run" in done.stdout and len(Store(tmp_path / "matchday.db").runs()) == 1
