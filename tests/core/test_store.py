import importlib
import sqlite3
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

from doubles import Faulty, Level, Positive, Times, gambler, small_season
from matchday import Agent, Rules, play, summarise
from matchday.encoding import encode
from matchday.errors import ComponentError, StoreError
from matchday.events import MatchdaySettled
from matchday.spec import RunSpec
from matchday.store import Store, record, resume

SEASON = small_season()


def spec_of(agent, season=SEASON, seed=0):
    return RunSpec.of(agent, season, Rules(), seed=seed)


def play_into(store, agent, *, season=SEASON, stop_after=None, seed=0):
    """Play and record; stop as a kill would once so many matchdays are settled. Answers the run's id."""
    run_id = None
    for run_id, event in record(store, spec_of(agent, season, seed), agent, season):  # noqa: B007
        if isinstance(event, MatchdaySettled) and event.matchday == stop_after:
            break
    return run_id


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.db")


def test_a_run_on_record_is_the_run_that_was_played(store):
    run_id = play_into(store, gambler())
    assert store.events(run_id) == [encode(event) for event in play(gambler(), SEASON)]
    run = store.run(run_id)
    assert run.status == "completed"
    assert run.summary == summarise(play(gambler(), SEASON), SEASON)


def test_the_tables_add_up_to_the_run(store):
    run_id = play_into(store, gambler())
    bets, matchdays = store.frame("bets", run_id), store.frame("matchdays", run_id)
    by_day = bets.groupby("matchday")[["stake", "payout"]].sum()
    assert matchdays["staked"].tolist() == by_day["stake"].tolist()
    assert (matchdays["bankroll_before"] - matchdays["staked"] + matchdays["paid"]).equals(matchdays["bankroll_after"])
    forecasts = store.frame("forecasts", run_id)
    assert set(forecasts["selection"]) == {"home", "draw", "away"}
    assert len(forecasts) == 8 * 3 * 3
    assert forecasts.groupby(["matchday", "match_id"])["probability"].sum().tolist() == pytest.approx([1.0] * 24)


@pytest.mark.parametrize("killed", range(1, 8))
def test_a_run_cut_off_after_any_matchday_resumes_to_the_same_end(store, killed):
    whole = store.events(play_into(store, gambler(Times()), seed=5))
    run = store.run(play_into(store, gambler(Times()), stop_after=killed, seed=5))
    assert run.status == "running"
    assert run.summary.matchdays == killed
    for _ in resume(store, run, gambler(Times()), SEASON):
        pass
    assert store.events(run.id) == whole
    assert store.run(run.id).status == "completed"
    assert (
        store.frame("bets", run.id)
        .drop(columns="run_id")
        .equals(store.frame("bets", store.runs()[0].id).drop(columns="run_id"))
    )


def test_a_run_that_is_over_is_not_resumed(store):
    run = store.run(play_into(store, gambler()))
    with pytest.raises(StoreError, match="is completed; there is nothing to resume"):
        next(resume(store, run, gambler(), SEASON))


def test_a_replay_that_differs_from_the_record_stops_with_an_error(store):
    run = store.run(play_into(store, gambler(share=0.02), stop_after=3))
    with pytest.raises(StoreError, match="the replay differs from the record"):
        list(resume(store, run, gambler(share=0.03), SEASON))
    assert store.settled(run.id) == 3


def test_a_resume_on_other_data_stops_with_an_error(store):
    run = store.run(play_into(store, gambler(), stop_after=3))
    with pytest.raises(StoreError, match="the data of 2001-02 have changed"):
        next(resume(store, run, gambler(), small_season(seed=1)))


def test_a_failed_run_keeps_what_was_settled_and_goes_on_once_the_cause_is_gone(store, monkeypatch):
    agent = Agent("faulty", [Faulty(matchday=4), Positive(), Level()])
    with pytest.raises(ComponentError):
        play_into(store, agent)
    (run,) = store.runs()
    assert (run.status, run.summary.matchdays) == ("failed", 3)
    monkeypatch.setattr(Faulty, "broken", False)
    for _ in resume(store, run, agent, SEASON):
        pass
    assert store.run(run.id).status == "completed"


def test_a_run_whose_agent_sat_out_a_matchday_is_completed(store):
    agent = Agent("faulty", [Faulty(matchday=4), Positive(), Level()])
    rules = Rules(on_failure="sit-out")
    played = list(record(store, RunSpec.of(agent, SEASON, rules, seed=0), agent, SEASON))
    (run,) = store.runs()
    assert (run.status, run.summary.matchdays) == ("completed", 8)
    assert store.events(run.id) == [encode(event) for _, event in played]


FAILS = """
from matchday import Component, hookimpl

class Fails(Component):
    @hookimpl
    def forecast(self, day):
        raise ZeroDivisionError
"""


