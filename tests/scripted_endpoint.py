"""An OpenAI-compatible endpoint on this machine that says what a test has written for it, and counts who asks.

with scripted("Hello.", status(500), calls("bet", {"stake": 1})) as endpoint:
    ...                                # base_url=endpoint.url; one reply a request, the last one again and again
    assert endpoint.count == 3

A reply is text, a dict (written as JSON), or what the functions below make; or the script is one function of the
request's body that answers one. The server stops with the block, and refuses after ``most`` requests.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: No test waits longer, whatever a script says.
LONGEST_WAIT = 20.0


@dataclass(frozen=True)
class Scripted:
    """What is sent back to one request: after ``wait`` seconds, in ``drops`` parts with ``wait`` before each."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    closes: bool = False
    drips: bool = False
    lives: bool = False


def says(text="", *, tools=(), finish="stop", tokens=(100, 20)) -> Scripted:
    """A completion with text, tool calls as (name, arguments) pairs, and usage."""
    message = {"role": "assistant", "content": text or None}
    if tools:
        message["tool_calls"] = [
            {
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
            }
            for number, (name, given) in enumerate(tools, 1)
        ]
    read, wrote = tokens
    return Scripted(
        json.dumps(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 0,
                "model": "scripted",
                "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                "usage": {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote},
            }
        ).encode()
    )


def calls(name, arguments, **more) -> Scripted:
    """A completion that calls one tool; ``arguments`` are an object, or text that may be no JSON."""
    return says(tools=[(name, arguments)], finish="tool_calls", **more)


def status(code, message="scripted", **headers) -> Scripted:
    """An error, as endpoints say it; it may be tried again at once."""
    said = {"error": {"message": message, "type": "scripted", "code": None}}
    return Scripted(json.dumps(said).encode(), code, {"retry-after-ms": "1", **headers})


def garbage(body=b"<html>no JSON</html>") -> Scripted:
    """A body that is no completion."""
    return Scripted(body)


def closes() -> Scripted:
    """The connection is closed before a word is said."""
    return Scripted(closes=True)


def late(seconds, reply="too late", *, drips=False) -> Scripted:
    """A reply that comes after so many seconds, or, ``drips``, byte by byte with a pause before each."""
    return replace(_scripted(reply), wait=seconds, drips=drips)


def lives(wait=0.05) -> Scripted:
    """A sign of life (status 102) every so many seconds, and never an answer."""
    return Scripted(wait=wait, lives=True)


def _scripted(reply) -> Scripted:
    if isinstance(reply, Scripted):
        return reply
    return says(reply if isinstance(reply, str) else json.dumps(reply))


class ScriptedEndpoint:
    """The running server: its address, and the requests that came, as bodies and as headers."""

    def __init__(self, script: Callable[[dict], object], *, key: str | None, most: int) -> None:
        self.requests: list[dict] = []
        self.headers: list[dict[str, str]] = []
        self._script, self._key, self._most = script, key, most
        self._lock = threading.Lock()
        self.stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The base address, as clients take it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def count(self) -> int:
        """How many requests have come."""
        return len(self.requests)

    def reply(self, path: str, headers: dict[str, str], body: dict) -> Scripted:
        """Note a request, and choose what it is answered."""
        with self._lock:
            self.requests.append(body)
            self.headers.append(headers)
            if len(self.requests) > self._most:
                return status(400, f"the script ends after {self._most} requests")
            if path != "/v1/chat/completions":
                return status(404, f"no such path: {path}")
            if self._key is not None and headers.get("authorization") != f"Bearer {self._key}":
                return status(401, f"wrong key: {headers.get('authorization')}")
            return _scripted(self._script(body))

    def stop(self) -> None:
        """Stop, whatever is still waiting."""
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


@contextmanager
def scripted(*replies, key: str | None = None, most: int = 400) -> Iterator[ScriptedEndpoint]:
    """Run an endpoint that gives these replies in their order, or what the one function among them answers."""
    endpoint = ScriptedEndpoint(_script(replies), key=key, most=most)
    try:
        yield endpoint
    finally:
        endpoint.stop()


def _script(replies) -> Callable[[dict], object]:
    if len(replies) == 1 and callable(replies[0]):
        return replies[0]
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def _handler(endpoint: ScriptedEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = endpoint.reply(self.path, headers, body)
            self.close_connection = True
            if reply.closes or (reply.wait and not (reply.drips or reply.lives) and self._waited(reply.wait)):
                return
            try:
                while reply.lives and not self._waited(reply.wait):
                    self.wfile.write(b"HTTP/1.1 102 Processing\r\n\r\n")
                self._send(reply)
            except OSError:
                return  # the other side has gone

        def _send(self, reply: Scripted) -> None:
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.body)))
            self.send_header("connection", "close")
            self.end_headers()
            for byte in reply.body if reply.drips else ():
                if self._waited(reply.wait):
                    return
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            if not reply.drips:
                self.wfile.write(reply.body)

        def _waited(self, seconds: float) -> bool:
            """Wait; True where the server stopped meanwhile."""
            return endpoint.stopped.wait(min(seconds, LONGEST_WAIT))

        def log_message(self, *_) -> None:
            pass

    return Handler
