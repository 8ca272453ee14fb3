"""Many episodes of one HTTP server, each for itself; who may come in; and requests that no client would send."""

import asyncio
import json
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

pytest.importorskip("mcp_types", reason="version 2 of mcp is not installed: pip install 'matchday[mcp]'")

import scripted_strategy
from malformed import METHODS, ODDITIES, body
from matchday.environment import Host
from matchday.serving.address import Address
from matchday.serving.web import PATH
from matchday.store import Store
from mcp_clients import HOST, LITTLE, Player, over_http, player
from served import Wire, held_up

REQUESTS, CONNECTIONS, MATCHDAYS = 10_000, 4, 4
PLAIN = {"content_type": "application/json", "accept": "application/json, text/event-stream"}
CALLS = [
    "tools/call",
    "tools/call",
    "tools/list",
    "prompts/get",
    "initialize",
    "ping",
    "resources/read",
    "no/such",
    "",
    "rpc.x",
]
TOOLS = [
    "place_bet",
    "place_bets",
    "cancel_bet",
    "next_matchday",
    "view_history",
    "forecast",
    "close_episode",
    "_x",
    "",
]


def ask(wire, name, arguments):
    """Call a tool by a bare request; answers its figures."""
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    status, text = wire.ask("POST", PATH, json.dumps(asked).encode(), **PLAIN)
    assert status == 200, text
    return json.loads(text)["result"]["structuredContent"]


def base_of(url):
    return url.removesuffix(PATH)


def test_fifty_episodes_at_once_keep_separate_ledgers():
    async def ledger(client, seed):
        opened = await client.call_tool("open_episode", {"task": "little"})
        there, bets = Player(client, opened.structured_content["episode"]), scripted_strategy.by_chance(seed)
        told, bankrolls = (await there.call("view_matches")).structured_content, []
        while len(bankrolls) < MATCHDAYS:
            if chosen := bets(told["text"], told["bankroll"]):
                assert not (await there.call("place_bets", {"bets": chosen})).is_error
            told = (await there.call("next_matchday")).structured_content
            bankrolls.append(told["bankroll"])
        return bankrolls

    async def together(url):
        from mcp import Client

        async with Client(url) as client:
            return await asyncio.gather(*(ledger(client, seed) for seed in range(50)))

    with over_http() as url:
        found = asyncio.run(together(url))
    assert found == [scripted_strategy.ledger_of(HOST.open(LITTLE), seed, MATCHDAYS) for seed in range(50)]
    assert len({tuple(each) for each in found}) == 50


def request(chance, episodes):
    """A request that names no tool, or arguments that no tool takes."""
    arguments = chance.choice([*ODDITIES, {"episode": chance.choice(episodes), "nonsense": chance.choice(ODDITIES)}])
    params = {"name": chance.choice(TOOLS), "arguments": arguments}
    asked = {
        "jsonrpc": chance.choice(["2.0", "2.0", "2.0", "1.0", 2]),
        "id": chance.choice([1, "one", None, [], 2**70, -1]),
        "method": chance.choice(CALLS),
        "params": params if chance.random() < 0.8 else chance.choice(ODDITIES),
    }
    return {key: asked[key] for key in asked if chance.random() < 0.95}


def headers(chance):
    named = dict(PLAIN)
    if chance.random() < 0.3:
        named["mcp_protocol_version"] = chance.choice(["2026-07-28", "2025-11-25", "1999-01-01", "", "\xff"])
    if chance.random() < 0.1:
        named["mcp_session_id"] = chance.choice(["nobody", "", "x" * 500])
    if chance.random() < 0.1:
        named[chance.choice(["content_type", "accept"])] = chance.choice(
            ["text/plain", "", "application/json; charset=utf-16"]
        )
    if chance.random() < 0.02:
        named[chance.choice(["host", "origin"])] = "http://example.org"
    return named


def send(url, seed, count, episodes):
    """Send so many requests over one connection; answers the statuses."""
    chance, wire, statuses = random.Random(seed), Wire(base_of(url)), []
    for _ in range(count):
        path, sent = chance.choice([PATH] * 9 + ["/", "/mcp/../x"]), body(chance, request(chance, episodes))
        statuses.append(wire.ask(chance.choice(METHODS), path, sent, **headers(chance))[0])
    wire.close()
    return statuses


def state(wire, episode):
    return [ask(wire, name, {"episode": episode}) for name in ("view_bankroll", "view_matches")]


