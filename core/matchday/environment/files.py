"""The past as Parquet files, for agents that can run code: one folder a table, one file a matchday, nothing ahead."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from matchday.environment.tables import TABLES, flat
from matchday.errors import MatchdayError
from matchday.events import Event, MatchdayOpened
from matchday.folders import make_writable
from matchday.history import History


class PastFiles:
    """Writes the past into a folder, as of each matchday's opening.

    ``FOLDER/matches/000.parquet`` has what was known before the season, ``001.parquet`` what the first matchday added,
    and so on; ``pandas.read_parquet("FOLDER/matches")`` reads them all as one table. The tables are ``matches``,
    ``odds``, ``quotes`` (columns ``PSC home``), ``players`` and ``below``; one that is empty has no folder. Raises
    ``MatchdayError`` where the folder holds files already, or where pyarrow is not installed.
    """

    def __init__(self, folder: Path) -> None:
        _need_pyarrow()
        if folder.exists() and any(folder.iterdir()):
            raise MatchdayError(f"Folder {str(folder)!r} is not empty; give an empty one, or one that is not there.")
        self._folder = folder
        self._written = dict.fromkeys(TABLES, 0)

    def add(self, event: Event) -> None:
        """Write what is new when a matchday opens."""
        if isinstance(event, MatchdayOpened):
            self._write(event.day.history, event.matchday - 1)

    def _write(self, history: History, number: int) -> None:
        for name in TABLES:
            frame: pd.DataFrame = getattr(history, name)
            new = frame.iloc[self._written[name] :]
            if len(new):
                self._written[name] = len(frame)
                folder = self._folder / name
                folder.mkdir(parents=True, exist_ok=True)
                table = flat(new) if name == "quotes" else new
                half = folder / f".{number:03d}.half"
                table.to_parquet(half, engine="pyarrow")
                half.replace(folder / f"{number:03d}.parquet")


def check_folder(folder: Path) -> None:
    """Make the folder below which agents' folders will lie; raises ``MatchdayError`` where nothing can be written."""
    _need_pyarrow()
    make_writable(folder, "Folder")


def _need_pyarrow() -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MatchdayError(
            "The past as files: pyarrow is not installed; pip install 'matchday[parquet]' brings it."
        ) from error
