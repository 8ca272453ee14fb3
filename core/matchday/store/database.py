"""The database behind the store: SQLite in WAL mode by default, any SQLAlchemy URL by choice."""

from __future__ import annotations

import contextlib
import datetime
import json
import secrets
import shutil
import tempfile
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from matchday.errors import StoreError, did_you_mean
from matchday.spec import RunSpec
from matchday.store import schema
from matchday.store.engine import open_engine
from matchday.store.rows import Row, Rows
from matchday.summary import Summary


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the store; ``status`` is running, completed, ruined or failed."""

    id: str
    key: str
    status: str
    started: datetime.datetime
    spec: RunSpec
    summary: Summary


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to write at once: their lines and rows, the first at ``position``, and how the run stands after them.

    ``on_record`` is how many events the store holds before; those from ``position`` on are replaced.
    """

    position: int
    on_record: int
    matchday: int
    lines: tuple[str, ...]
    rows: tuple[Rows, ...]
    status: str
    summary: Summary


class Store:
    """Runs, their events, and the tables made of them.

    ``location`` is a file (made when the first matchday is written) or a SQLAlchemy URL. Every method raises
    ``StoreError`` in one line where the store cannot be reached, read or written.
    """

    def __init__(self, location: str | Path) -> None:
        self.location = str(location)
        self._engine, self._file = open_engine(self.location)
        if self.exists():
            self._check_version()

    @classmethod
    def temporary(cls) -> Store:
        """Make a store that goes when nobody holds it any more."""
        folder = tempfile.mkdtemp(prefix="matchday-")
        store = cls(Path(folder) / "matchday.db")
        weakref.finalize(store, _remove, store._engine, folder)
        return store

    def exists(self) -> bool:
        """Whether anything has been written yet; always True behind the URL of a server."""
        return self._file is None or (self._file.exists() and self._file.stat().st_size > 0)

    def begin(self, spec: RunSpec, batches: Sequence[Batch]) -> str:
        """Write a new run with its first events, or with all of them, in one transaction; answers its id."""
        run_id = secrets.token_hex(4)
        row = {
            "id": run_id,
            "key": spec.key,
            "agent": spec.agent["name"],
            "season": spec.season,
            "source": spec.source,
            "seed": spec.seed,
            "status": batches[-1].status,
            "started": datetime.datetime.now(datetime.UTC),
            "spec": spec.model_dump_json(),
            "summary": "",
        }
        with self._transaction(create=True) as connection:
            connection.execute(sa.insert(schema.runs), row)
            _write(connection, run_id, batches)
        return run_id

    def append(self, run_id: str, batch: Batch) -> None:
        """Write a run's next events in one transaction.

        Raises ``StoreError`` where the store holds another number of its events than this process wrote or read.
        """
        counted = sa.select(sa.func.count()).where(schema.events.c.run_id == run_id)
        with self._transaction(write=True) as connection:
            if connection.execute(counted).scalar_one() != batch.on_record:
                raise StoreError(f"Run {run_id!r} is being played by another process; let that one finish.")
            if batch.on_record > batch.position:
                _forget(connection, run_id, batch)
            _write(connection, run_id, [batch])

    def runs(self) -> list[Run]:
        """List all runs, the oldest first."""
        with self._transaction() as connection:
            rows = connection.execute(sa.select(schema.runs).order_by(schema.runs.c.started)).all()
        return [_run(row) for row in rows]

    def run(self, run_id: str) -> Run:
        """Look up a run by its id, or by the first digits that only it has."""
        with self._transaction() as connection:
            known = connection.execute(sa.select(schema.runs.c.id)).scalars().all()
            found = [each for each in known if each == run_id] or [each for each in known if each.startswith(run_id)]
            if len(found) != 1:
                many = f"{len(found)} runs begin so; give more digits." if found else did_you_mean(run_id, known)
                raise StoreError(f"Run {run_id!r} is not in store {self.location!r}; {many}")
            return _run(connection.execute(sa.select(schema.runs).where(schema.runs.c.id == found[0])).one())

    def specs(self) -> Iterator[RunSpec]:
        """Read what was played; what cannot be read, of another version perhaps, is passed over."""
        if not self.exists():
            return
        with self._transaction() as connection:
            texts = connection.execute(sa.select(schema.runs.c.spec)).scalars().all()
        for text in texts:
            try:
                yield RunSpec.model_validate_json(text)
            except ValueError:
                continue

    def prepare(self) -> None:
        """Make sure that it can be written to, before there is anything to lose."""
        with self._transaction(create=True):
            pass

    def finished(self, keys: Iterable[str]) -> dict[str, Run]:
        """Find runs that were played to their end, by the key of their spec; of several the latest."""
        if not self.exists():
            return {}
        over = schema.runs.c.status.in_(["completed", "ruined"]) & schema.runs.c.key.in_(list(keys))
        with self._transaction() as connection:
            rows = connection.execute(sa.select(schema.runs).where(over).order_by(schema.runs.c.started)).all()
        found = {}
        for row in rows:
            with contextlib.suppress(StoreError):  # one that cannot be read is played anew
                found[row.key] = _run(row)
        return found

    def settled(self, run_id: str) -> int:
        """The number of matchdays of a run that are settled and on record."""
        with self._transaction() as connection:
            counted = sa.select(sa.func.count()).where(schema.matchdays.c.run_id == run_id)
            return int(connection.execute(counted).scalar_one())

    def events(self, run_id: str, *, up_to: int | None = None) -> list[str]:
        """The run's events as lines of JSON, in order; with ``up_to``, those of the matchdays up to that one."""
        chosen = sa.select(schema.events.c.event).where(schema.events.c.run_id == run_id)
        if up_to is not None:
            chosen = chosen.where(schema.events.c.matchday <= up_to)
        with self._transaction() as connection:
            return list(connection.execute(chosen.order_by(schema.events.c.position)).scalars())

    def frame(self, table: str, run_id: str | None = None) -> pd.DataFrame:
        """Read ``runs``, ``matchdays``, ``bets``, ``forecasts`` or ``expected`` as a DataFrame, of one run or of all.

        A table that came after the store was made is empty.
        """
        if table not in schema.metadata.tables:
            raise StoreError(f"Store: there is no table {table!r}; {did_you_mean(table, schema.metadata.tables)}")
        chosen = schema.metadata.tables[table]
        query = sa.select(chosen)
        if run_id is not None:
            query = query.where(chosen.c["id" if table == "runs" else "run_id"] == run_id)
        with self._transaction() as connection:
            if not sa.inspect(connection).has_table(table):
                return pd.DataFrame(columns=[column.name for column in chosen.columns])
            result = connection.execute(query)
            return pd.DataFrame(result.all(), columns=list(result.keys()))

    def _check_version(self) -> None:
        with self._transaction() as connection:
            tables = sa.inspect(connection).get_table_names()
            if not tables:
                return
            if "schema" not in tables or "runs" not in tables:
                raise StoreError(f"Store {self.location!r} is not a matchday store; give another one.")
            version = connection.execute(sa.select(schema.schema.c.version)).scalar_one()
        if version != schema.VERSION:
            raise StoreError(
                f"Store {self.location!r} has format {version}, this version writes {schema.VERSION}; use another one."
            )

    @contextmanager
    def _transaction(self, *, create: bool = False, write: bool = False) -> Iterator[sa.Connection]:
        if not create and not self.exists():
            raise StoreError(f"Store {self.location!r} does not exist; play a season first, or name another --store.")
        try:
            with self._engine.execution_options(write=create or write).begin() as connection:
                if create:
                    _create(connection)
                yield connection
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise StoreError(f"Store {self.location!r} cannot be used: {reason}.") from error


