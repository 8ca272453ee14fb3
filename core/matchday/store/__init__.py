"""The run store: what was played, kept in a database that outlives the process."""

from matchday.store.database import Run, Store
from matchday.store.recording import Recorder, record, resume

__all__ = ["Recorder", "Run", "Store", "record", "resume"]
