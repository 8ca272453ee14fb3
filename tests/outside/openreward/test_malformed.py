"""Ten thousand requests that no client would send: the server stays up, and no ledger moves."""

import base64
import random
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

pytest.importorskip("openreward", reason="the OpenReward SDK is not installed: pip install 'matchday[openreward]'")

import scripted_strategy
from malformed import METHODS, ODDITIES, body
from matchday import Rules
from matchday.environment import Host, Task
from matchday.serving.address import Address
from matchday.serving.openreward import openreward_app
from served import Wire, served

TASK = Task(name="little", split="train", source="synthetic", season="2024-25", seed=3, rules=Rules(bankroll=250))
HOST = Host([TASK], parameters={"synthetic": {"clubs": 4, "history": 1}})
REQUESTS, CONNECTIONS = 10_000, 4

ROUTES = [
    "/create", "/create_session", "/delete_session", "/ping", "/health", "/list_environments", "/matchday/tools",
    "/matchday/splits", "/matchday/tasks", "/matchday/num_tasks", "/matchday/task", "/matchday/task_range",
    "/matchday/prompt", "/matchday/messages", "/matchday/task_tools", "/matchday/call", "/matchday-final/call",
    "/matchday/score_group", "/nobody/call", "/call", "/", "//", "/matchday/../call", "/%00", "/matchday/call?x=" + "y" * 900,
]  # fmt: skip
TOOLS = [
    "place_bet",
    "place_bets",
    "cancel_bet",
    "next_matchday",
    "view_history",
    "forecast",
    "setup",
    "teardown",
    "_x",
]


def request(chance):
    """JSON of another shape, or a call of a tool with arguments that it does not take."""
    if chance.random() < 0.3:
        return {key: chance.choice(ODDITIES) for key in ("split", "index", "task_spec") if chance.random() < 0.7}
    arguments = {"matchday": chance.choice([0, 99, "one"])} if chance.random() < 0.3 else chance.choice(ODDITIES)
    named = chance.choice(TOOLS)
    if named == "cancel_bet" or (
        named == "next_matchday" and not (isinstance(arguments, dict) and "matchday" in arguments)
    ):
        arguments = {"nonsense": arguments}  # without arguments these are no mistake
    odd = {"task_id": chance.choice(ODDITIES)} if chance.random() < 0.2 else {}
    return {"name": named, "input": arguments, **odd}


def headers(chance, sids):
    """An id that is somebody's, nobody's, strange or none, and at times garbage where secrets are looked for."""
    named = {"content_type": chance.choice(["application/json", "text/plain", "application/json; charset=utf-16"])}
    sid = chance.choice([*sids, "nobody", "", "../../etc", "x" * 500, "\xff\xfe", None])
    if sid is not None:
        named["x_session_id"] = sid
    if chance.random() < 0.1:
        named["x_secrets"] = chance.choice(["!", base64.b64encode(b"[1]").decode(), "e30="])
    if chance.random() < 0.02:
        named["host"] = "example.org"
    return named


def send(base, seed, count, sids):
    """Send so many requests over one connection; answers the statuses."""
    chance, connection, statuses = random.Random(seed), Wire(base), []
    for _ in range(count):
        sent = body(chance, request(chance))
        status, text = connection.ask(chance.choice(METHODS), chance.choice(ROUTES), sent, **headers(chance, sids))
        assert "event: error" not in text or "unknown task_id" in text, text  # a tool that raises ends the session
        statuses.append(status)
    connection.close()
    return statuses


def send_no_http(base, seed):
    """Send bytes that are no request at all, and hang up."""
    chance, at = random.Random(seed), urlsplit(base)
    with socket.create_connection((at.hostname, at.port), timeout=10) as opened:
        opened.sendall(
            chance.choice([b"\x16\x03\x01" * 50, b"POST /create HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"\r\n" * 9])
        )


def state(connection, sid):
    told = [connection.call(sid, name)["output"] for name in ("view_bankroll", "view_matches")]
    return [(each["blocks"], each["metadata"]) for each in told]


def test_ten_thousand_malformed_requests_leave_the_server_up_and_every_ledger_as_it_was():
    with served(openreward_app(HOST, Address(), limit=8)) as base:
        connection, sids = Wire(base), ["one", "two", "three", "four"]
        for number, sid in enumerate(sids):
            assert connection.post("/create", {"task_spec": {"name": "little"}}, sid=sid)[0] == 200
            for _ in range(number):
                connection.call(sid, "next_matchday")
            text = connection.call(sid, "view_matches")["output"]["blocks"][0]["text"]
            assert connection.call(sid, "place_bets", {"bets": scripted_strategy.bets_of(text, 200)})["ok"]
        before = [state(connection, sid) for sid in sids]

        each = REQUESTS // CONNECTIONS
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            sent = list(pool.map(lambda seed: send(base, seed, each, sids), range(CONNECTIONS)))
            list(pool.map(lambda seed: send_no_http(base, seed), range(100)))
        statuses = [status for each in sent for status in each]
        assert len(statuses) == REQUESTS
        assert {400, 403, 404, 405, 413, 422} <= set(statuses) and 500 not in statuses

        connection.close()  # it has been quiet for longer than connections are kept; the next request opens another
        assert [state(connection, sid) for sid in sids] == before
        while not connection.call("one", "next_matchday")["output"]["finished"]:
            pass
        assert connection.ask("GET", "/health")[0] == 200
        connection.close()
