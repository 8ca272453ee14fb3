"""What the record has of a matchday that is played again, as the settled ones of a run are that is resumed.

Who asks outside must not ask again then: a component takes what it was answered, or that it was not, from the record.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from matchday.actions import Consultation


class Recorded:
    """The consultations of settled matchdays, as (matchday, consultation); each is taken once, in their order."""

    def __init__(self, consultations: Iterable[tuple[int, Consultation]]) -> None:
        self._left: defaultdict[tuple[int, str], deque[Consultation]] = defaultdict(deque)
        for matchday, each in consultations:
            self._left[matchday, each.asked].append(each)

    def take(self, matchday: int, asked: str) -> Consultation | None:
        """Take what came of a question; None: it was not asked, or not so often."""
        left = self._left[matchday, asked]
        return left.popleft() if left else None


_recorded: ContextVar[Recorded | None] = ContextVar("_recorded", default=None)


def is_replaying() -> bool:
    """Whether what is played now is on record already.

    >>> is_replaying()
    False
    """
    return _recorded.get() is not None


def on_record(matchday: int, asked: str) -> Consultation | None:
    """Take what the record has of a question; None: nothing, as where no run is replayed."""
    recorded = _recorded.get()
    return None if recorded is None else recorded.take(matchday, asked)


@contextmanager
def replaying(recorded: Recorded | None) -> Iterator[None]:
    """Say what the record has of what is played inside; None: that it is new."""
    token = _recorded.set(recorded)
    try:
        yield
    finally:
        _recorded.reset(token)
