"""What stands around a server: addresses, tokens, sizes, and the sessions that are kept."""

import asyncio
import json
import socket

import pytest

from matchday.errors import MatchdayError
from matchday.serving.address import Address, where
from matchday.serving.guard import Guard
from matchday.serving.keeping import Keeper


class Within:
    """An application that answers 200 and notes what reached it."""

    def __init__(self, status=200):
        self.status, self.asked = status, []

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            return
        body = (await receive())["body"]
        self.asked.append((scope["path"], dict(scope["headers"]).get(b"x-session-id", b"").decode(), body))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"within"})

    @property
    def paths(self):
        return [path for path, _, _ in self.asked]


async def ask(app, path="/", body=b"", *, parts=1, **headers):
    """Ask an application once; answers the status and the body."""
    size = -(-len(body) // parts) or 1
    chunks = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    sent = []

    async def receive():
        if not chunks:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

    async def send(message):
        sent.append(message)

    named = {"host": "127.0.0.1:8080", **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    await app({"type": "http", "method": "POST", "path": path, "headers": pairs}, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def asked(app, *args, **kwargs):
    return asyncio.run(ask(app, *args, **kwargs))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_an_address_that_others_can_reach_needs_a_token(host):
    with pytest.raises(MatchdayError, match="others can reach it; give a --token"):
        Address(host)
    assert Address(host, token="sesame").token == "sesame"


@pytest.mark.parametrize("token", ["", "häß", "a\nb"])
def test_a_token_is_something_that_a_header_can_hold(token):
    with pytest.raises(MatchdayError, match="--token"):
        Address(token=token)


def test_a_port_that_is_taken_is_refused_in_one_line():
    with Address().listen() as taken:
        port = int(where(taken).rpartition(":")[2])
        with pytest.raises(MatchdayError, match=f"--port {port}: Address already in use"):
            Address(port=port).listen()


def test_a_socket_is_known_as_tcp_else_every_answer_waits_for_an_acknowledgement():
    with Address().listen() as opened:
        assert opened.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x_api_key": "mellon"}, 401),
        ({"authorization": "Bearer mellon"}, 401),
        ({"authorization": "Basic sesame"}, 401),
        ({"authorization": "sesame"}, 401),
        ({"x_api_key": ""}, 401),
        ({"x_api_key": "sesame"}, 200),
        ({"authorization": "Bearer sesame"}, 200),
        ({"authorization": "bearer  sesame"}, 200),
    ],
)
def test_the_token_is_taken_from_either_header_and_nothing_else(headers, status):
    within = Within()
    assert asked(Guard(within, Address(token="sesame")), **headers)[0] == status
    assert len(within.asked) == (status == 200)


@pytest.mark.parametrize(
    ("host", "status"), [("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200), ("evil.example", 403), ("", 403)]
)
def test_at_a_loopback_address_no_other_name_is_served(host, status):
    assert asked(Guard(Within(), Address()), host=host)[0] == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:8080", 200),
        ("https://evil.example", 403),
        ("https://127.0.0.1.evil.example", 403),
        ("https://localhost@evil.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_at_a_loopback_address_no_page_of_another_site_is_served(origin, status):
    assert asked(Guard(Within(), Address()), origin=origin)[0] == status


def test_behind_a_token_any_name_is_served():
    assert asked(Guard(Within(), Address("0.0.0.0", token="t")), host="play.example", x_api_key="t")[0] == 200


@pytest.mark.parametrize("parts", [1, 3])
def test_a_body_arrives_whole_or_is_too_large(parts):
    within = Within()
    guard = Guard(within, Address(), largest=10)
    assert asked(guard, body=b"0123456789", parts=parts) == (200, b"within")
    status, told = asked(guard, body=b"0123456789x", parts=parts)
    assert status == 413 and json.loads(told)["detail"] == "A request has at most 10 bytes."
    assert within.asked == [("/", "", b"0123456789")]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def keeper(within, **options):
    return Keeper(within, **{"idle_seconds": 100.0, "limit": 2, **options})


def test_a_session_that_is_opened_twice_reaches_the_server_once_and_another_request_for_it_again():
    within = Within()
    kept = keeper(within)
    for body in (b"one", b"one", b"two"):
        assert asked(kept, "/create", body, x_session_id="a")[0] == 200
    assert [body for _, _, body in within.asked] == [b"one", b"two"]


def test_what_the_server_refuses_to_open_is_not_counted():
    kept = keeper(Within(status=400))
    assert [asked(kept, "/create", x_session_id=name)[0] for name in "abcd"] == [400] * 4


def test_one_more_than_allowed_is_told_to_wait():
    kept = keeper(Within())
    assert [asked(kept, "/create", x_session_id=name)[0] for name in "abc"] == [200, 200, 429]
    asked(kept, "/delete", x_session_id="a")
    assert asked(kept, "/create", x_session_id="c")[0] == 200


def test_at_once_too_no_more_are_opened_than_allowed():
    async def all_at_once():
        kept = keeper(Within())
        return await asyncio.gather(*[ask(kept, "/create", x_session_id=str(number)) for number in range(20)])

    assert sorted(status for status, _ in asyncio.run(all_at_once())) == [200] * 2 + [429] * 18


@pytest.mark.parametrize("ident", ["x" * 201, "\x00", "é"])
def test_an_id_that_is_no_id_is_refused(ident):
    within = Within()
    assert asked(keeper(within), "/ping", x_session_id=ident)[0] == 400 and not within.asked


def test_secrets_do_not_reach_the_server():
    class Seeing(Within):
        async def __call__(self, scope, receive, send):
            assert all(name != b"x-secrets" for name, _ in scope["headers"])
            await super().__call__(scope, receive, send)

    assert asked(keeper(Seeing()), "/create", x_session_id="a", x_secrets="s")[0] == 200


def test_who_is_idle_is_deleted_and_everybody_else_is_kept_alive_in_the_server_within(monkeypatch):
    within, clock = Within(), Clock()
    kept = keeper(within, clock=clock)
    turns = iter([90.0, 150.0])  # the clock, at each look

    async def look(_):
        clock.now = next(turns, None) or await asyncio.Event().wait()
        if clock.now == 90.0:
            await ask(kept, "/call", x_session_id="used")

    monkeypatch.setattr("matchday.serving.keeping.asyncio.sleep", look)

    async def lived():
        for name in ("left", "used"):
            await ask(kept, "/create", x_session_id=name)
        within.asked.clear()
        over = asyncio.Event()

        async def receive():
            await over.wait()
            return {"type": "lifespan.shutdown"}

        life = asyncio.create_task(kept({"type": "lifespan"}, receive, None))
        while len(within.asked) < 5:
            await asyncio.Event().wait() if life.done() else await asyncio.wait({life}, timeout=0)
        over.set()
        await life

    asyncio.run(lived())
    told = [(path, ident) for path, ident, _ in within.asked]
    assert told == [("/call", "used"), ("/ping", "left"), ("/ping", "used"), ("/delete", "left"), ("/ping", "used")]
