"""A server on this machine for a test: it runs in a thread, on a free port, and stops with the block.

with served(openreward_app(host, Address())) as base:
    ...
"""

import contextlib
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

from matchday.environment import SeasonEnvironment
from matchday.serving.address import Address, where


@contextmanager
def served(app) -> Iterator[str]:
    """Run an ASGI application; hands out its address."""
    import uvicorn

    _forget_the_server_before()
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    with Address().listen() as opened:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        try:
            yield where(opened)
        finally:
            server.should_exit = True
            thread.join(timeout=30)
            assert not thread.is_alive()


def _forget_the_server_before() -> None:
    """Drop what the OpenReward SDK keeps of an earlier server of this process, whose loop is gone."""
    with contextlib.suppress(ImportError):
        from sse_starlette.sse import AppStatus

        AppStatus.should_exit_event = None


@contextmanager
def held_up(monkeypatch, ask: Callable[[int], object], many: int) -> Iterator[None]:
    """Ask for so many forecasts at once, each in a thread; within the block, none of them has been answered."""
    asked, go_on, call = threading.Semaphore(0), threading.Event(), SeasonEnvironment.call

    def slow(self, name, arguments=None):
        if name == "forecast":
            asked.release()
            assert go_on.wait(timeout=60)
        return call(self, name, arguments)

    monkeypatch.setattr(SeasonEnvironment, "call", slow)
    with ThreadPoolExecutor(many) as pool:
        answers = [pool.submit(ask, number) for number in range(many)]
        try:
            assert all(asked.acquire(timeout=15) for _ in range(many))
            yield
        finally:
            go_on.set()
        for answer in answers:
            answer.result()


class Wire:
    """One keep-alive connection that asks raw requests, as no client would."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Send a request; answers the status and the text. ``_`` in a header's name stands for ``-``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self._connection.request(method, path, body=body, headers=named)
            answer = self._connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the server hung up on what it was sent; the next request connects again
            return 0, ""

    def post(self, path: str, content: object = None, *, sid: str | None = None, **headers: str) -> tuple[int, str]:
        """Send JSON."""
        named = {"content_type": "application/json", **({} if sid is None else {"x_session_id": sid}), **headers}
        return self.ask("POST", path, json.dumps(content).encode(), **named)

    def call(self, sid: str, name: str, arguments: object = None, **more: object) -> dict:
        """Call a tool, and read the answer off the stream; ``task_id`` is what the server called the call."""
        status, text = self.post("/matchday/call", {"name": name, "input": arguments or {}, **more}, sid=sid)
        assert status == 200, text
        events = [line.split(": ", 1)[1] for line in text.replace("\r", "").split("\n") if line.startswith("data: ")]
        return {"task_id": events[0], **json.loads("".join(events[1:]))}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
