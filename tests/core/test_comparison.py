"""A comparison: every agent plays every schedule, as if alone, and what is measured of it adds up."""

import threading
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from doubles import Coin, Everything, Faulty, Fixed, Level, Mean, Positive, gambler, small_season
from matchday import Agent, AgentOfAgents, Component, MatchdayError, Rules, hookimpl, play, summarise
from matchday.comparison import Schedule, compare, compare_schedules, from_runs
from matchday.comparison.measures import LastYardstick
from matchday.comparison.sharing import share_models
from matchday.encoding import encode
from matchday.errors import StoreError
from matchday.source import make_source
from matchday.store import Store


def backer(name="backer", home=0.5, share=0.02):
    return Agent(name, [Fixed(home=home), Positive(), Level(share=share)])


def everybody():
    return [gambler(), backer(), backer("keen", home=0.6, share=0.1)]


def frames(comparison):
    return [comparison.plays.drop(columns="run_id"), comparison.matchdays, comparison.calibration, comparison.breakdown]


def same(one, other):
    for left, right in zip(frames(one), frames(other), strict=True):
        pd.testing.assert_frame_equal(left, right, check_exact=True)


def test_each_play_is_the_one_that_the_agent_plays_alone(tmp_path):
    season = small_season()
    comparison = compare(everybody(), [season], seeds=[3], store=tmp_path / "runs.db")
    store = Store(tmp_path / "runs.db")
    for agent in everybody():
        run_id = comparison.plays.set_index("agent").loc[agent.name, "run_id"]
        assert store.events(run_id) == [encode(event) for event in play(agent, season, seed=3)]


def test_plays_come_in_the_order_of_the_seasons_and_the_agents():
    seasons = [small_season(seed=1), small_season(seed=2)]
    comparison = compare(everybody(), seasons, seeds=2)
    assert list(comparison.plays["agent"]) == ["gambler", "backer", "keen"] * 4
    assert list(comparison.plays["seed"]) == [0, 0, 0, 1, 1, 1] * 2
    assert comparison.plays["schedule"].nunique() == 2


def test_what_is_measured_adds_up_to_the_summary():
    season = small_season()
    comparison = compare(everybody(), [season])
    for agent in everybody():
        summary = summarise(play(agent, season), season)
        days = comparison.matchdays[comparison.matchdays["agent"] == agent.name]
        assert days["log_growth"].sum() == pytest.approx(summary.log_growth, abs=1e-12)
        assert days["staked"].sum() == pytest.approx(summary.staked)
        assert days["profit"].sum() == pytest.approx(summary.bankroll_end - summary.bankroll_start)
        assert (days["bets"].sum(), days["forced"].sum()) == (summary.bets, summary.forced_bets)
        assert days["model_loss"].sum() / days["scored"].sum() == pytest.approx(summary.model_log_loss)
        assert days["market_loss"].sum() / days["scored"].sum() == pytest.approx(summary.market_log_loss)


def test_each_kind_of_breakdown_holds_all_chosen_bets_once():
    comparison = compare(everybody(), [small_season()])
    totals = comparison.breakdown.groupby(["agent", "dimension"])[["bets", "staked", "profit"]].sum()
    for agent in comparison.agents:
        of_agent = totals.loc[agent]
        forced = comparison.plays.set_index("agent").loc[agent, "forced_bets"]
        assert (of_agent["bets"].drop("kind") == of_agent["bets"]["kind"] - forced).all()
        assert of_agent["staked"].drop("kind").round(6).nunique() == 1


def test_measures_are_what_a_person_would_work_out():
    season = small_season(matchdays=2, per_day=1)
    season.quotes.loc[:, :] = [2.0, 4.0, 4.0, 1.9, 1.9] * 2
    season.matches[["home_goals", "away_goals"]] = [2, 1]
    comparison = compare([backer(home=0.62, share=0.1)], [season], rules=Rules(without_bet="off"))
    first = comparison.matchdays.iloc[0]
    assert (first["staked"], first["profit"], first["bets"], first["hits"], first["forced"]) == (10.0, 10.0, 1, 1, 0)
    assert first["claimed"] == pytest.approx(10.0 * 0.24)
    assert first["clv"] == pytest.approx(2.0 * 0.5 - 1.0)
    assert (first["model_loss"], first["market_loss"]) == pytest.approx((-np.log(0.62), -np.log(0.5)))
    assert (first["bets_model_loss"], first["bets_market_loss"]) == pytest.approx((-np.log(0.62), -np.log(0.5)))
    assert np.isnan(first["true_growth"])
    home = comparison.calibration[comparison.calibration["group"] == "home"]
    assert home[["bin", "matches", "forecast", "market", "won"]].to_numpy().tolist() == [[12, 2, 1.24, 1.0, 2.0]]
    edges = comparison.breakdown[comparison.breakdown["dimension"] == "edge"]
    assert list(edges["group"]) == ["20 % and more"]


