"""The guard of an HTTP server: who may come in, with how large a request, and how a refusal is written."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from matchday.serving.address import Address, is_loopback

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

#: The largest body of a request, in bytes; no tool needs a tenth of it.
LARGEST = 1024 * 1024


class Guard:
    """An ASGI application around another: lets in what has the address's token and is at most ``largest`` bytes.

    At a loopback address a request under another host's name, or from a page of another site, is refused too: a browser
    on this machine may show anybody's pages. The application within is handed each body whole.
    """

    def __init__(self, app: App, address: Address, *, largest: int = LARGEST) -> None:
        self._app, self._address, self._largest = app, address, largest

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a refusal, or pass the request on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = headers_of(scope)
        if not self._address.admits(headers):
            return await answer(send, 401, {"detail": "Send the token, as X-API-Key or as Authorization: Bearer."})
        if is_loopback(self._address.host) and not _from_here(headers):
            return await answer(send, 403, {"detail": "This server is for this machine alone."})
        body = await _read(receive, self._largest)
        if body is None:
            return await answer(send, 413, {"detail": f"A request has at most {self._largest} bytes."})
        return await self._app(scope, handing(body, receive), send)


def headers_of(scope: Message) -> dict[str, str]:
    """Read the headers of a request, by their names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


async def answer(send: Send, status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> None:
    """Answer with JSON."""
    named = {"content-type": "application/json", **(headers or {})}
    pairs = [(name.encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})


def handing(body: bytes, receive: Receive) -> Receive:
    """Hand on a body that has been read already, and after it whatever else comes."""
    waiting = [body]

    async def receive_again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return receive_again


async def _read(receive: Receive, largest: int) -> bytes | None:
    """Read a body; None where it is larger than that."""
    read = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":  # whoever asked is gone, and reads no answer
            return bytes(read)
        read += message.get("body", b"")
        if len(read) > largest:
            return None
        if not message.get("more_body", False):
            return bytes(read)


def _from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request names this machine, and comes from no web page or from one of this machine's."""
    _, _, origin = headers.get("origin", "http://localhost").rpartition("://")
    return is_loopback(_name(headers.get("host", ""))) and is_loopback(_name(origin))


def _name(host: str) -> str:
    """Take the port off a Host header.

    >>> _name("127.0.0.1:8080"), _name("[::1]:8080"), _name("localhost")
    ('127.0.0.1', '::1', 'localhost')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
