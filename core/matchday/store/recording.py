"""Writing a play down while it happens, and going on with one that was cut off."""

from __future__ import annotations

from collections.abc import Iterator

from matchday.agent import Agent
from matchday.errors import StoreError
from matchday.events import ComponentFailed, Event, MatchdaySettled, SeasonClosed
from matchday.loop import play
from matchday.record import encode
from matchday.season import Season
from matchday.spec import RunSpec
from matchday.store.database import Batch, Run, Store
from matchday.summary import Tally


class _Recorder:
    """Gathers events and writes them at each settlement, a matchday a transaction."""

    def __init__(self, store: Store, spec: RunSpec, season: Season, *, run_id: str | None = None) -> None:
        self.run_id = run_id
        self._store, self._spec = store, spec
        self._tally = Tally(season)
        self._pending: list[Event] = []
        self._position = 0
        self._matchday = 0
        self._status = "running"

    def pass_over(self, event: Event) -> None:
        """Count an event that is on record already."""
        self._tally.add(event)
        self._position += 1
        if isinstance(event, MatchdaySettled):
            self._matchday = event.matchday

    def add(self, event: Event) -> None:
        """Take an event, and write what is pending when it ends a matchday, the season or the run."""
        self._tally.add(event)
        self._pending.append(event)
        match event:
            case MatchdaySettled():
                self._matchday = event.matchday
                self._flush(event.matchday)
            case ComponentFailed():
                ends = self._spec.rules.on_failure == "stop"
                self._status = "failed" if ends else self._status
                self._flush(self._matchday + 1)
            case SeasonClosed():
                self._status = event.reason
                self._flush(self._matchday + 1)

    def _flush(self, matchday: int) -> None:
        batch = Batch(self._position, matchday, self._pending, self._status, self._tally.summary())
        if self.run_id is None:
            self.run_id = self._store.begin(self._spec, batch)
        else:
            self._store.append(self.run_id, batch)
        self._position += len(self._pending)
        self._pending = []


def record(store: Store, spec: RunSpec, agent: Agent, season: Season) -> Iterator[tuple[str | None, Event]]:
    """Play and write down; yields (run id, event), the id from the first matchday that is on record."""
    recorder = _Recorder(store, spec, season)
    for event in play(agent, season, spec.rules, seed=spec.seed):
        recorder.add(event)
        yield recorder.run_id, event


def resume(store: Store, run: Run, agent: Agent, season: Season) -> Iterator[tuple[str | None, Event]]:
    """Go on with a run: replay its settled matchdays through fresh components, then play and write down the rest.

    Raises ``StoreError`` where the run is over, where the data have changed, and where a replayed event differs from
    the record.
    """
    if run.status in {"completed", "ruined"}:
        raise StoreError(f"Run {run.id!r} is {run.status}; there is nothing to resume.")
    if season.fingerprint != run.spec.data:
        raise StoreError(
            f"Run {run.id!r}: the data of {season.name} have changed since ({run.spec.data} then, "
            f"{season.fingerprint} now); play it again."
        )
    settled = store.settled(run.id)
    store.rewind(run.id, settled)
    on_record = store.events(run.id)
    recorder = _Recorder(store, run.spec, season, run_id=run.id)
    for position, event in enumerate(play(agent, season, run.spec.rules, seed=run.spec.seed)):
        if position < len(on_record):
            _compare(run, encode(event), on_record[position])
            recorder.pass_over(event)
        else:
            recorder.add(event)
        yield run.id, event


def _compare(run: Run, replayed: str, recorded: str) -> None:
    if replayed != recorded:
        raise StoreError(
            f"Run {run.id!r}: the replay differs from the record, {replayed[:120]!r} for {recorded[:120]!r}; a "
            "component or the code has changed since, so play it again."
        )
