"""What code does besides computing, as the interpreter's audit events tell it: files, sockets, other processes."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from matchday.assembly import ONE_ANSWERS
from matchday.component import Component

Kind = Literal["file", "socket", "process"]


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
    **dict.fromkeys(("socket", "urllib", "http", "ftplib", "smtplib", "imaplib", "poplib"), "socket"),
    **dict.fromkeys(
        (f"os.{name}" for name in ("system", "exec", "fork", "forkpty", "spawn", "posix_spawn")), "process"
    ),
    **dict.fromkeys(("subprocess", "pty"), "process"),
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
    if not _watching:
        return
    kind = _KINDS.get(event) or (None if event.startswith("os.") else _KINDS.get(event.partition(".")[0]))
    if kind is None or (event == "open" and _harmless(*arguments)):
        return
    frame = sys._getframe(1)
    if _importing(frame):
        return
    effect = Effect(kind, _told(event, arguments), _place(frame))
    for effects in _watching:
        effects.append(effect)


def _harmless(path: Any, mode: str | None, flags: int) -> bool:
    """Whether opening a file is none of anybody's business: a descriptor that is open, code, a package's own data."""
    if not isinstance(path, str | bytes | os.PathLike):
        return True
    name = os.fsdecode(path)
    if name == os.devnull:
        return True
    if flags & _WRITING or set(mode or "") & set("wax+"):
        return False
    return name.endswith(_CODE) or os.path.realpath(name).startswith((*_INSTALLED, *_packages()))


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
    """Name the innermost hook that is being called, and the line in it."""
    while frame is not None:
        if frame.f_code.co_name in ONE_ANSWERS and isinstance(actor := frame.f_locals.get("self"), Component):
            line = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
            return f"hook {frame.f_code.co_name!r} of {actor.name!r}, {line}"
        frame = frame.f_back
    return ""


def _told(event: str, arguments: tuple[Any, ...]) -> str:
    """Say what happened: the event, and the first of its arguments that is text, or an address."""
    if event == "open":
        path, mode, flags = arguments
        writes = flags & _WRITING or set(mode or "") & set("wax+")
        return f"{'writes' if writes else 'reads'} {os.fsdecode(path)!r}"
    shown = [each for each in arguments if isinstance(each, str | bytes | tuple | list | os.PathLike)]
    return f"{event} {shown[0]!r}" if shown else event
