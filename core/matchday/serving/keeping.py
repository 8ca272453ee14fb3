"""Keeps the sessions of an OpenReward server: how many, for how long, and opened once however often it is asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from matchday.serving.guard import App, Message, Receive, Send, answer, handing, headers_of

#: Seconds between two looks at what is idle; the server within lets go what it has not heard of for 900.
_LOOK = 60.0

_LONGEST_ID = 200

#: Threads besides one a session: for sessions that are opened, and for who asks what there is.
_SPARE = 8


@dataclass(slots=True)
class _Session:
    """An open session: the request that opened it, when it was last used, and how many requests it is answering."""

    asked: bytes
    used: float
    busy: int = 0


class Keeper:
    """An ASGI application around an OpenReward server, of which it uses the routes that clients use.

    At most ``limit`` sessions are open; one that nobody has used or pinged for ``idle_seconds`` is deleted. A request
    to open one that is repeated, because its answer was lost, is answered as the first was. The SDK's own
    toolsets are refused, since they could search the web for what is to be forecast, and secrets are not passed on.
    """

    def __init__(
        self, app: App, *, idle_seconds: float, limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._idle, self._limit, self._clock = app, idle_seconds, limit, clock
        self._open: dict[str, _Session] = {}
        self._opening = asyncio.Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, and note whose it is."""
        if scope["type"] == "lifespan":
            return await self._live(scope, receive, send)
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() != b"x-secrets"]
        ident = headers_of(scope).get("x-session-id", "").strip()
        if len(ident) > _LONGEST_ID or not (ident.isascii() and ident.isprintable()):
            return await answer(send, 400, {"detail": f"X-Session-ID: at most {_LONGEST_ID} ASCII characters."})
        if scope["path"] == "/create" and ident:
            return await self._create(ident, scope, receive, send)
        if scope["path"] == "/delete":
            self._open.pop(ident, None)
        return await self._use(ident, scope, receive, send)

    async def _use(self, ident: str, scope: Message, receive: Receive, send: Send) -> None:
        session = self._open.get(ident)
        if session is None:
            return await self._app(scope, receive, send)
        session.busy += 1
        try:
            await self._app(scope, receive, send)
        finally:
            session.busy -= 1
            session.used = self._clock()

    async def _create(self, ident: str, scope: Message, receive: Receive, send: Send) -> None:
        asked = (await receive()).get("body", b"")
        async with self._opening:
            if _wants_toolset(asked):
                await answer(send, 400, {"detail": "No toolset is offered here; leave it out: toolset_name."})
            elif ident in self._open and self._open[ident].asked == asked:
                await answer(send, 200, {"sid": ident})
            elif ident not in self._open and len(self._open) >= self._limit:
                told = f"{self._limit} sessions are open; rule: at most {self._limit}; close one, or wait."
                await answer(send, 429, {"detail": told}, {"retry-after": "2"})
            elif await self._opened(scope, handing(asked, receive), send):
                self._open[ident] = _Session(asked, self._clock())

    async def _opened(self, scope: Message, receive: Receive, send: Send) -> bool:
        """Pass a request on; whether it was granted."""
        statuses: list[int] = []

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        await self._app(scope, receive, send_and_note)
        return statuses == [200]

    async def _live(self, scope: Message, receive: Receive, send: Send) -> None:
        """Look after the sessions for as long as the server lives, with a thread for each of them."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._limit + _SPARE))
        looking = asyncio.create_task(self._look())
        try:
            await self._app(scope, receive, send)
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(min(_LOOK, self._idle / 4))
            latest = self._clock() - self._idle
            for ident, session in list(self._open.items()):
                idle = session.busy == 0 and session.used < latest
                if idle:
                    self._open.pop(ident, None)
                await self._post("/delete" if idle else "/ping", ident)

    async def _post(self, path: str, ident: str) -> None:
        """Ask the server within, as a client would."""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"x-session-id", ident.encode())],
            "client": None,
            "server": None,
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: Message) -> None:
            return None

        await self._app(scope, receive, send)


def _wants_toolset(asked: bytes) -> bool:
    try:
        read = json.loads(asked)
    except (ValueError, RecursionError):
        return False  # the server within says what is wrong with it
    return isinstance(read, dict) and read.get("toolset_name") is not None