def test_a_model_that_several_agents_list_forecasts_once_for_all():
    Counted.made = 0
    agents = [Agent(f"a{share}", [Counted(), Positive(), Level(share=share)]) for share in (0.01, 0.02, 0.03)]
    compare(agents, [small_season(matchdays=6)])
    assert Counted.made == 6


def test_agents_are_grouped_by_the_models_they_share():
    fixed, coin = [backer(), backer("second", share=0.3)], gambler()
    both = Agent("both", [Fixed(home=0.5), Coin(), Mean(), Positive(), Level()])
    assert share_models([fixed[0], coin, fixed[1]]) == [[fixed[0], fixed[1]], [coin]]
    assert share_models([fixed[0], coin, both]) == [[fixed[0], coin, both]]


def test_an_agent_of_agents_is_grouped_with_those_whose_models_it_asks():
    nest = Agent("nest", [Nest(agents=[backer()])])
    assert [[each.name for each in group] for group in share_models([gambler(), backer(), nest])] == [
        ["gambler"],
        ["backer", "nest"],
    ]


def test_a_component_that_fails_is_the_failure_of_its_own_play(tmp_path):
    faulty = Agent("faulty", [Faulty(matchday=3), Everything(), Level(share=0.01)])
    comparison = compare([faulty, backer()], [small_season()], store=tmp_path / "runs.db")
    plays = comparison.plays.set_index("agent")
    assert list(plays["status"]) == ["failed", "completed"]
    assert "ZeroDivisionError: a fault of two lines" in plays.loc["faulty", "message"]
    assert set(comparison.matchdays["agent"]) == {"backer"}
    assert [run.status for run in Store(tmp_path / "runs.db").runs()] == ["failed", "completed"]


def test_a_component_that_fails_before_the_first_matchday_leaves_no_run(tmp_path):
    comparison = compare(
        [Agent("shy", [Shy(), Everything(), Level()]), backer()], [small_season()], store=tmp_path / "r.db"
    )
    assert list(comparison.plays["status"]) == ["failed", "completed"]
    assert len(Store(tmp_path / "r.db").runs()) == 1


class Quits(Fixed):
    """Ends the process, or tries to."""

    @hookimpl
    def matchday_opened(self, day):
        raise SystemExit(3)


class Mumbles(Fixed):
    """Says what no file can hold."""

    @hookimpl(wrapper=True)
    def size_stakes(self):
        slip = yield
        return slip.noted("\ud800")


@pytest.mark.parametrize("component", [Quits(), Mumbles()], ids=lambda each: each.name)
def test_a_component_that_ends_the_process_or_says_what_cannot_be_written_is_its_own_failure(component):
    comparison = compare([Agent("odd", [component, Positive(), Level()]), backer()], [small_season()])
    assert list(comparison.plays["status"]) == ["failed", "completed"]
    assert comparison.plays.loc[0, "message"]


def test_an_agent_that_cannot_go_to_another_process_is_refused_by_name_before_anything_is_played():
    locked = backer("locked")
    locked.components["fixed"].__pydantic_private__["_lock"] = threading.Lock()
    with pytest.raises(MatchdayError, match="Agent 'locked' cannot be sent to another process"):
        compare([locked], [small_season()], jobs=2)


def test_a_component_whose_code_has_changed_plays_anew(tmp_path, monkeypatch):
    told = []
    compare([backer()], [small_season()], store=tmp_path / "runs.db")
    monkeypatch.setattr("matchday.spec.code_digest", lambda _agent: "changed")
    compare([backer()], [small_season()], store=tmp_path / "runs.db", follow=told.append)
    assert [play.reused for play in told] == [False]


