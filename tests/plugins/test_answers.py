"""Answers that are kept, and budgets: the same question in the same place of the same run has the same answer."""

import multiprocessing
import threading

import pytest

from matchday.actions import Consultation
from matchday.errors import MatchdayError
from matchday.replay import Recorded, on_record, replaying
from matchday_plugins.language.answers import Answers, answers_folder
from matchday_plugins.language.budget import Budget, Limits, OverBudget
from matchday_plugins.language.replies import Reply, ToolCall

QUESTION = {"model": "m", "messages": [{"role": "user", "content": "Who wins?"}]}
REPLY = Reply("Home.", (ToolCall("1", "bet", "{}"),), "stop", 2, 100, 20, 0.5)


def test_what_was_kept_is_had_again_whole_by_another_run_of_the_same_seed(tmp_path):
    first = Answers(tmp_path, seed=1)
    assert first.get(first.key(QUESTION)) is None
    assert Answers(tmp_path, seed=1).keep(Answers(tmp_path, seed=1).key(QUESTION), REPLY) == REPLY
    again = Answers(tmp_path, seed=1)
    assert again.get(again.key(QUESTION)) == REPLY


def test_another_question_another_seed_and_another_time_have_answers_of_their_own(tmp_path):
    run = Answers(tmp_path, seed=1)
    keys = [run.key(QUESTION), run.key(QUESTION), run.key({**QUESTION, "temperature": 1})]
    keys.append(Answers(tmp_path, seed=2).key(QUESTION))
    assert len(set(keys)) == 4
    assert Answers(tmp_path, seed=1).key(dict(reversed(QUESTION.items()))) == keys[0]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"text": 1}', b"\xff\x00"])
def test_a_damaged_file_is_as_if_it_were_not_there(tmp_path, content):
    run = Answers(tmp_path, seed=1)
    key = run.key(QUESTION)
    run.keep(key, REPLY)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    assert run.get(key) is None
    assert run.keep(key, REPLY) == REPLY == run.get(key)


def test_the_answer_that_was_sooner_stands(tmp_path):
    run = Answers(tmp_path, seed=1)
    key = run.key(QUESTION)
    run.keep(key, REPLY)
    assert run.keep(key, Reply("Away.")) == REPLY
    assert [path.name for path in tmp_path.iterdir()] == [f"{key}.json"]


def test_of_two_plays_that_keep_an_answer_at_once_both_have_the_first(tmp_path):
    told, start = {"Home.": [], "Away.": []}, threading.Barrier(2, timeout=20)

    def keep(text):
        for number in range(100):
            start.wait()
            told[text].append(Answers(tmp_path, seed=0).keep(f"key-{number}", Reply(text)))

    others = threading.Thread(target=keep, args=("Home.",))
    others.start()
    keep("Away.")
    others.join(timeout=20)
    assert told["Home."] == told["Away."] == [Answers(tmp_path, seed=0).get(f"key-{each}") for each in range(100)]
    assert len(list(tmp_path.iterdir())) == 100


def test_where_files_cannot_be_linked_answers_are_kept_all_the_same(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", refuse)
    assert Answers(tmp_path, seed=0).keep("key", REPLY) == REPLY == Answers(tmp_path, seed=0).get("key")
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_a_failure_is_had_again_from_the_record_though_another_play_has_an_answer(tmp_path):
    run = Answers(tmp_path, seed=1)
    run.keep("key", REPLY)
    failed = Consultation("sage", "asked m", "", "Who wins?", calls=3, failure="timed out")
    with replaying(Recorded([(1, failed)])):
        assert run.again("key", on_record(1, "Who wins?")) == Reply(calls=3, failure="timed out")
    assert run.again("key", None) == REPLY


def test_in_a_replay_what_is_neither_kept_nor_failed_is_not_asked_anew(tmp_path):
    run = Answers(tmp_path, seed=1)
    assert run.again("key", None) is None
    with (
        replaying(Recorded([])),
        pytest.raises(MatchdayError, match="what was answered then is not among the answers in"),
    ):
        run.again("key", None)


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(MatchdayError, match=r"Answers cannot be kept in '.*file': .*; set cache to a folder"):
        Answers(file, seed=1).keep("key", REPLY)


def keep_many(folder):
    for number in range(50):
        run = Answers(folder, seed=number)
        run.keep(run.key(QUESTION), REPLY)


def test_plays_at_the_same_time_may_share_a_folder(tmp_path):
    workers = [multiprocessing.get_context("spawn").Process(target=keep_many, args=(tmp_path,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert len(list(tmp_path.iterdir())) == 50
    for number in range(50):
        run = Answers(tmp_path, seed=number)
        assert run.get(run.key(QUESTION)) == REPLY


def test_the_default_folder_is_in_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHDAY_CACHE", str(tmp_path))
    assert answers_folder(None) == tmp_path / "answers"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(calls=2), "not asked: 2 of 2 calls a matchday are spent"),
        (Limits(tokens=120), "not asked: 120 of 120 tokens a matchday are spent"),
        (Limits(cost=0.5), "not asked: 0.5000 of 0.5 of cost a matchday are spent"),
    ],
)
def test_a_budget_that_is_spent_lets_nobody_ask_until_the_next_matchday(limits, reason):
    budget = Budget(matchday=limits, season=Limits())
    budget.check(1)
    budget.spend(REPLY)
    with pytest.raises(OverBudget, match=reason):
        budget.check(1)
    budget.check(2)


def test_a_seasons_budget_does_not_come_back():
    budget = Budget(matchday=Limits(calls=5), season=Limits(calls=3))
    assert budget.check(1) == 3
    budget.spend(REPLY)
    assert budget.check(2) == 1
    budget.spend(Reply(calls=1))
    with pytest.raises(OverBudget, match="3 of 3 calls a season"):
        budget.check(3)


def test_after_so_many_failures_in_a_row_nobody_is_asked_any_more():
    budget = Budget(matchday=Limits(), season=Limits(), patience=2)
    for failure in ("no", "", "no", "no"):
        assert budget.check(1) is None
        budget.spend(Reply(failure=failure))
    with pytest.raises(OverBudget, match="not asked: 2 failures in a row"):
        budget.check(9)
