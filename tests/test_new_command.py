"""``matchday new`` as a person uses it: the package that it writes installs, passes, plays, and goes away again."""

import os
import re
import subprocess
import sys

import pytest

from matchday import Catalogue, load_agent, play
from matchday.cli import main
from matchday.scaffold import KINDS
from matchday.testing import small_season
from packages import Environment, as_if_installed, register


def new(capsys, *words):
    """Write a package, and answer what is printed."""
    with pytest.raises(SystemExit) as ended:
        main(["new", "component", *map(str, words)])
    told = capsys.readouterr()
    assert ended.value.code == 0, told.err
    return told.out


def refusal(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(["new", "component", *map(str, words)])
    assert ended.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    return line


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A folder with a package of every kind, one of them with a long name."""
    folder = tmp_path_factory.mktemp("packages")
    for kind in KINDS:
        longer = "-of-those-that-have-a-long-name" if kind == "model" else ""
        with pytest.raises(SystemExit, match="^0$"):
            main(["new", "component", f"own-{kind}{longer}-{kind}", "--kind", kind, "--folder", str(folder / kind)])
    return folder


def run(*words, cwd, **environment):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_its_agent_plays_a_season(kind, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    new(capsys, f"fresh-{kind}", "--kind", kind)
    with as_if_installed(tmp_path / f"fresh-{kind}", monkeypatch):
        catalogue = Catalogue()
        assert f"fresh-{kind}" in catalogue.names(KINDS[kind].listed)
        season = small_season(matchdays=4)
        if kind == "source":
            source = catalogue.load("source", "fresh-source")()
            season = source.season(source.default_season())
        *_, closed = play(load_agent("fresh-agent"), season)
        assert closed.reason == "completed"


def test_what_it_writes_is_clean_by_its_own_rules(packages):
    run("ruff", "check", packages, "--no-cache", cwd=packages)
    run("ruff", "format", "--check", packages, "--no-cache", cwd=packages)


def test_what_it_writes_is_typed(packages):
    written = [path for kind in KINDS for path in (packages / kind).iterdir() if path.is_dir()]
    rules = packages / "model" / "pyproject.toml"
    run("mypy", "--config-file", rules, "--cache-dir", packages / "cache", *written, cwd=packages)


def test_the_tests_that_it_writes_pass(packages):
    folders = [packages / kind for kind in KINDS]
    for folder in folders:
        register(folder)
    found = os.pathsep.join(map(str, folders))
    run("pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *folders, cwd=packages, PYTHONPATH=found)


def test_it_installs_plays_and_goes_away_as_its_next_steps_say(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    steps = [line.split() for line in new(capsys, "my-model", "--kind", "model").splitlines() if line[:4] == "    "]
    (_, folder), install, check, compare = steps
    assert install[1:] == ["install", "-e", '".[dev]"']
    environment = Environment(tmp_path / "venv")
    at = tmp_path / folder
    environment.install(at)
    assert "my-model" in environment.run("matchday", "components", cwd=tmp_path)
    assert "my-agent" in environment.run("matchday", "agents", cwd=tmp_path)
    environment.run("matchday", *check[1:], cwd=tmp_path)
    assert "bankroll" in environment.run("matchday", "play", "my-agent", cwd=tmp_path)
    told = environment.run("matchday", *compare[1:], "--seeds", "1", cwd=tmp_path)
    assert "favourites-only and my-agent" in told
    environment.run("pip", "uninstall", "--yes", "my-model", cwd=tmp_path)
    for kind, name in (("components", "my-model"), ("agents", "my-agent")):
        assert name not in environment.run("matchday", kind, cwd=tmp_path)


def test_commands_are_written_as_they_have_to_be_typed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable))
    assert "    matchday check my-model\n" in new(capsys, "my-model", "--kind", "model")
    monkeypatch.setenv("PATH", str(tmp_path))
    at = os.path.join(os.path.dirname(sys.executable), "matchday")
    assert f"    {at} check my-edge\n" in new(capsys, "my-edge", "--kind", "edge")


def test_the_last_word_makes_room_for_the_agent(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, agent in (("my-rest-days", "my-rest-agent"), ("mine", "mine-agent"), ("x2", "x2-agent")):
        assert f" compare {agent} " in new(capsys, name, "--kind", "model")


def test_an_agent_that_is_there_keeps_its_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    new(capsys, "fresh-model", "--kind", "model")
    with as_if_installed(tmp_path / "fresh-model", monkeypatch):
        assert " compare fresh-guard-agent " in new(capsys, "fresh-guard", "--kind", "guard")
        assert "'fresh-model' is taken: a component of that name is installed" in refusal(
            capsys, "fresh-model", "--kind", "edge"
        )


def test_packages_that_are_begun_side_by_side_have_agents_of_different_names(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert " compare my-agent " in new(capsys, "my-model", "--kind", "model")
    assert " compare my-guard-agent " in new(capsys, "my-guard", "--kind", "guard")
    assert " compare my-agent " in new(
        capsys, "my-edge", "--kind", "edge", "--folder", tmp_path / "elsewhere" / "my-edge"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("My_Model", "not in kebab case; did you mean 'my-model'?"),
        ("MyModel", "not in kebab case; did you mean 'my-model'?"),
        ("7up", "not in kebab case; rule: small letters and digits, a letter first"),
        ("", "not in kebab case"),
        ("my--model", "did you mean 'my-model'?"),
        ("elo", "is taken: a component of that name is installed"),
        ("synthetic", "is taken: a source of that name is installed"),
        ("class", "is a word of Python's own; choose another, as my-class."),
        ("none", "is a word of Python's own"),
        ("tests", "is a folder that the package has anyway"),
        ("json", "Python has a module 'json' already"),
        ("scikit-learn", "there is a package 'scikit-learn' already, whose place it would take"),
        ("pandas-stubs", "there is a package 'pandas-stubs' already"),
        ("test-model", "pytest would take its class TestModel for a test; choose another, as my-test-model."),
        ("élan_modèle", "not in kebab case; did you mean 'elan-modele'?"),
        ("pandas", "Python has a module 'pandas' already"),
        (
            "forecast",
            "its class would be called Forecast, as something that it imports; choose another, as my-forecast.",
        ),
    ],
)
def test_a_name_that_will_not_do_is_refused_in_one_line(name, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert told in refusal(capsys, name, "--kind", "model")
    assert not list(tmp_path.iterdir())


def test_a_misspelt_kind_is_refused_with_the_nearest(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "Kind 'modle' is none of a component; did you mean 'model'?" in refusal(capsys, "mine", "--kind", "modle")


def test_nothing_is_overwritten(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    new(capsys, "mine", "--kind", "model")
    component = tmp_path / "mine" / "mine" / "model.py"
    component.write_text("of my own")
    assert "Folder 'mine' is there already, and nothing is overwritten" in refusal(capsys, "mine", "--kind", "edge")
    assert component.read_text() == "of my own"


def test_an_empty_folder_is_used_and_a_file_is_not(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert f"cd {tmp_path / 'empty'}\n" in new(capsys, "mine", "--kind", "model", "--folder", tmp_path / "empty")
    (tmp_path / "file").write_text("")
    assert "is there already" in refusal(capsys, "mine", "--kind", "model", "--folder", tmp_path / "file")
    assert "cannot be written: Not a directory" in refusal(
        capsys, "mine", "--kind", "model", "--folder", tmp_path / "file" / "inside"
    )


def test_its_help_names_every_kind(capsys):
    with pytest.raises(SystemExit):
        main(["new", "component", "--help"])
    told = " ".join(re.findall(r"[a-z]+", capsys.readouterr().out))
    for kind in KINDS:
        assert f" {kind} " in told