def test_the_same_matches_under_two_sets_of_rules_are_refused():
    season = small_season()
    schedules = [Schedule(season, Rules()), Schedule(season, Rules(bankroll=220))]
    with pytest.raises(MatchdayError, match="asked for under two sets of rules, which is the same luck twice"):
        compare_schedules([backer()], schedules)


def test_a_run_that_cannot_be_read_does_no_harm(tmp_path):
    where = tmp_path / "runs.db"
    compare([backer()], [small_season()], store=where)
    with Store(where)._transaction(write=True) as connection:
        connection.exec_driver_sql("UPDATE runs SET spec = '{}'")
    assert compare([backer()], [small_season()], store=where).tried == 1


def test_seeds_may_come_from_anywhere():
    comparison = compare([backer()], [small_season(seed=1), small_season(seed=2)], seeds=(seed for seed in (4, 7)))
    assert list(comparison.plays["seed"]) == [4, 7, 4, 7]


def test_an_agents_figures_do_not_depend_on_who_else_is_compared():
    reckless, seasons = backer("reckless", home=0.9, share=1.0), [small_season(per_day=1)]
    alone = compare([reckless], seasons).leaderboard.loc["reckless"]
    beside = compare([reckless, backer()], seasons).leaderboard.loc["reckless"]
    assert alone["ruined"] == 1
    pd.testing.assert_series_equal(alone.drop("deflated_sharpe"), beside.drop("deflated_sharpe"))


def test_plays_on_record_are_not_played_again(tmp_path):
    seasons, told = [small_season(seed=1), small_season(seed=2)], []
    first = compare(everybody(), seasons, store=tmp_path / "runs.db")
    second = compare(everybody(), seasons, store=tmp_path / "runs.db", follow=told.append)
    same(first, second)
    assert all(play.reused for play in told)
    assert list(first.plays["run_id"]) == list(second.plays["run_id"])
    assert len(Store(tmp_path / "runs.db").runs()) == 6


def test_what_bets_were_worth_is_worked_out_once(tmp_path, monkeypatch):
    league, where = make_source("synthetic", {"clubs": 4, "history": 1}), tmp_path / "runs.db"
    first = compare([backer()], ["2003-04"], source=league, store=where)
    assert (first.matchdays["oracle_growth"] >= first.matchdays["true_growth"] - 1e-12).all()
    monkeypatch.setattr("matchday.comparison.measures.oracle_growth", lambda *_: pytest.fail("asked again"))
    monkeypatch.setattr("matchday.comparison.working._yardsticks", LastYardstick())
    same(first, compare([backer()], ["2003-04"], source=league, store=where))


def test_a_comparison_cut_off_goes_on_where_it_was(tmp_path):
    def interrupt(play):
        if play.agent == "backer":
            raise KeyboardInterrupt

    seasons, told = [small_season(seed=1), small_season(seed=2)], []
    with pytest.raises(KeyboardInterrupt):
        compare(everybody(), seasons, store=tmp_path / "runs.db", follow=interrupt)
    assert len(Store(tmp_path / "runs.db").runs()) == 2
    went_on = compare(everybody(), seasons, store=tmp_path / "runs.db", follow=told.append)
    assert sum(play.reused for play in told) == 2
    same(went_on, compare(everybody(), seasons))


def test_a_changed_agent_plays_anew(tmp_path):
    told = []
    compare([backer()], [small_season()], store=tmp_path / "runs.db")
    compare([backer(share=0.03)], [small_season()], store=tmp_path / "runs.db", follow=told.append)
    assert [play.reused for play in told] == [False]


def test_different_agents_on_record_for_the_schedules_count_as_tried(tmp_path):
    where = tmp_path / "runs.db"
    compare([backer(), backer("keen", share=0.1)], [small_season()], store=where)
    compare([backer()], [small_season(seed=5)], store=where)
    assert compare([backer("again", share=0.2)], [small_season()], store=where).tried == 3
    assert compare([backer("renamed")], [small_season(seed=5)], store=where).tried == 1


def test_all_bets_are_read_from_the_store():
    comparison = compare(everybody(), [small_season()], seeds=2)
    bets = comparison.bets()
    assert len(bets) == comparison.plays["bets"].sum()
    assert bets["stake"].sum() == pytest.approx(comparison.plays["staked"].sum())
    assert bets["profit"].sum() == pytest.approx(
        (comparison.plays["bankroll_end"] - comparison.plays["bankroll_start"]).sum()
    )
    assert {"agent", "season", "seed", "date", "match_id", "selection", "odds", "reason", "forced"} <= set(bets.columns)


