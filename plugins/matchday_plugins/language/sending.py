"""One request, sent and answered in time whatever the other side does; and when it is worth another try.

The ``openai`` package's own retries draw from the generator that all share, and its limits of time are those of a
single read: a header, or the body of an error, that comes letter by letter would outlast them.
"""

from __future__ import annotations

import contextlib
import email.utils
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

from matchday_plugins.language.replies import EndpointFailed

#: Bytes of an answer that are read.
LARGEST = 10_000_000

#: Seconds before the second try, each later one waiting twice as long; never longer than the last of these.
FIRST_WAIT, LATER_WAIT = 0.5, 8.0

#: Seconds that an endpoint may ask for before the next try; where it wants more, there is none.
LONGEST_WAIT = 120.0


class Late(Exception):
    """An answer was not there, whole, in time."""


class Deadline:
    """Cuts a request's connection when its ``seconds`` are over; ``sent`` counts the requests that it has seen off."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.sent, self.is_over = seconds, 0, False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def see_off(self, request: Any) -> None:
        """Take note of a request that is being sent, and of the connection it takes."""
        self.sent += 1
        request.extensions["trace"] = self._note

    def _note(self, _event: str, told: Mapping[str, Any]) -> None:
        stream = told.get("return_value")
        if stream is not None and hasattr(stream, "get_extra_info"):
            self._socket = stream.get_extra_info("socket")
            if self.is_over:
                self._cut()

    def _cut(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def send(openai: Any, request: Mapping[str, Any], deadline: Deadline, *, address: str, key: str, local: bool) -> bytes:
    """Send a request to an address, and answer the body that came; raises what the package does, or ``Late``."""
    secure = not address.lower().startswith("http://")
    client = openai.DefaultHttpxClient(
        event_hooks={"request": [deadline.see_off]},
        trust_env=not local,
        verify=secure,  # certificates take long to load, and plain HTTP has none; so it leads nowhere else
        follow_redirects=secure,
    )
    asked = {name: request[name] for name in ("model", "messages")}
    more = {name: value for name, value in request.items() if name not in asked}
    try:
        with (
            openai.OpenAI(
                api_key=key, base_url=address, timeout=deadline.seconds, max_retries=0, http_client=client
            ) as speaker,
            deadline,
            speaker.chat.completions.with_streaming_response.create(**asked, extra_body=more) as answer,
        ):
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise EndpointFailed(f"the answer is longer than {LARGEST:,} bytes")
    except EndpointFailed:
        raise
    except Exception:
        if deadline.is_over:
            raise Late from None
        raise
    if deadline.is_over:  # and what was cut off looked like an end
        raise Late
    return bytes(body)


def wait_before_another(openai: Any, error: Exception, tried: int) -> float | None:
    """Answer how many seconds to wait after a request that failed, the ``tried``-th; None: it would fail again."""
    if isinstance(error, EndpointFailed):
        return None
    wanted = 0.0
    if isinstance(error, openai.APIStatusError):
        if not _may_pass(error.status_code, error.response.headers):
            return None
        wanted = _wanted(error.response.headers)
    if not wanted <= LONGEST_WAIT:
        return None
    return wanted if wanted > 0 else min(FIRST_WAIT * 2.0 ** (tried - 1), LATER_WAIT)


def _may_pass(code: int, headers: Mapping[str, str]) -> bool:
    said = headers.get("x-should-retry")
    return said == "true" if said in {"true", "false"} else code in {408, 409, 429} or code >= 500


def _wanted(headers: Mapping[str, str]) -> float:
    """Read how many seconds an endpoint wants to be left alone; 0: it does not say."""
    for name, unit in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        with contextlib.suppress(KeyError, ValueError):
            return float(headers[name]) * unit
    with contextlib.suppress(KeyError, TypeError, ValueError, OverflowError):
        return email.utils.parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time()
    return 0.0