def test_ten_thousand_malformed_requests_leave_the_server_up_and_every_ledger_as_it_was():
    with over_http(limit=4) as url:
        wire = Wire(base_of(url))
        episodes = [ask(wire, "open_episode", {"task": "little"})["episode"] for _ in range(4)]
        for number, episode in enumerate(episodes):
            for _ in range(number):
                ask(wire, "next_matchday", {"episode": episode})
            match = ask(wire, "view_matches", {"episode": episode})["text"].splitlines()[2].split(",")[0]
            placed = ask(wire, "place_bet", {"episode": episode, "match_id": match, "selection": "home", "stake": 9})
            assert "Bets on this matchday" in placed["text"]
        before = [state(wire, episode) for episode in episodes]
        wire.close()

        with ThreadPoolExecutor(CONNECTIONS) as pool:
            sent = pool.map(lambda seed: send(url, seed, REQUESTS // CONNECTIONS, episodes), range(CONNECTIONS))
        statuses = [status for each in sent for status in each]
        assert len(statuses) == REQUESTS
        assert {200, 400, 403, 404, 405, 406, 413} <= set(statuses) and statuses.count(0) == 0

        wire = Wire(base_of(url))
        assert [state(wire, episode) for episode in episodes] == before
        while not ask(wire, "next_matchday", {"episode": episodes[0]})["finished"]:
            pass
        wire.close()


def test_long_calls_in_many_episodes_hold_up_no_other(monkeypatch):
    with over_http() as url:
        wire = Wire(base_of(url))
        mine, *others = [ask(wire, "open_episode", {"task": "little"})["episode"] for _ in range(46)]

        def forecast(number):
            with closing(Wire(base_of(url))) as own:
                ask(own, "forecast", {"episode": others[number], "model": "market"})

        with held_up(monkeypatch, forecast, len(others)):
            assert ask(wire, "next_matchday", {"episode": mine})["matchday"] == 2
        wire.close()


def test_an_episode_that_nobody_uses_goes_and_one_that_is_closed_too():
    now = [0.0]
    with over_http(idle_seconds=60, clock=lambda: now[0], limit=2) as url:
        wire = Wire(base_of(url))
        idle, closed = (ask(wire, "open_episode", {"task": "little"})["episode"] for _ in range(2))
        assert "2 episodes are open" in ask(wire, "open_episode", {"task": "little"})["text"]
        ask(wire, "close_episode", {"episode": closed})
        assert "there is no episode" in ask(wire, "view_matches", {"episode": closed})["text"]
        now[0] = 61
        assert "idle for more than 60 s" in ask(wire, "view_matches", {"episode": idle})["text"]
        wire.close()


def test_the_tasks_are_listed_and_another_is_refused():
    with over_http() as url:
        wire = Wire(base_of(url))
        told = ask(wire, "list_tasks", {})
        assert told["tasks"] == ["little"] and told["text"].endswith("little,train,synthetic,,2024-25,250.00")
        assert "did you mean 'little'?" in ask(wire, "open_episode", {"task": "litle"})["text"]
        assert "key 'episode' is missing" in ask(wire, "view_matches", {})["text"]
        wire.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Bearer secret"}, 200),
        ({"x_api_key": "secret"}, 200),
    ],
)
def test_where_there_is_a_token_nobody_comes_in_without_it(sent, status):
    asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    with over_http(address=Address(token="secret")) as url:
        wire = Wire(base_of(url))
        assert wire.ask("POST", PATH, asked, **PLAIN, **sent)[0] == status
        wire.close()


@pytest.mark.parametrize("sent", [{"host": "example.org"}, {"origin": "http://example.org"}])
def test_no_page_of_another_site_comes_in(sent):
    asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    with over_http() as url:
        wire = Wire(base_of(url))
        assert wire.ask("POST", PATH, asked, **PLAIN, **sent)[0] == 403
        wire.close()


def test_every_episode_goes_on_record_under_the_agent_s_name(tmp_path):
    store = Store(str(tmp_path / "runs.db"))
    host = Host([LITTLE], parameters={"synthetic": {"clubs": 4, "history": 1}}, store=store)

    async def both(url):
        async with player(url, task="little") as one, player(url, task="little") as other:
            return [figures[-1]["bankroll"] for figures in await asyncio.gather(one.play_out(), other.play_out())]

    with over_http(host) as url:
        ends = asyncio.run(both(url))
    assert [run.summary.bankroll_end for run in store.runs()] == ends
    assert {run.summary.agent for run in store.runs()} == {"outside"}
