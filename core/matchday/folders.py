"""Folders on the user's machine: where things are kept that can be had again, and whether one can be written to."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from matchday.errors import MatchdayError


def cache_folder(name: str) -> Path:
    """Answer the folder where things of a kind are kept: ``name`` in ``MATCHDAY_CACHE`` or in the user's cache."""
    if os.environ.get("MATCHDAY_CACHE"):
        return Path(os.environ["MATCHDAY_CACHE"]) / name
    import pooch  # imported late: the command line need not pay for it

    return Path(pooch.os_cache("matchday")) / name


def make_writable(folder: Path, what: str) -> None:
    """Make a folder, unless it is there, and write to it; raises ``MatchdayError`` about ``what`` where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        reason = error.strerror or error
        raise MatchdayError(f"{what} {str(folder)!r} cannot be written: {reason}; name another folder.") from error