def _remove(engine: sa.Engine, folder: str) -> None:
    engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


def _write(connection: sa.Connection, run_id: str, batches: Sequence[Batch]) -> None:
    """Write lines and rows, a statement a table, and how the run stands after them."""
    content: dict[str, list[Row]] = defaultdict(list)
    for batch in batches:
        numbered = enumerate(batch.lines, start=batch.position)
        content["events"] += [{"position": p, "matchday": batch.matchday, "event": line} for p, line in numbered]
        for rows in batch.rows:
            for table, these in rows.items():
                content[table] += these
    for table, these in content.items():
        if these:
            connection.execute(sa.insert(schema.metadata.tables[table]), [{"run_id": run_id, **row} for row in these])
    change = {"status": batches[-1].status, "summary": json.dumps(asdict(batches[-1].summary))}
    connection.execute(sa.update(schema.runs).where(schema.runs.c.id == run_id), change)


def _forget(connection: sa.Connection, run_id: str, batch: Batch) -> None:
    """Take back what a run recorded after its last settled matchday, before it goes on from there."""
    for table in (schema.events, schema.forecasts, schema.consultations):
        later = (table.c.run_id == run_id) & (table.c.matchday >= batch.matchday)
        connection.execute(sa.delete(table).where(later))


def _create(connection: sa.Connection) -> None:
    """Make the tables that are not there; a store of an earlier version may lack some."""
    found = set(sa.inspect(connection).get_table_names())
    if schema.metadata.tables.keys() - found:
        schema.metadata.create_all(connection)
    if "schema" not in found:
        connection.execute(sa.insert(schema.schema), {"version": schema.VERSION})


def _run(row: Any) -> Run:
    try:
        spec, summary = RunSpec.model_validate_json(row.spec), Summary(**json.loads(row.summary))
    except (ValueError, TypeError) as error:
        raise StoreError(f"Run {row.id!r}: what the store says of it cannot be read; play it again.") from error
    return Run(row.id, row.key, row.status, row.started, spec, summary)
