"""Writing the report: whole or not at all, and refused before any work where it cannot be written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matchday.errors import MatchdayError

if TYPE_CHECKING:
    from matchday.comparison import Comparison
    from matchday.report.parts import Section


def render(comparison: Comparison, further: Sequence[Section] = ()) -> str:
    """Render a comparison as one self-contained HTML page: script, figures and style are all inside it.

    ``further`` sections come before those that every report has. The same comparison gives the same text. What users
    wrote (names, reasons, messages) is shown as text.
    """
    from matchday.report.assembling import assemble

    return assemble(comparison, further)


def write_report(comparison: Comparison, path: str | Path, further: Sequence[Section] = ()) -> None:
    """Write a comparison's report to a file, whole or not at all; one that is there is replaced.

    ``further`` sections come before those that every report has. Raises ``MatchdayError`` where the file cannot be
    written.
    """
    target = check_writable(path)
    page = render(comparison, further)
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        unfinished.write_text(page, encoding="utf-8")
        os.replace(unfinished, target)
    except OSError as error:
        raise MatchdayError(f"Report {str(path)!r} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def check_writable(path: str | Path) -> Path:
    """Answer the file that a report would be written to; raises ``MatchdayError`` where that cannot be done.

    Nothing is written, and a file that is there stays as it is.
    """
    target = Path(path).expanduser().resolve()
    folder = target.parent
    if target.is_dir():
        raise MatchdayError(f"Report {str(path)!r} is a folder; name a file in it, as {str(target / 'report.html')!r}.")
    if target.exists() and not target.is_file():
        raise MatchdayError(f"Report {str(path)!r} is no file, and is not replaced; name another one.")
    if not folder.is_dir():
        raise MatchdayError(f"Report {str(path)!r}: there is no folder {str(folder)!r}; make it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise MatchdayError(f"Report {str(path)!r}: folder {str(folder)!r} may not be written to; name another one.")
    return target