def test_a_ruined_play_ends_where_it_is_ruined():
    comparison = compare([backer("reckless", home=0.9, share=1.0)], [small_season(per_day=1)])
    assert list(comparison.plays["status"]) == ["ruined"]
    assert len(comparison.matchdays) == comparison.plays.loc[0, "matchdays"] < 8


@pytest.mark.parametrize(
    ("agents", "more", "message"),
    [
        ([], {}, "There is no agent to compare"),
        ([backer()], {"seasons": []}, "There is no season to compare"),
        ([backer(), backer()], {}, "Two agents are called 'backer'; give one of them another name"),
        (
            [backer()],
            {"baseline": "bakcer"},
            "Baseline 'bakcer' is not among the agents compared; did you mean 'backer'",
        ),
        (["dixon-cole"], {}, "Agent 'dixon-cole' is neither bundled nor a file; did you mean 'dixon-coles'"),
        ([backer()], {"seeds": [-1]}, "Season 2001-02: seeds from -1 to -1; rule: 0 to"),
        ([backer()], {"seeds": [1, 1]}, "Season 2001-02 is asked for twice; name it once"),
        ([backer()], {"jobs": 0}, "Comparison with 0 jobs; rule: at least 1"),
        ([backer()], {"seasons": ["2031-32"]}, "Season '2031-32' is not at the source"),
        ([backer()], {"seasons": ["2023-24"], "store": "nowhere/runs.db"}, "there is no folder 'nowhere'"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_played(agents, more, message):
    told = []
    with pytest.raises(MatchdayError, match=message):
        compare(agents, **{"seasons": [small_season()], **more}, follow=told.append)
    assert told == []


def test_a_season_that_cannot_be_played_ends_the_comparison_with_its_own_words(tmp_path):
    broken = Schedule(small_season(seed=2), Rules(prices="closing-time"))
    with pytest.raises(MatchdayError, match="Price policy 'closing-time' is unknown"):
        compare_schedules([backer()], [Schedule(small_season(), Rules()), broken], store=tmp_path / "runs.db")
    assert len(Store(tmp_path / "runs.db").runs()) == 1


def test_runs_on_record_make_the_same_comparison(tmp_path):
    where = tmp_path / "runs.db"
    league = make_source("synthetic", {"clubs": 4, "history": 1})
    played = compare([backer(), gambler()], ["2003-04"], seeds=2, source=league, store=where)
    store = Store(where)
    again = from_runs(store, [run.id for run in store.runs()])
    same(played, again)


def test_runs_of_a_store_made_before_the_truth_was_kept_make_the_same_comparison(tmp_path):
    league = make_source("synthetic", {"clubs": 4, "history": 1})
    played = compare([backer()], ["2003-04"], source=league, store=tmp_path / "runs.db")
    store = Store(tmp_path / "runs.db")
    with store._transaction(write=True) as connection:
        connection.exec_driver_sql("DROP TABLE expected")
    same(played, from_runs(store, [run.id for run in store.runs()]))


def test_runs_that_cannot_be_compared_are_refused(tmp_path):
    store = Store(tmp_path / "runs.db")
    comparison = compare([backer()], [small_season()], store=tmp_path / "runs.db")
    run_id = comparison.plays.loc[0, "run_id"]
    with pytest.raises(StoreError, match="was played on a season made in Python"):
        from_runs(store, [run_id])
    with pytest.raises(StoreError, match="is not in store"):
        from_runs(store, ["zz"])
    with pytest.raises(StoreError, match="There is no run to compare"):
        from_runs(store, [])


class Counted(Fixed):
    """A model that counts its forecasts, all instances together."""

    made: ClassVar[int] = 0

    @hookimpl
    def forecast(self, day):
        type(self).made += 1
        return super().forecast(day)


class Nest(AgentOfAgents):
    """Asks somebody else."""

    @hookimpl
    def decide(self, day, bankroll):
        raise NotImplementedError


class Shy(Component):
    """Fails before anything is played."""

    @hookimpl
    def season_opened(self, season):
        raise RuntimeError("not today")

    @hookimpl
    def forecast(self, day):
        raise AssertionError
