"""Hosting the season: tasks, many environments at once, and their seasons on record."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import scripted_strategy
from doubles import small_season
from matchday import MatchdayError, Rules, play
from matchday.encoding import encode
from matchday.environment import Host, SeasonEnvironment, Sessions, Task
from matchday.environment.task import scenario_tasks
from matchday.store import Store

TASK = Task(name="tiny", source="synthetic", season="2024-25", seed=3, rules=Rules(bankroll=50))
PARAMETERS = {"synthetic": {"history": 1}}


def host(**options):
    return Host([TASK], parameters=PARAMETERS, **options)


def test_the_scenarios_are_tasks_by_split_with_their_bankrolls():
    tasks = scenario_tasks()
    assert [(task.name, task.season, task.rules.bankroll, task.split) for task in tasks] == [
        ("new-millennium", "2000-01", 100.0, "train"),
        ("post-crash", "2010-11", 150.0, "train"),
        ("covid-season", "2020-21", 200.0, "train"),
        ("recent-season", "2023-24", 220.0, "test"),
    ]


def test_a_task_goes_through_json_and_comes_back_the_same():
    assert Task.model_validate_json(TASK.model_dump_json()) == TASK


def test_tasks_are_looked_up_by_name_and_listed_by_split():
    both = Host([TASK, TASK.model_copy(update={"name": "other", "split": "train"})])
    assert [task.name for task in both.tasks("train")] == ["other"] and len(both.tasks()) == 2
    with pytest.raises(MatchdayError, match=r"there is no task 'tine'; did you mean 'tiny'\?"):
        both.task("tine")
    with pytest.raises(MatchdayError, match="two tasks have one name"):
        Host([TASK, TASK])


def test_environments_of_one_host_share_the_season_and_nothing_else(monkeypatch):
    hosting = host()
    first, second = hosting.open(TASK), hosting.open(TASK)
    first.call("next_matchday")
    assert second.call("view_bankroll").figures["matchday"] == 1 and first.bankroll != second.bankroll
    assert first._episode.season is second._episode.season


def test_another_seed_is_another_league():
    hosting = host()
    other = hosting.open(TASK.model_copy(update={"seed": 4}))
    assert other.call("view_matches").text != hosting.open(TASK).call("view_matches").text


def test_a_season_from_outside_goes_on_record_as_a_play_does():
    store = Store.temporary()
    env = host(store=store).open(TASK, agent="visitor")
    season, days = env._episode.season, 5
    for _ in range(days):
        env.call("place_bets", {"bets": scripted_strategy.bets_of(env.call("view_matches").text, env.bankroll)})
        env.call("next_matchday")
    (run,) = store.runs()
    assert (run.summary.agent, run.status, run.summary.matchdays) == ("visitor", "running", days)
    kinds = ('"event":"MatchdayOpened"', '"event":"MatchdaySettled"')
    core = [encode(e) for e in play(scripted_strategy.agent(), season, TASK.rules, seed=TASK.seed)]
    expected = [line for line in core if any(kind in line for kind in kinds)][: 2 * days]
    on_record = [line for line in store.events(run.id) if any(kind in line for kind in kinds)]
    assert [_without_opinions(line) for line in on_record] == [_without_opinions(line) for line in expected]


def _without_opinions(line):
    """A settlement's bankrolls, or an opening's whole line: what a bettor says of its bets may differ."""
    return line if "MatchdayOpened" in line else line[: line.index('"bets"')]


def test_a_store_that_cannot_be_written_any_more_does_not_end_the_season(tmp_path, caplog):
    file = tmp_path / "runs.db"
    env = host(store=Store(file)).open(TASK)
    env.call("next_matchday")
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE events")
    assert env.call("next_matchday").ok and env.call("next_matchday").ok
    assert caplog.text.count("nothing more of this season is written there") == 1


def test_the_past_as_files_needs_pyarrow_and_says_so(tmp_path):
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        with pytest.raises(MatchdayError, match=r"pip install 'matchday\[parquet\]'"):
            host(files=tmp_path).open(TASK)
    else:
        host(files=tmp_path).open(TASK)
        assert (tmp_path / "matches" / "000.parquet").exists()


def test_sessions_are_apart_limited_and_gone_when_nobody_uses_them():
    now = [0.0]
    sessions = Sessions(idle_seconds=10, limit=2, clock=lambda: now[0])
    first, second = (sessions.open(lambda: ["made"]) for _ in range(2))
    assert sessions.get(first) == ["made"] and len(first) == 32
    with pytest.raises(MatchdayError, match="2 episodes are open; rule: at most 2"):
        sessions.open(list)
    now[0] = 8.0
    sessions.get(first)
    now[0] = 11.0
    assert len(sessions) == 1
    with pytest.raises(MatchdayError, match=r"there is no episode '[0-9a-f]{32}'; it was never opened"):
        sessions.get(second)
    sessions.close(first)
    sessions.close(first)
    assert len(sessions) == 0


def test_a_session_that_cannot_be_made_takes_no_room():
    sessions = Sessions(limit=1)
    with pytest.raises(ZeroDivisionError):
        sessions.open(lambda: 1 / 0)
    assert sessions.open(lambda: 1)


def test_no_more_are_made_at_once_than_there_is_room_for():
    sessions, made, opening = Sessions(limit=3), [], threading.Barrier(8)

    def make():
        made.append(1)
        threading.Event().wait(0.05)

    def open_one(_):
        opening.wait()
        try:
            return sessions.open(make)
        except MatchdayError:
            return None

    with ThreadPoolExecutor(8) as pool:
        ids = list(filter(None, pool.map(open_one, range(8))))
    assert len(ids) == len(made) == len(sessions) == 3


@pytest.mark.parametrize("folder", ["file", "file/below", "/proc/nowhere"])
def test_a_folder_that_cannot_be_written_to_is_refused_before_anybody_plays(tmp_path, monkeypatch, folder):
    monkeypatch.setattr("matchday.environment.files._need_pyarrow", lambda: None)
    (tmp_path / "file").write_text("")
    with pytest.raises(MatchdayError, match=r"Folder '.*' cannot be written: "):
        host(files=tmp_path / folder)
    host(files=tmp_path / "new" / "one")


def test_what_is_no_model_cannot_be_offered_as_one():
    with pytest.raises(MatchdayError, match="'kelly' is no model; models are components that answer 'forecast'"):
        host(models=["elo", "kelly"])


def test_fifty_environments_played_at_once_keep_ledgers_of_their_own():
    season = small_season(matchdays=8)
    envs = [SeasonEnvironment(season, Rules(bankroll=100.0 + i)) for i in range(50)]

    def played(env):
        while not env.finished:
            text = env.call("view_matches").text
            env.call("place_bets", {"bets": scripted_strategy.bets_of(text, env.bankroll)})
            env.call("next_matchday")
        return env.bankroll

    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(played, envs))
    alone = [played(SeasonEnvironment(season, Rules(bankroll=100.0 + i))) for i in range(50)]
    assert together == alone and len(set(alone)) == 50


def test_repeated_calls_from_many_threads_end_a_matchday_once():
    env = SeasonEnvironment(small_season(matchdays=8))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: env.call("next_matchday", {"matchday": 1}), range(8)))
    assert sum(answer.reward is not None for answer in answers) == 1
    assert env.call("view_bankroll").figures["matchday"] == 2
