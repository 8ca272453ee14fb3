"""Answers by content: the same question, asked in the same place of the same run, has the answer it had before.

A file an answer. Its name is a digest of all that decides the answer: the question, the run's seed, and how often the
same question was asked before in this run. Files appear whole or not at all, so that plays may share a folder.

A failure is kept too, and counts in the replay of a run that is resumed and nowhere else: what is settled stays as it
was, and a new play asks again. An answer that it then gets takes the place of the failure, so that the older run cannot
be resumed any more, and says so.
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
        """Look up an answer, in a replay also a failure; None where there is none, or its file is damaged."""
        sound, failed = self._paths(key)
        for path in (sound, failed) if is_replaying() else (sound,):
            try:
                return _REPLY.validate_json(path.read_bytes())
            except (OSError, ValidationError):
                continue
        return None

    def keep(self, key: str, reply: Reply) -> Reply:
        """Keep an answer, and answer the one that stands: another play's, if that was sooner.

        Raises ``MatchdayError`` where the folder cannot be written to: the run could not be repeated.
        """
        if (sooner := self.get(key)) is not None:
            return sooner
        sound, failed = self._paths(key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(failed if reply.failure else sound, _REPLY.dump_json(reply, indent=1))
            if not reply.failure:
                failed.unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise MatchdayError(
                f"Answers cannot be kept in {str(self.folder)!r}: {reason}; set cache to a folder that can be written."
            ) from error
        return reply

    def _paths(self, key: str) -> tuple[Path, Path]:
        return self.folder / f"{key}.json", self.folder / f"{key}.failed.json"


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
