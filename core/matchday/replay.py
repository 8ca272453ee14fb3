"""Whether what is played now has been played before, as the settled matchdays of a run are that is resumed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_replaying: ContextVar[bool] = ContextVar("_replaying", default=False)


def is_replaying() -> bool:
    """Whether the record has this already: a component that asks outside must take what it was answered then.

    >>> is_replaying()
    False
    """
    return _replaying.get()


@contextmanager
def replaying(now: bool) -> Iterator[None]:
    """Say whether what is played inside is a replay."""
    token = _replaying.set(now)
    try:
        yield
    finally:
        _replaying.reset(token)
