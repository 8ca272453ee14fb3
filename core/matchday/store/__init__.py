"""The run store: what was played, kept in a database that outlives the process."""

from matchday.store.database import Run, Store
from matchday.store.recording import record, resume

__all__ = ["Run", "Store", "record", "resume"]