def test_a_failure_that_was_sat_out_may_have_moved_to_another_line_when_the_run_goes_on(store, tmp_path, monkeypatch):
    def failing(lines_above):
        monkeypatch.delitem(sys.modules, "fails", raising=False)
        (tmp_path / "fails.py").write_text("\n" * lines_above + FAILS, encoding="utf-8")
        importlib.invalidate_caches()
        return Agent("faulty", [importlib.import_module("fails").Fails(), Positive(), Level()])

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    agent = failing(0)
    spec = RunSpec.of(agent, SEASON, Rules(on_failure="sit-out"), seed=0)
    for _, event in record(store, spec, agent, SEASON):
        if isinstance(event, MatchdaySettled) and event.matchday == 4:
            break
    (run,) = store.runs()
    assert any('"place":"fails.py, line 7"' in line for line in store.events(run.id))
    for _ in resume(store, run, failing(7), SEASON):
        pass
    assert store.run(run.id).status == "completed"
    assert any('"place":"fails.py, line 14"' in line for line in store.events(run.id))


def test_a_resume_that_is_refused_leaves_the_record_as_it_was(store):
    agent = Agent("faulty", [Faulty(matchday=4), Positive(), Level(share=0.02)])
    with pytest.raises(ComponentError):
        play_into(store, agent)
    (run,) = store.runs()
    before = store.events(run.id)
    other = Agent("faulty", [Faulty(matchday=4), Positive(), Level(share=0.03)])
    with pytest.raises(StoreError, match="matchday 0, SeasonOpened: .*0.03.* for .*0.02"):
        list(resume(store, run, other, SEASON))
    assert store.events(run.id) == before


def test_a_run_that_somebody_else_goes_on_with_is_not_written_twice(store):
    run_id, first = None, record(store, spec_of(gambler()), gambler(), SEASON)
    for run_id, event in first:  # noqa: B007
        if isinstance(event, MatchdaySettled) and event.matchday == 3:
            break
    for _ in resume(store, store.run(run_id), gambler(), SEASON):
        pass
    whole = store.events(run_id)
    with pytest.raises(StoreError, match="is being played by another process"):
        list(first)
    assert store.events(run_id) == whole
    assert store.run(run_id).status == "completed"


def test_a_store_whose_making_was_cut_off_is_made_by_the_next_run(store, monkeypatch):
    from matchday.store import database

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database, "_write", cut_off)
        with pytest.raises(KeyboardInterrupt):
            play_into(store, gambler())
    again = Store(store.location)
    assert again.events(play_into(again, gambler()))


def test_several_processes_may_begin_one_store_at_once(tmp_path):
    with ProcessPoolExecutor(4) as workers:
        list(workers.map(_play_once, [tmp_path / "shared.db"] * 6))
    assert [run.status for run in Store(tmp_path / "shared.db").runs()] == ["completed"] * 6


def _play_once(location):
    play_into(Store(location), gambler())


def test_runs_that_give_the_same_events_have_the_same_key(store):
    assert spec_of(gambler()).key == spec_of(gambler()).key
    others = [
        spec_of(gambler(share=0.03)),
        spec_of(gambler(), seed=1),
        spec_of(gambler(), small_season(seed=1)),
    ]
    assert len({spec_of(gambler()).key, *(spec.key for spec in others)}) == 4


def test_a_run_is_found_by_its_first_digits(store):
    run_id = play_into(store, gambler())
    assert store.run(run_id[:5]).id == run_id
    with pytest.raises(StoreError, match="is not in store"):
        store.run("zzzz")


def test_a_run_that_fails_before_a_matchday_is_settled_leaves_nothing_behind(store):
    agent = Agent("faulty", [Faulty(matchday=1), Positive(), Level()])
    with pytest.raises(ComponentError):
        play_into(store, agent)
    assert not store.exists()


def test_a_store_that_is_not_there_is_not_made_by_reading_it(tmp_path):
    with pytest.raises(StoreError, match="does not exist; play a season first"):
        Store(tmp_path / "none.db").runs()
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello " * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        Store(tmp_path / "notes.txt")
    sqlite3.connect(tmp_path / "other.db").execute("create table t (x)").connection.close()
    with pytest.raises(StoreError, match="is not a matchday store"):
        Store(tmp_path / "other.db")


def test_a_store_in_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(StoreError, match="there is no folder"):
        Store(tmp_path / "none" / "runs.db")


def test_a_store_of_another_format_is_refused(store):
    play_into(store, gambler(), stop_after=1)
    with sqlite3.connect(store.location) as connection:
        connection.execute("update schema set version = 99")
    connection.close()
    with pytest.raises(StoreError, match="has format 99"):
        Store(store.location)


@pytest.mark.parametrize("url", ["nonsense://x", "sqlite://///:::"])
def test_a_url_that_leads_nowhere_is_refused(url):
    with pytest.raises(StoreError):
        Store(url).runs()


def test_a_url_of_sqlalchemy_is_a_store_too(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'by-url.db'}")
    assert len(store.events(play_into(store, gambler()))) > 10


def test_reading_does_not_wait_for_somebody_who_writes(store):
    run_id = play_into(store, gambler())
    writer = sqlite3.connect(store.location, isolation_level=None)
    writer.execute("begin immediate")
    try:
        reader = Store(store.location)
        assert [run.id for run in reader.runs()] == [run_id]
    finally:
        writer.rollback()
        writer.close()


def test_sqlite_stores_are_in_wal_mode(store):
    play_into(store, gambler(), stop_after=1)
    connection = sqlite3.connect(store.location)
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    connection.close()
