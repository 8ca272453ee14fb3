"""What code does besides computing, as the interpreter's audit events tell it: files, sockets, other processes."""

from __future__ import annotations

import os
import socket
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from matchday.assembly import ONE_ANSWERS
from matchday.component import Component

Kind = Literal["file", "socket", "process", "stdin"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing done besides computing; ``where`` is the hook that did it, "" outside of all hooks."""

    kind: Kind
    what: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.what} ({self.where})" if self.where else self.what


#: The first part of an audit event's name, or all of it -> what kind of effect it is.
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("open", "shutil", "sqlite3", "tempfile"), "file"),
    **dict.fromkeys((f"os.{name}" for name in ("remove", "rename", "mkdir", "rmdir", "link", "symlink")), "file"),
    **dict.fromkeys((f"os.{name}" for name in ("truncate", "chmod", "chown", "utime")), "file"),
    **dict.fromkeys(("os.listdir", "os.scandir"), "file"),
    **dict.fromkeys(("socket", "urllib", "http", "ftplib", "smtplib", "imaplib", "poplib"), "socket"),
    **dict.fromkeys(
        (f"os.{name}" for name in ("system", "exec", "fork", "forkpty", "spawn", "posix_spawn")), "process"
    ),
    **dict.fromkeys(("subprocess", "pty", "os.chdir", "os.putenv", "os.unsetenv"), "process"),
    "builtins.input": "stdin",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CODE = (".py", ".pyc", ".pyi", ".so", ".pyd", ".dll", ".dylib", ".egg-link", ".pth")
#: Folders of the interpreter, of installed packages and of the machine itself; reading there is no effect.
_INSTALLED = tuple(
    {os.path.realpath(each) + os.sep for each in sysconfig.get_paths().values()}
    | {os.path.realpath(each) + os.sep for each in (sys.prefix, sys.base_prefix)}
    | {"/proc/", "/sys/", "/dev/", "/usr/share/zoneinfo/", "/etc/localtime"}
)

_watching: list[list[Effect]] = []
_installed = False
_hearing = threading.local()


@contextmanager
def watched() -> Iterator[list[Effect]]:
    """Record the effects of what runs inside, in all threads; the list that it gives is filled as they happen.

    Imports, and reading code, what installed packages bring with them, or the machine's own description of itself
    (``/proc``), are no effects. What a compiled library does without telling the interpreter is not seen. The clock
    is none of its business: reading it raises no audit event.
    """
    global _installed
    if not _installed:
        _installed = True
        sys.addaudithook(_hear)  # which cannot be taken away again: hence one for all, silent unless somebody watches
    effects: list[Effect] = []
    _watching.append(effects)
    try:
        yield effects
    finally:
        _watching[:] = [each for each in _watching if each is not effects]


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or getattr(_hearing, "now", False):  # looking into an event may open something itself
        return
    _hearing.now = True
    try:
        _listen(event, arguments, sys._getframe(1))
    finally:
        _hearing.now = False


def _listen(event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
    kind = _KINDS.get(event) or (None if event.startswith("os.") else _KINDS.get(event.partition(".")[0]))
    if kind is None or (event in _HARMLESS and _HARMLESS[event](*arguments)):
        return
    if _importing(frame):
        return
    effect = Effect(kind, _told(event, arguments), _place(frame))
    for effects in _watching:
        effects.append(effect)


def _opens_nothing(path: Any, mode: str | None, flags: int) -> bool:
    """Whether opening a file is none of anybody's business: a descriptor that is open, code, a package's own data."""
    if not isinstance(path, str | bytes | os.PathLike):
        return True
    name = os.fsdecode(path)
    if name == os.devnull:
        return True
    if flags & _WRITING or set(mode or "") & set("wax+"):
        return False
    return name.endswith(_CODE) or _installed_in(name)


def _lists_nothing(path: Any) -> bool:
    """Whether listing a folder is none of anybody's business: one of installed packages."""
    return isinstance(path, int) or _installed_in(os.path.join(os.getcwd() if path is None else os.fsdecode(path), ""))


def _is_within(_socket: Any, family: int, _type: int, _protocol: int) -> bool:
    """Whether a socket that is made leads nowhere yet: a pair of them, in this process, as asyncio keeps for itself."""
    return family == getattr(socket, "AF_UNIX", None)


#: What tells of the events of a name which of them are no effects, by their arguments.
_HARMLESS: dict[str, Callable[..., bool]] = {
    "open": _opens_nothing,
    "os.listdir": _lists_nothing,
    "os.scandir": _lists_nothing,
    "socket.__new__": _is_within,
}


def _installed_in(name: str) -> bool:
    """Whether a file or folder, the latter written with a separator behind, lies where installed packages do."""
    at = os.path.realpath(name) + (os.sep if name.endswith(os.sep) else "")
    return at.startswith((*_INSTALLED, *_packages()))


def _packages() -> list[str]:
    """Find the folders of the packages that are imported, wherever they lie."""
    roots = [module for name, module in list(sys.modules.items()) if "." not in name]
    found = [each for root in roots for each in getattr(root, "__path__", None) or ()]
    return [os.path.realpath(each) + os.sep for each in found]


def _importing(frame: FrameType | None) -> bool:
    """Whether this happens while a module is being imported."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _place(frame: FrameType | None) -> str:
    """Name the innermost hook that is being called, and the line in it; in a thread of somebody's own, the line."""
    line = ""
    while frame is not None:
        at = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        if frame.f_code.co_name in ONE_ANSWERS and isinstance(actor := frame.f_locals.get("self"), Component):
            return f"hook {frame.f_code.co_name!r} of {actor.name!r}, {at}"
        if not line and not frame.f_code.co_filename.startswith((*_INSTALLED, "<")):
            line = at
        frame = frame.f_back
    return "" if threading.current_thread() is threading.main_thread() else f"a thread, {line}".rstrip(", ")


def _told(event: str, arguments: tuple[Any, ...]) -> str:
    """Say what happened: the event, and the first of its arguments that is text, or an address."""
    if event == "open":
        path, mode, flags = arguments
        writes = flags & _WRITING or set(mode or "") & set("wax+")
        return f"{'writes' if writes else 'reads'} {os.fsdecode(path)!r}"
    shown = [each for each in arguments if isinstance(each, str | bytes | tuple | list | os.PathLike)]
    return f"{event} {shown[0]!r}" if shown else event
