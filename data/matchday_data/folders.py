"""Folders on the user's machine: where downloads go, and a home folder written as a tilde."""

from __future__ import annotations

import os
from pathlib import Path

from matchday.errors import SourceError


def cache_folder(name: str) -> Path:
    """Answer the folder that downloads of a kind go to: ``name`` in ``MATCHDAY_CACHE`` or in the user's cache."""
    if os.environ.get("MATCHDAY_CACHE"):
        return Path(os.environ["MATCHDAY_CACHE"]) / name
    import pooch  # imported late: the command line need not pay for it

    return Path(pooch.os_cache("matchday")) / name


def expanded(folder: Path) -> Path:
    """Put the home folder in place of a leading ``~``; raises ``SourceError`` where ``~name`` names no user."""
    try:
        return folder.expanduser()
    except RuntimeError as error:
        raise SourceError(f"Folder {str(folder)!r} has no home: no such user; write the folder out.") from error
