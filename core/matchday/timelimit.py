"""A limit on the time that a call takes. Nothing else in a play looks at a clock, and this does only where it is asked.

An alarm signal cuts a call off, which only the main thread of a process on Linux or macOS can be sent. Python hands it
over between two of its own instructions: a call that is lost inside compiled code is cut off when that comes back.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from matchday.errors import MatchdayError

#: Seconds after which a call that goes on in spite of the alarm hears it again.
AGAIN = 1.0


class OutOfTime(BaseException):
    """A call took too long; no ``Exception``, so that code which catches those does not catch this."""


def check_possible(seconds: float) -> None:
    """Raise ``MatchdayError`` where no alarm can cut a call off."""
    if not hasattr(signal, "setitimer"):
        where = "this system has none"
    elif threading.current_thread() is not threading.main_thread():
        where = "this is another thread"
    else:
        return
    raise MatchdayError(
        f"Rule call_seconds = {seconds:g}: calls are cut off by an alarm signal, which the main thread of a process on "
        f"Linux or macOS can take, and {where}; play it there, or leave the rule out."
    )


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTime`` in the block once it has worked for ``seconds``.

    The clock of a limit around this one stands still meanwhile: who asks others is not late because they are.
    """
    rung, working = False, True

    def ring(_signal: int, _frame: FrameType | None) -> None:
        nonlocal rung
        rung = True
        if working:
            raise OutOfTime

    around = signal.setitimer(signal.ITIMER_REAL, 0)
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
        if rung:  # and somebody caught it
            raise OutOfTime
    finally:
        working = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *around)
