"""Answers by content: the same question, asked in the same place of the same run, has the answer it had before.

A file an answer. Its name is a digest of all that decides the answer: the question, the run's seed, and how often the
same question was asked before in this run. Files appear whole or not at all, and the first one stands, so that plays
may share a folder. A failure is not kept: it is on the record of its run, and a new play asks again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from matchday.actions import Consultation
from matchday.errors import MatchdayError
from matchday.folders import cache_folder
from matchday.replay import is_replaying
from matchday_plugins.language.replies import Reply

_REPLY = TypeAdapter(Reply)


def answers_folder(folder: Path | None) -> Path:
    """Answer the folder where answers are kept: the one given, or ``answers`` in the user's cache."""
    return cache_folder("answers") if folder is None else Path(os.path.expanduser(folder))


class Answers:
    """The answers of one run, in a ``folder`` that it may share with others."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.folder, self._seed = folder, seed
        self._asked: Counter[str] = Counter()

    def key(self, question: Mapping[str, Any]) -> str:
        """Name the place of an answer, and count the question as asked once more."""
        text = json.dumps([self._seed, question], sort_keys=True, separators=(",", ":"), default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        self._asked[digest] += 1
        return f"{digest}-{self._asked[digest]}"

    def get(self, key: str) -> Reply | None:
        """Look up an answer; None where there is none, or its file is damaged."""
        try:
            return _REPLY.validate_json(self._path(key).read_bytes())
        except (OSError, ValidationError):
            return None

    def again(self, key: str, recorded: Consultation | None) -> Reply | None:
        """Answer what is kept, or, in a replay, what is on record of it; None: it has to be asked.

        Raises ``MatchdayError`` in a replay where neither is there: another answer would be another run.
        """
        if recorded is not None and recorded.failure:
            return Reply(calls=recorded.calls, failure=recorded.failure)
        kept = self.get(key)
        if kept is None and is_replaying():
            raise MatchdayError(f"what was answered then is not among the answers in {str(self.folder)!r}")
        return kept

    def keep(self, key: str, reply: Reply) -> Reply:
        """Keep an answer, and answer the one that stands: another play's, if that was sooner.

        Raises ``MatchdayError`` where the folder cannot be written to: the run could not be repeated.
        """
        path = self._path(key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and self.get(key) is None:
                path.unlink(missing_ok=True)  # it is damaged
            _write(path, _REPLY.dump_json(reply, indent=1))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise MatchdayError(
                f"Answers cannot be kept in {str(self.folder)!r}: {reason}; set cache to a folder that can be written."
            ) from error
        return self.get(key) or reply

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, unless there is one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if not path.exists():
            _place(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _place(name: str, path: Path) -> None:
    """Give a file its name; where two do so at once, the first one has it."""
    try:
        os.link(name, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        os.replace(name, path)
