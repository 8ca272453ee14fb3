"""What the documents say is what the program does."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from matchday import Catalogue, Rules
from matchday.assembly import implementations
from matchday.cli import main
from matchday.cli.app import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
STAKING = (ROOT / "docs" / "staking.md").read_text(encoding="utf-8")
FEATURES = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
MODELS = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Rules.model_fields)
def test_every_rule_is_documented_in_its_own_words(name):
    assert f"| `{name}` |" in RULES
    assert Rules.model_fields[name].description in RULES


@pytest.mark.parametrize("source", ["football-data", "synthetic"])
def test_every_price_policy_is_documented_in_its_own_words(source):
    kind = Catalogue().load("source", source)
    policies = __import__(kind.__module__, fromlist=["POLICIES"]).POLICIES
    for name, policy in policies.items():
        assert f"| `{name}` | {policy.meaning} |" in RULES


@pytest.mark.parametrize("name", Catalogue().names("scenario"))
def test_every_scenario_is_documented(name):
    scenario = Catalogue().load("scenario", name)
    assert f"| `{name}` | {scenario.season} | {scenario.bankroll:.0f} | {scenario.split} |" in RULES


@pytest.mark.parametrize("kind", ["component", "agent", "source", "scenario"])
def test_everything_in_the_box_is_in_the_readme(kind):
    box = README[README.index("## What is in the box") :]
    for name in Catalogue().names(kind):
        assert f"`{name}`" in box


def commands_of(text):
    """The words of each command in a page's shell blocks, after ``matchday``."""
    blocks = "".join(re.findall(r"```sh\n(.*?)```", text, re.S)).replace("\\\n", " ")
    parts = [part.strip() for line in blocks.splitlines() for part in line.partition("#")[0].split("&&")]
    return [shlex.split(part)[1:] for part in parts if re.match(r"(\S*/)?matchday ", part)]


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{each.name}" for each in (ROOT / "docs").glob("*.md"))])
def test_the_commands_of_a_page_and_their_options_exist(page):
    used = commands_of((ROOT / page).read_text(encoding="utf-8"))
    assert len(used) >= 5 or page != "README.md"
    for words in used:
        command, rest = typer.main.get_command(app), words
        while isinstance(command, TyperGroup) and rest and not rest[0].startswith("-"):
            command, rest = command.get_command(None, rest[0]), rest[1:]
            assert command is not None, words
        known = {"-h", "--help"} | {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        assert {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)} <= known, words


def test_the_readmes_component_is_the_example():
    example = (ROOT / "examples" / "home_bias.py").read_text(encoding="utf-8")
    shown = re.search(r"```python\n.*?(class HomeBias.*?)```", README, re.S)[1].strip()
    assert shown in example


def test_the_readmes_agent_and_program_work(tmp_path, monkeypatch):
    from matchday.agentfile import build_agent, parse_agent

    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    text = re.search(r"```toml\n(.*?)```", README, re.S)[1]
    agent = build_agent(parse_agent(tomllib.loads(text), where="README"))
    assert next(iter(agent.components)) == "goals"
    program = re.search(r"```python\n(from matchday import Catalogue.*?)```", README, re.S)[1]
    exec(program, {})


def test_the_slate_of_the_staking_page_is_sized_as_it_says(capsys):
    program = re.search(r"```python\n(.*?)```", STAKING, re.S)[1]
    exec(program, {})
    assert capsys.readouterr().out.strip() == re.search(r"# (\[.*\])", program)[1]


def test_the_readmes_slate_is_sized_as_it_shows(capsys):
    block = README[README.index("matchday stake ") :]
    with pytest.raises(SystemExit):
        main(shlex.split(block.splitlines()[0])[1:])
    shown = re.search(r"```text\n(.*?)```", block, re.S)[1]
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == shown.splitlines()


@pytest.mark.parametrize("name", Catalogue().names("component"))
def test_every_staking_guard_and_filter_is_on_the_staking_page(name):
    kind = Catalogue().component(name)
    if kind.__module__.split(".")[1] in {"staking", "guards"} or "wraps find_edges" in str(hooks_of(kind)):
        assert f"`{name}`" in STAKING


def hooks_of(kind):
    return [f"wraps {hook}" for hook, options in implementations(kind).items() if options.get("wrapper")]


def test_the_versions_agree():
    import matchday

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == matchday.__version__


def test_every_feature_is_documented_in_its_own_words():
    from matchday_plugins.features.groups import describe

    for name, row in describe().iterrows():
        assert f"| `{name}` | {row['unit']} | {row['meaning']} |" in FEATURES


@pytest.mark.parametrize("name", Catalogue().names("component"))
def test_every_model_blend_calibrator_and_watch_is_on_the_page_of_models(name):
    folder = Catalogue().component(name).__module__.split(".")[1]
    if folder in {"models", "blends", "calibration", "diagnostics"}:
        assert f"| `{name}` |" in MODELS


def test_the_features_pages_component_plays_a_season():
    from matchday import Agent, play

    made = {}
    exec(re.search(r"```python\n(.*?)```", FEATURES, re.S)[1], made)
    catalogue = Catalogue()
    season = catalogue.load("source", "synthetic")(history=1).season("2023-24")
    agent = Agent("stronger", [made["Stronger"](), catalogue.component("value")(), catalogue.component("flat")()])
    assert [*play(agent, season)][-1].reason in {"completed", "ruined"}


def test_the_page_of_models_shares_forecasts_as_it_says(capsys):
    blocks = re.findall(r"```python\n(.*?)```", MODELS, re.S)
    exec(next(block for block in blocks if "ForecastCache" in block), {})
    assert len(capsys.readouterr().out.splitlines()) == 3
