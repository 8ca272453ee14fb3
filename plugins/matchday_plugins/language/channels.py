"""Lines to and from somebody outside: a program that is started for it, or whoever is at the standard streams.

One line is asked, one line answers. Nobody is waited for longer than was said, and nothing is left running.
"""

from __future__ import annotations

import contextlib
import io
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from typing import Protocol, cast

from matchday.errors import one_line
from matchday_plugins.language.replies import NoAnswer

#: Bytes of a line; what is longer is cut, and is no answer then.
LONGEST_LINE = 1 << 20

#: Bytes that are read at a time.
PIECE = 1 << 16

#: Lines that a program may be ahead.
MOST_UNREAD = 1000

#: Seconds that a program has to end by itself once its input is closed.
FAREWELL = 2.0


class Channel(Protocol):
    """Somebody who answers lines; a person reads others than a program does."""

    @property
    def is_person(self) -> bool:
        """Whether it is a person at a terminal."""

    def ask(self, line: str, seconds: float, *, again: bool = False) -> str:
        """Send a line, and answer the one that comes back; raises ``NoAnswer`` where none does in time.

        What has come before it was asked for is no answer, but where the same is asked ``again``.
        """

    def close(self, line: str) -> None:
        """Send a last line, and expect nothing."""


class Program:
    """A program that is started with a ``command``; its standard error goes where this process's does.

    Raises ``NoAnswer`` where it cannot be started. It is ended by ``close``, or when nobody holds this any more.
    """

    is_person = False

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = subprocess.Popen(
                list(command), bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        except (OSError, ValueError) as error:
            raise NoAnswer(f"{command[0]!r} cannot be started: {one_line(error)}") from None
        self._heard = _Heard()
        self._writer: threading.Thread | None = None
        self._input = cast("io.RawIOBase", self._process.stdin)
        threading.Thread(target=self._heard.listen, args=(self._process.stdout,), daemon=True).start()
        self.end = weakref.finalize(self, _end, self._process)

    def ask(self, line: str, seconds: float, *, again: bool = False) -> str:
        """Send a line, and answer the one that comes back; one that is late is not waited for: the program is ended."""
        try:
            if not again:
                self._heard.pass_over()
            self._send(line, seconds)
            answer = self._heard.line(seconds)
        except queue.Empty:
            self.end()
            raise NoAnswer(f"no answer within {seconds:g} s; the program was ended") from None
        if not answer:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=FAREWELL)
            status = self._process.returncode
            self.end()
            raise NoAnswer(
                "the program talks unasked, or to nobody"
                if status is None
                else f"the program ended with status {status}"
            )
        return answer.decode("utf-8-sig", "replace").strip()

    def close(self, line: str) -> None:
        """Send a last line, close the program's input, and wait a moment for it to end."""
        with contextlib.suppress(queue.Empty):
            self._send(line, FAREWELL)
            if self._writer is not None:
                self._writer.join(FAREWELL)
        if self._writer is None or not self._writer.is_alive():
            self._input.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=FAREWELL)
        self.end()

    def _send(self, line: str, seconds: float) -> None:
        """Send a line from a thread of its own: a program that does not read would hold this one up."""
        if self._writer is not None:
            self._writer.join(seconds)
            if self._writer.is_alive():
                raise queue.Empty
        self._writer = threading.Thread(target=_write, args=(self._input, line), daemon=True)
        self._writer.start()


class _Heard:
    """What a program has said: whole lines, and of a line that has begun the beginning."""

    def __init__(self) -> None:
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._arriving = threading.Lock()
        self._begun = b""
        self._stale = False  # whether the line that has begun is passed over

    def line(self, seconds: float) -> bytes:
        """Answer the next line, and nothing at the end; raises ``queue.Empty`` where none comes in time."""
        return self._lines.get(timeout=seconds)

    def pass_over(self) -> None:
        """Leave aside what has been said so far, also a line that has only begun; but not the end."""
        with self._arriving:  # what came in one piece with the last answer is there then
            self._stale = bool(self._begun)
            while not self._lines.empty():
                if not (line := self._lines.get()):
                    self._lines.put(line)
                    return

    def listen(self, stream: io.RawIOBase) -> None:
        """Hear line after line; to who talks without being asked nobody listens any more."""
        with contextlib.suppress(OSError, ValueError), stream:
            while self._lines.qsize() < MOST_UNREAD and (piece := stream.read(PIECE)):
                with self._arriving:
                    self._take(piece)
        with self._arriving:
            if self._begun:
                self._hand_over()
            self._lines.put(b"")

    def _take(self, piece: bytes) -> None:
        *whole, begun = (self._begun + piece).split(b"\n")
        for line in whole:
            self._begun = line + b"\n"
            self._hand_over()
            self._stale = False
        self._begun = begun
        if len(begun) > LONGEST_LINE:
            self._hand_over()

    def _hand_over(self) -> None:
        """Hand over what there is of a line, unless the line is passed over."""
        if not self._stale:
            self._lines.put(self._begun)
        self._begun = b""


def _write(stream: io.RawIOBase, line: str) -> None:
    left = memoryview(f"{line}\n".encode("utf-8", "replace"))
    with contextlib.suppress(OSError, ValueError):  # it has ended, as its silence will tell
        while left:
            left = left[stream.write(left) or 0 :]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that has not ended by itself, with all that it has started."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            process.stdin.close()


class Streams:
    """Whoever is at this process's standard input and output."""

    @property
    def is_person(self) -> bool:
        """Whether that is a person at a terminal, who is not hurried."""
        return bool(sys.stdin is not None and sys.stdin.isatty())

    def ask(self, line: str, seconds: float, *, again: bool = False) -> str:  # noqa: ARG002
        """Print a line, and read one; what is there already may be an answer, as where all are in a file."""
        try:
            print(line, flush=True)
            answer = sys.stdin.readline(LONGEST_LINE) if self.is_person else _piped(seconds)
        except (OSError, ValueError, AttributeError) as error:
            raise NoAnswer(f"the standard streams cannot be used: {one_line(error)}") from None
        if not answer:
            raise NoAnswer("standard input has ended")
        return answer.strip()

    def close(self, line: str) -> None:
        """Print a last line."""
        with contextlib.suppress(OSError, ValueError):
            print(line, flush=True)


def _piped(seconds: float) -> str:
    """Read a line of a pipe, byte by byte, so that what follows stays there for whoever reads next."""
    try:
        source = sys.stdin.fileno()
    except (OSError, ValueError):  # no file, as in a notebook
        return sys.stdin.readline(LONGEST_LINE)
    line = bytearray()
    while not line.endswith(b"\n") and len(line) < LONGEST_LINE:
        ready, _, _ = select.select([source], [], [], seconds)
        if not ready:
            raise NoAnswer(f"no answer within {seconds:g} s")
        byte = os.read(source, 1)
        if not byte:
            break
        line += byte
    return line.decode("utf-8", "replace")
