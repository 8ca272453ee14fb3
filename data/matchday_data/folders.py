"""A home folder written as a tilde."""

from __future__ import annotations

from pathlib import Path

from matchday.errors import SourceError


def expanded(folder: Path) -> Path:
    """Put the home folder in place of a leading ``~``; raises ``SourceError`` where ``~name`` names no user."""
    try:
        return folder.expanduser()
    except RuntimeError as error:
        raise SourceError(f"Folder {str(folder)!r} has no home: no such user; write the folder out.") from error
