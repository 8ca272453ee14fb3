"""The page of results: tables that say what was seen before, and a command that refuses what would flatter."""

import importlib
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from doubles import Coin, Everything, Level, gambler, small_season
from matchday import Agent, MatchdayError, compare
from matchday.scenario import Scenario
from matchday.tuned import Tuned
from simulated_plays import frames, growth

ROOT = Path(__file__).parents[1]
SEASON = small_season()


@pytest.fixture
def example(monkeypatch):
    """Import an example by name."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    return importlib.import_module


@pytest.fixture
def tables(example):
    return example("results_tables")


def tuned(name="tuned", seasons=(SEASON.name,), share=0.01, source="doubles", **more):
    search = {"objective": "growth", "value": 0.0312, "parameters": ["level.share"], "study": "shares", **more}
    search = Tuned(trials=40, seasons=seasons, source=source, competition=SEASON.competition, **search)
    return Agent(name, [Coin(), Everything(), Level(share=share)], tuned=search)


def committee(*inside):
    return {"name": "whole", "component": [{"use": "x:Y", "name": "nest", "agents": list(inside)}]}


def using(use, name="follower"):
    return {"name": name, "component": [{"use": use, "name": "model"}]}


@pytest.fixture(scope="module")
def two():
    return compare([gambler(), tuned()], [SEASON])


# What was tuned on what


def test_a_search_is_told_with_its_seasons_its_trials_and_what_it_reached(tables):
    header, rows = tables.tuned([tuned(seasons=["2012-13", "2010-11", "2011-12", "2013-14"]).spec()])
    assert dict(zip(header, rows[0], strict=True)) == {
        "agent": "tuned",
        "parameters": "`level.share`",
        "seasons": "2010-11 to 2013-14 (4)",
        "prices": "closing",
        "tried": "40",
        "for": "log growth a season",
        "value": "+0.031",
        "study": "shares",
    }


def test_a_log_loss_is_no_growth(tables):
    _, rows = tables.tuned([tuned(objective="log-loss", value=0.95128).spec()])
    assert rows[0][5:7] == ["log-loss a match", "0.9513"]


def test_an_agent_without_a_search_says_nothing_and_one_of_agents_whose_searches_are_inside(tables):
    header, rows = tables.tuned([gambler().spec(), committee(tuned().spec(), gambler().spec())])
    assert [row[:2] for row in rows] == [["gambler", "nothing"], ["whole", "nothing of its own; inside: tuned"]]
    assert {len(row) for row in rows} == {len(header)}


# Seasons held out


@pytest.mark.parametrize("spec", [tuned().spec(), committee(gambler().spec(), tuned().spec())])
def test_a_season_that_a_search_has_seen_cannot_be_held_out(example, spec):
    source = type("League", (), {"league": SEASON.competition})
    with pytest.raises(MatchdayError) as told:
        example("results").check_held_out([gambler().spec(), spec], [SEASON.name, "2002-03"], source, name="doubles")
    assert str(told.value) == (
        f"Agent {spec['name']!r} was tuned on 2001-02; rule: 2001-02 to 2002-03 are held out; tune it on other seasons."
    )


@pytest.mark.parametrize("elsewhere", [{"seasons": ["1999-00"]}, {"source": "another"}])
def test_a_search_that_saw_none_of_them_is_none_of_their_business(example, elsewhere):
    source = type("League", (), {"league": SEASON.competition})
    example("results").check_held_out([tuned(**elsewhere).spec()], [SEASON.name], source, name="doubles")


# Marks


def test_what_was_tuned_on_a_season_is_marked_there(tables, two):
    assert {row[0] for row in tables.standings(two)[1]} == {"gambler", "tuned†"}
    cells = dict(tables.season_by_season(two)[1])
    assert cells["tuned"].endswith(" †")
    assert not cells["gambler"].endswith("†")


@pytest.mark.parametrize("use", ["matchday_plugins.models.sharp:Sharp", "matchday_plugins.models.consensus:Consensus"])
def test_who_follows_other_bookmakers_is_found_at_any_depth(tables, use):
    assert tables.follows(using(use))
    assert tables.follows(committee(gambler().spec(), committee(using(use))))
    assert not tables.follows(committee(using("matchday_plugins.models.market:Market")))


@pytest.mark.parametrize(
    ("source", "season", "mark"),
    [("football-data", "2018-19", "‡"), ("football-data", "2019-20", ""), ("synthetic", "2018-19", "")],
)
def test_they_are_marked_where_their_prices_are_later_than_the_house_s(tables, source, season, mark):
    follower = using("matchday_plugins.models.sharp:Sharp")
    plays = pd.DataFrame({"source": [source], "season": [season]})
    comparison = type("Played", (), {"plays": plays, "agents": {"follower": follower}, "in_sample": {}})
    assert tables.marks(comparison, "follower") == mark


# Tables


def test_every_row_of_every_table_is_as_long_as_its_header(tables, two):
    made = [
        tables.standings(two),
        tables.standings_in_short(two),
        tables.season_by_season(two),
        tables.by_scenario(two, {SEASON.name: "first"}, ["gambler", "tuned"]),
        tables.differences(two)[:2],
        tables.published(two)[:2],
    ]
    for header, rows in made:
        assert all(len(row) == len(header) for row in rows)


def test_the_differences_say_over_how_many_they_are_corrected(tables, two):
    _, rows, notes = tables.differences(two)
    assert [row[0] for row in rows] == ["tuned"]
    assert notes[0] == "Holm's correction is over the 40 agents that were tried against it."
    assert notes[2] == "- tuned was tuned on 2001-02: what it did there is in-sample, and no evidence."


def test_a_scenario_s_cell_has_the_return_the_chosen_bets_and_the_ruin(tables):
    play = {"season": "2000-01", "agent": "a", "roi": -1.0, "bets": 12, "forced_bets": 2, "status": "ruined"}
    comparison = type("Played", (), {"plays": pd.DataFrame([play]), "in_sample": {"a": ["2000-01"]}})
    _, rows = tables.by_scenario(comparison, {"2000-01": "new-millennium"}, ["a"])
    assert rows == [["a", "−100.0 % (10) ruined †"]]


def test_what_is_not_known_is_a_dash_and_a_small_p_is_never_0(tables):
    assert tables.between(-0.05, float("nan"), float("nan"), "+.1%") == "−5.0 %"
    assert tables.between(-0.05, -0.1, 0.0, "+.1%") == "−5.0 % [−10.0 %, +0.0 %]"
    assert tables.number(float("nan"), "+.1%") == "–"
    assert [tables.probability(p) for p in (0.00001, 0.031, float("nan"))] == ["< 0.001", "0.031", "–"]


# Edges


def test_each_bet_counts_as_one_unit_whatever_was_staked(example):
    edges = example("results_edges")
    placed = pd.DataFrame(
        {
            "agent": "a",
            "schedule": "s",
            "matchday": range(1, 5),
            "edge": [0.01, 0.3, 0.3, None],
            "odds": [2.0, 3.0, 3.0, 2.0],
            "stake": [50.0, 0.01, 1.0, 1.0],
            "payout": [0.0, 0.03, 0.0, 2.0],
            "forced": [False, False, False, True],
        }
    )
    bets = edges.opinionated_bets(type("Played", (), {"bets": lambda: placed}))
    header, rows = edges.edges(bets, "band", ["0 to 2 %", "2 to 5 %", "20 % and more"])
    assert header == ("band", "bets", "claimed", "realised [95 %]")
    assert rows == [
        ["0 to 2 %", "1", "+1.0 %", "−100.0 %"],
        ["20 % and more", "2", "+30.0 %", "+50.0 %"],
        ["all", "3", "+20.3 %", "+0.0 %"],
    ]


# Learning


def paired(example, **growths):
    learning = example("results_learning")
    played = type("Played", (), dict(zip(("plays", "matchdays", "calibration"), frames(growths), strict=True)))
    seasons = played.plays["season"].unique()
    names = [name for name in growths if not name.endswith("(frozen)")]
    return learning.worth(learning.Frames.of(played), names, seasons)


def test_an_agent_that_learns_is_paired_with_its_frozen_self(example):
    sharp = growth((5, 1, 40), seed=1, mean=0.01)
    header, rows = paired(example, sharp=sharp, **{"sharp (frozen)": sharp - 0.02})
    row = dict(zip(header, rows[0], strict=True))
    assert row["frozen − learning [95 %]"].startswith("−0.800 [")
    assert row["p, Holm"] == "< 0.001"


def test_an_agent_of_which_nothing_learns_says_so_and_is_no_test(example):
    same, other = growth((3, 1, 30), seed=1), growth((3, 1, 30), seed=2)
    played = {"still": same, "still (frozen)": same, "moves": same, "moves (frozen)": other}
    header, rows = paired(example, **played)
    still, moves = (dict(zip(header, row, strict=True)) for row in rows)
    assert still["frozen − learning [95 %]"] == "0: nothing in it learns"
    assert still["p"] == still["p, Holm"] == "–"
    assert moves["p"] == moves["p, Holm"] != "–"


def test_the_frozen_agent_is_called_after_the_one_it_holds(example):
    agent = example("results_learning").frozen("market-follower")
    assert agent.name == "market-follower (frozen)"
    assert list(agent.components["frozen"].members) == ["market-follower"]


# The page


def test_what_stands_outside_the_markers_survives(tables):
    section = tables.Section("one", "One", ("a", "b"), [["1", "2"]], ["told."])
    text = "before\n\n<!-- one: begin -->\n\nold\n\n<!-- one: end -->\n\nafter\n"
    once = tables.fill(text, [section])
    assert once == (
        "before\n\n<!-- one: begin -->\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\ntold.\n\n<!-- one: end -->\n\nafter\n"
    )
    assert tables.fill(once, [section]) == once


def test_the_page_has_a_place_for_every_table(tables, example):
    tables.check_page(ROOT / "docs" / "results.md", example("results").NAMES)


class Small:
    """Plays one small season as those held out, another of the same name as the older ones, and the first again."""

    def __init__(self):
        self.seasons = (SEASON, small_season(seed=1))
        self._next = iter((*self.seasons, SEASON))

    def compare(self, agents, seasons, **rules):
        return compare([gambler()], [next(self._next)])

    def frozen(self, agents, seasons):
        return compare([Agent("gambler (frozen)", list(gambler().components.values()))], self.seasons)

    def scenarios(self, agents, scenarios):
        return compare([gambler()], [SEASON])


def test_every_table_has_a_place_on_the_page(tables, example):
    results = example("results")
    scenario = Scenario("Small", season=SEASON.name, bankroll=100.0, split="train", source="doubles")
    plan = results.Plan(["gambler"], [SEASON.name], [SEASON.name], [scenario], ["gambler"])
    made = list(results.sections(plan, Small()))
    assert [section.name for section in made] == results.NAMES
    page = tables.fill((ROOT / "docs" / "results.md").read_text(encoding="utf-8"), made)
    assert "| gambler |" in page
    assert f"doubles T, seasons by fingerprint: {SEASON.name} " in page


def refused(*words):
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "results.py"), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    return done.stderr.strip()


def test_a_page_without_markers_is_refused_before_anything_is_played(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Results\n")
    told = refused("--data", str(tmp_path), "--markdown", str(page))
    assert told == (
        f"{page}: no lines <!-- tuned: begin --> and <!-- tuned: end -->; write them where the table shall stand."
    )


def test_a_page_of_the_synthetic_league_is_refused(tmp_path):
    told = refused("--markdown", str(tmp_path / "page.md"))
    assert told == f"--markdown {tmp_path / 'page.md'} is a page of real seasons; rule: with --data FOLDER."
