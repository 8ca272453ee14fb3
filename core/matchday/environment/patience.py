"""How long somebody waits for an answer: work that takes longer is interrupted, in whichever thread it is done."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from matchday.timelimit import AGAIN

T = TypeVar("T")


class _Interrupted(BaseException):
    """Somebody waits no longer; no ``Exception``, so that code which catches those does not catch this."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """Do some work in this thread, and answer what it answers; raises ``TimeoutError`` after so many seconds.

    ``matchday.timelimit`` has a signal for that, which the main thread alone can be sent, and servers work in others.
    Here a thread waits and has Python raise an exception in the one that works, between two of its own instructions:
    work that is lost inside compiled code is interrupted when that comes back, and an import is not interrupted, since
    half a module would be left to everybody.
    """
    worker, done, late = threading.get_ident(), threading.Event(), threading.Event()

    def wait() -> None:
        left = seconds
        while not done.wait(left):
            if not _is_importing(worker):
                late.set()
                _raise_in(worker, _Interrupted)
            left = AGAIN

    def end() -> None:
        done.set()
        waiting.join()
        _raise_in(worker, None)  # what was raised and has not arrived

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    try:
        try:
            return work()
        finally:
            end()
    except BaseException as error:
        end()  # the interruption may have arrived in the first one
        if late.is_set():
            raise TimeoutError(f"more than {seconds:g} s") from error
        raise


def _is_importing(thread: int) -> bool:
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    raised = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
