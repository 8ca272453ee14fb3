"""All hybrids: nested, pickled, lent, cut off and resumed, on real seasons, and as their page shows them."""

import pickle
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from matchday import (
    Catalogue,
    ForecastCache,
    Rules,
    play,
    summarise,
)
from matchday.agentfile import build_agent, parse_agent
from matchday.encoding import encode
from matchday.events import (
    MatchdaySettled,
    SlipRefused,
)
from matchday.spec import RunSpec
from matchday.store import Store, record, resume
from members import SEASON, of

PAGE = (Path(__file__).parents[2] / "docs" / "hybrids.md").read_text(encoding="utf-8")


def table(name, *uses):
    return {"name": name, "component": [{"use": f"doubles:{use}"} for use in (*uses, "Positive", "Level")]}


def deep():
    """A committee of a switcher and a second opinion, of agents that can be imported by name."""
    switcher = {
        "name": "switches",
        "component": [
            {"use": "switcher", "drawdown": 0.02, "back_after": 2, "agents": [table("a", "Coin"), table("b", "Fixed")]}
        ],
    }
    opinion = {
        "name": "asks",
        "component": [{"use": "second-opinion", "agents": [table("c", "Coin"), table("d", "Fixed")]}],
    }
    nested = {"name": "inner", "component": [{"use": "committee", "agents": [table("e", "Coin"), table("f", "Fixed")]}]}
    whole = {"use": "committee", "learning_rate": 2.0, "divide_every": 2, "agents": [switcher, opinion, nested]}
    return build_agent(parse_agent({"name": "deep", "component": [whole]}, where="test"))


def lines(agent, season=SEASON, rules=None, seed=0):
    return [encode(event) for event in play(agent, season, rules, seed=seed)]


def test_hybrids_two_deep_play_the_same_again_pickled_or_lent_and_keep_the_money_together():
    honest = lines(deep())
    assert lines(deep()) == honest
    agent = deep()
    assert lines(agent) == lines(agent) == honest
    assert lines(pickle.loads(pickle.dumps(agent))) == honest
    cache = ForecastCache()
    assert lines(cache.lend(deep(), SEASON)) == honest == lines(cache.lend(deep(), SEASON))
    committee = agent.components["committee"]
    inner = committee.members["inner"].components["committee"]
    assert sum(inner.purses.values()) == committee.purses["inner"]
    text = "\n".join(honest)
    assert '"source":"inner"' in text and "inner/committee" in text and "switches/switcher" in text


@pytest.mark.parametrize("killed", [1, 4, 7])
def test_a_run_of_hybrids_that_was_cut_off_resumes_to_the_same_end(killed, tmp_path):
    store = Store(tmp_path / "runs.db")
    spec = RunSpec.of(deep(), SEASON, Rules(), seed=1)
    for run_id, event in record(store, spec, deep(), SEASON):  # noqa: B007
        if isinstance(event, MatchdaySettled) and event.matchday == killed:
            break
    run = store.run(run_id)
    again = build_agent(parse_agent(run.spec.agent, where="the record"))
    for _ in resume(store, run, again, SEASON):
        pass
    assert store.events(run_id) == lines(deep(), seed=1)


HYBRIDS = [
    ("committee", {}),
    ("switcher", {"drawdown": 0.1, "back_after": 5}),
    ("second-opinion", {"abstains": "keep"}),
]


@cache
def real(folder):
    return Catalogue().load("source", "football-data")(data=folder, history=1).season("2022-23")


@cache
def synthetic():
    source = Catalogue().load("source", "synthetic")(seed=0, history=1)
    return source.season(source.default_season())


@pytest.mark.parametrize(("use", "parameters"), HYBRIDS)
def test_hybrids_of_bundled_agents_play_a_real_season_and_share_their_models(use, parameters, football_data):
    season = real(football_data)
    entry = {"use": use, "agents": ["market-follower", "favourites-only"], **parameters}
    entry["agents"] = ["favourites-only", "market-follower"] if use != "committee" else entry["agents"]
    agent = build_agent(parse_agent({"name": "hybrid", "component": [entry]}, where="test"))
    events = list(play(agent, season))
    assert events[-1].reason in {"completed", "ruined"} and not of(SlipRefused, events)
    cache = ForecastCache()
    assert [encode(event) for event in events] == lines(cache.lend(agent, season), season)


def examples():
    return {tomllib.loads(text)["name"]: tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S)}


CACHE = ForecastCache()


@pytest.mark.parametrize("name", examples())
def test_the_pages_agents_play_as_the_page_says(name):
    season = synthetic()
    agent = build_agent(parse_agent(examples()[name], where="docs/hybrids.md"))
    summary = summarise(play(CACHE.lend(agent, season), season), season)
    assert summary.bets > summary.forced_bets


def test_every_parameter_of_the_hybrids_is_on_the_page():
    for name in ("committee", "switcher", "second-opinion", "frozen"):
        for parameter in Catalogue().component(name).model_fields:
            assert f"`{parameter}`" in PAGE


def test_a_hybrid_is_shown_with_its_agents_by_name(capsys, tmp_path):
    from matchday.cli.listing import show_agent

    (tmp_path / "mine.toml").write_text(next(text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S)))
    show_agent(str(tmp_path / "mine.toml"))
    shown = " ".join(capsys.readouterr().out.split())
    for words in (
        "three-schools/dixon-coles The textbook",
        "three-schools/market-follower",
        "goals dixon-coles answers",
    ):
        assert words in shown
    assert "matchday_plugins" not in shown and "{" not in shown
