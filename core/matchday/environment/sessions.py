"""Many environments at once, by id: a limited number, each for itself, and gone when nobody has used it for long."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from matchday.errors import MatchdayError

T = TypeVar("T")


@dataclass(slots=True)
class _Session(Generic[T]):
    holds: T
    used: float


class Sessions(Generic[T]):
    """What is open, by id. Ids cannot be guessed, so that whoever has one may use it.

    One that has not been used for ``idle_seconds`` goes when somebody opens or looks for one. Raises ``MatchdayError``
    for an id that is not there, and where ``limit`` are open.
    """

    def __init__(
        self, *, idle_seconds: float = 3600.0, limit: int = 256, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._idle, self._limit, self._clock = idle_seconds, limit, clock
        self._open: dict[str, _Session[T]] = {}
        self._making = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        with self._lock:
            self._reap()
            return len(self._open)

    def open(self, make: Callable[[], T]) -> str:
        """Make one, and answer its id; nothing is made where there is no room."""
        with self._lock:
            self._reap()
            if len(self._open) + self._making >= self._limit:
                raise MatchdayError(f"{self._limit} episodes are open; rule: at most {self._limit}; close one.")
            self._making += 1
        try:
            session = _Session(make(), self._clock())  # outside the lock: it may load a season
        finally:
            with self._lock:
                self._making -= 1
        ident = secrets.token_hex(16)
        with self._lock:
            self._open[ident] = session
        return ident

    def get(self, ident: str) -> T:
        """Look one up, which counts as using it."""
        with self._lock:
            self._reap()
            session = self._open.get(ident)
            if session is None:
                raise MatchdayError(
                    f"there is no episode {ident[:64]!r}; it was never opened, was closed, or was idle for more than "
                    f"{self._idle:g} s; open one."
                )
            session.used = self._clock()
            return session.holds

    def close(self, ident: str) -> None:
        """Let one go; one that is gone stays gone."""
        with self._lock:
            self._open.pop(ident, None)

    def _reap(self) -> None:
        latest = self._clock() - self._idle
        for ident in [ident for ident, session in self._open.items() if session.used < latest]:
            del self._open[ident]
