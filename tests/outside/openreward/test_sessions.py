"""Sessions apart from each other, calls that are repeated, and sessions that nobody uses."""

import asyncio
import json
import threading
from contextlib import closing, contextmanager

import pytest

pytest.importorskip("openreward", reason="the OpenReward SDK is not installed: pip install 'matchday[openreward]'")

import scripted_strategy
from matchday import Rules
from matchday.environment import Host, Task
from matchday.serving.address import Address
from matchday.serving.openreward import openreward_app
from matchday.store import Store
from served import Wire, held_up, served

LEAGUE = {"synthetic": {"clubs": 4, "history": 1}}
TASK = Task(name="little", split="train", source="synthetic", season="2024-25", seed=3, rules=Rules(bankroll=250))
HOST = Host([TASK], parameters=LEAGUE)


@contextmanager
def wire(host=HOST, **options):
    with served(openreward_app(host, Address(), **options)) as base:
        connection = Wire(base)
        try:
            yield connection
        finally:
            connection.close()


def opened(connection, sid="mine"):
    status, text = connection.post("/create", {"env_name": "matchday", "split": "train", "index": 0}, sid=sid)
    assert status == 200, text
    return sid


def first_bet(text, stake=1.0):
    odds = scripted_strategy.slate_of(text)
    return {"match_id": odds.index[0], "selection": "home", "stake": stake}


def test_fifty_sessions_at_once_keep_ledgers_of_their_own(tmp_path):
    from openreward import AsyncOpenReward

    store = Store(tmp_path / "runs.db")

    async def one(environment, seed):
        bets, ledger = scripted_strategy.by_chance(seed), []
        async with environment.session(split="train", index=0) as session:
            answer = await session.call_tool("view_matches", {})
            while not answer.finished:
                chosen = bets(answer.blocks[0].text, answer.metadata["bankroll"])
                if chosen:
                    assert (await session.call_tool("place_bets", {"bets": chosen})).metadata["ok"]
                answer = await session.call_tool("next_matchday", {})
                ledger.append(answer.metadata["bankroll"])
        return ledger

    async def all_at_once():
        host = Host([TASK], parameters=LEAGUE, store=store)
        with served(openreward_app(host, Address())) as base:
            asking = AsyncOpenReward(api_key="nobody", base_url=base)
            try:
                environment = asking.environments.get("local/matchday", base_url=base)
                return await asyncio.gather(*[one(environment, seed) for seed in range(50)])
            finally:
                await asking.environments.aclose()

    ledgers = asyncio.run(all_at_once())
    assert ledgers == [scripted_strategy.ledger_of(HOST.open(TASK), seed, 99) for seed in range(50)]
    assert len({tuple(ledger) for ledger in ledgers}) == 50
    ends = sorted(ledger[-1] for ledger in ledgers)
    assert sorted(round(run.summary.bankroll_end, 2) for run in store.runs()) == ends
    assert {run.status for run in store.runs()} == {"completed"}


def test_a_call_that_is_sent_again_is_answered_again_and_settles_nothing_twice():
    with wire() as connection:
        sid = opened(connection)
        first = connection.call(sid, "next_matchday")
        again = connection.call(sid, "next_matchday", task_id=first["task_id"])
        assert again == first and first["output"]["metadata"]["matchday"] == 2
        assert connection.call(sid, "view_bankroll")["output"]["metadata"]["matchday"] == 2


def test_a_matchday_that_is_named_ends_once_and_a_bet_that_is_repeated_lies_there_once():
    with wire() as connection:
        sid = opened(connection)
        bet = first_bet(connection.call(sid, "view_matches")["output"]["blocks"][0]["text"])
        texts = [connection.call(sid, "place_bet", bet)["output"]["blocks"][0]["text"] for _ in range(3)]
        assert len(set(texts)) == 1 and "1.00 is staked" in texts[0]
        for _ in range(3):
            told = connection.call(sid, "next_matchday", {"matchday": 1})
            assert told["output"]["metadata"]["matchday"] == 2


