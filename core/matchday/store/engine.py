"""From a location to a database engine; for SQLite, with transactions that a kill leaves whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from matchday.errors import StoreError


def open_engine(location: str) -> tuple[sa.Engine, Path | None]:
    """Make the engine of a file or a SQLAlchemy URL, and name the file where it is SQLite's; opens nothing yet.

    A connection whose execution option ``write`` is set takes SQLite's write lock at once; others only read.
    """
    url, file = _locate(location)
    try:
        engine = sa.create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise StoreError(f"Store {location!r}: {reason}; give a file or a SQLAlchemy URL.") from error
    if file is not None:
        sa.event.listen(engine, "connect", _configure)
        sa.event.listen(engine, "begin", _begin)
    return engine, file


def _locate(location: str) -> tuple[sa.URL | str, Path | None]:
    """Tell the database behind a location, and its file where it is SQLite's."""
    if "://" in location and not location.startswith("sqlite"):
        return location, None
    try:
        database = sa.make_url(location).database if "://" in location else location
    except ArgumentError:
        return location, None
    if database in {None, ":memory:"} or (not database and "://" in location):
        raise StoreError(f"Store {location!r} keeps nothing; give a file.")
    file = Path(str(database))
    if not database or file.is_dir():
        raise StoreError(f"Store {location!r} is no file; give one, as matchday.db.")
    if not file.parent.is_dir():
        raise StoreError(f"Store {location!r}: there is no folder {str(file.parent)!r}; make it first.")
    return sa.URL.create("sqlite", database=str(file)), file


def _configure(connection: Any, _record: Any) -> None:
    """Let readers and one writer work at once, and let a kill lose nothing that was committed.

    The driver's own transactions are switched off: it would begin none for ``CREATE TABLE``, and a kill would leave
    half a store behind.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """Begin a transaction; one that will write takes the lock at once, and waits for it."""
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
