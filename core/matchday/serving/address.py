"""Where a server listens, and what whoever connects has to send."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from matchday.errors import MatchdayError


@dataclass(frozen=True, slots=True)
class Address:
    """A host, a port (0: a free one) and a token, without which the host has to be this machine's own.

    Raises ``MatchdayError`` for an address that others can reach and that asks for no token.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = None

    def __post_init__(self) -> None:
        if self.token is not None and not (self.token and self.token.isascii() and self.token.isprintable()):
            raise MatchdayError("--token: rule: at least one character, ASCII alone.")
        if self.token is None and not is_loopback(self.host):
            raise MatchdayError(f"--host {self.host}: others can reach it; give a --token, or listen at 127.0.0.1.")

    def listen(self) -> socket.socket:
        """Open the socket; whoever connects waits until it is served. Raises ``MatchdayError`` where it cannot be."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # TCP by name: only then does asyncio send each answer at once, not when the last one is acknowledged.
        opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((self.host, self.port))
            opened.listen(512)  # who connects before the server is up waits
        except OSError as error:
            opened.close()
            raise MatchdayError(f"--host {self.host} --port {self.port}: {error.strerror or error}.") from error
        return opened

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether a request may come in, by its headers in lower case: ``Authorization: Bearer`` or ``X-API-Key``."""
        if self.token is None:
            return True
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        sent = [headers.get("x-api-key", ""), bearer.strip() if kind.lower() == "bearer" else ""]
        return any(hmac.compare_digest(each.encode(), self.token.encode()) for each in sent)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("example.org")
    (True, True, False, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def where(opened: socket.socket) -> str:
    """Write where an open socket listens, as a URL."""
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