def test_a_session_that_is_asked_for_again_is_the_same_and_nobody_else_gets_it():
    with wire() as connection:
        sid = opened(connection)
        bet = first_bet(connection.call(sid, "view_matches")["output"]["blocks"][0]["text"])
        placed = connection.call(sid, "place_bet", bet)["output"]["blocks"][0]["text"]
        opened(connection)
        status, text = connection.post("/create", {"task_spec": {"name": "little"}}, sid=sid)
        assert (status, json.loads(text)["detail"]) == (400, "Session already exists")
        assert connection.call(sid, "view_bankroll")["output"]["blocks"][0]["text"].startswith(placed.rstrip())


def test_no_more_sessions_are_open_than_allowed_and_one_that_is_deleted_makes_room():
    with wire(limit=2) as connection:
        opened(connection, "a"), opened(connection, "b")
        status, text = connection.post("/create", {"task_spec": {"name": "little"}}, sid="c")
        assert status == 429 and "2 sessions are open" in text
        assert connection.post("/delete", sid="a")[0] == 200
        opened(connection, "c")
        assert connection.post("/ping", sid="a")[0] == 404


def test_long_calls_in_many_sessions_hold_up_no_other(monkeypatch):
    with wire() as connection:
        others = [opened(connection, f"other-{number}") for number in range(40)]

        def forecast(number):
            with closing(Wire(connection.base)) as own:
                own.call(others[number], "forecast", {"model": "market"})

        with held_up(monkeypatch, forecast, len(others)):
            assert connection.call(opened(connection), "next_matchday")["output"]["metadata"]["matchday"] == 2


def test_a_session_that_nobody_uses_goes_and_one_that_is_pinged_stays():
    with wire(idle_seconds=3.0, limit=2) as connection:
        opened(connection, "left"), opened(connection, "kept")
        for _ in range(1200):  # a bound: room for another one is made when the one that is left has gone
            assert connection.post("/ping", sid="kept")[0] == 200
            if connection.post("/create", {"task_spec": {"name": "little"}}, sid="new")[0] == 200:
                break
            threading.Event().wait(0.05)
        assert connection.call("kept", "view_bankroll")["ok"] and connection.call("new", "view_bankroll")["ok"]
        assert connection.post("/matchday/call", {"name": "view_bankroll", "input": {}}, sid="left")[0] == 404


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({}, "the task has no name"),
        ({"name": ["little"]}, "the task has no name"),
        ({"name": "litle"}, "did you mean 'little'"),
        ({"name": "little", "seed": 4}, "seed is not as it is offered"),
        ({"name": "little", "rules": {"bankroll": 1e9}}, "rules is not as it is offered"),
        ({"name": "little", "data": "/etc"}, "data is not as it is offered"),
    ],
)
def test_only_a_task_that_is_offered_is_opened(spec, reason):
    with wire() as connection:
        status, text = connection.post("/create", {"task_spec": spec}, sid="mine")
        assert status == 400 and reason in json.loads(text)["detail"]
        assert connection.post("/ping", sid="mine")[0] == 404
        assert connection.post("/create", {"task_spec": TASK.model_dump(mode="json")}, sid="mine")[0] == 200
        assert connection.ask("GET", "/matchday/prompt", x_session_id="mine")[0] == 200


@pytest.mark.parametrize("toolset", ["backsearch", "web", "claude-code", "", 1])
def test_no_toolset_of_the_sdk_is_bound_to_a_season(toolset):
    with wire() as connection:
        asked = {"task_spec": {"name": "little"}, "toolset_name": toolset}
        status, text = connection.post("/create", asked, sid="mine")
        assert status == 400 and "toolset" in text
        assert connection.post("/ping", sid="mine")[0] == 404


def test_nothing_is_wanted_of_the_platform():
    with wire() as connection:
        status, _ = connection.ask("GET", "/v1/environments/local/matchday/required-secrets")
        assert status == 308
        asked = connection.ask("GET", "/matchday/v1/environments/local/matchday/required-secrets")
        assert asked == (200, '{"secrets":[]}')
