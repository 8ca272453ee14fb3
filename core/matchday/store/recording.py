"""Writing a play down while it happens, and going on with one that was cut off."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from matchday.actions import Consultation
from matchday.agent import Agent
from matchday.encoding import encode
from matchday.errors import StoreError
from matchday.events import ComponentFailed, Event, MatchdaySettled, SeasonClosed
from matchday.loop import play
from matchday.replay import Recorded, replaying
from matchday.season import Season
from matchday.spec import RunSpec
from matchday.store.database import Batch, Run, Store
from matchday.store.rows import Rows, rows_of
from matchday.summary import Tally


class Scribe:
    """Writes events down as they come, before anybody can touch them, as batches of a matchday each.

    Events that follow the last settlement (the end of the season, a failure) count to the matchday after it, so that a
    run that goes on from that settlement replaces them. ``on_record`` is how many events a store holds of the run.
    """

    def __init__(self, spec: RunSpec, season: Season, *, on_record: int = 0) -> None:
        self._spec = spec
        self._tally = Tally(season)
        self._lines: list[str] = []
        self._rows: list[Rows] = []
        self._position = 0
        self._on_record = on_record  # events in the store; those beyond a replay are replaced at the first write
        self._matchday = 0
        self._status = "running"

    def pass_over(self, event: Event) -> None:
        """Count an event that is on record already."""
        self._tally.add(event)
        self._position += 1
        if isinstance(event, MatchdaySettled):
            self._matchday = event.matchday

    def add(self, event: Event) -> Batch | None:
        """Take an event; answers what is to be written when it ends a matchday, the season or the run."""
        self._tally.add(event)
        self._lines.append(encode(event))
        self._rows.append(rows_of(event))
        match event:
            case MatchdaySettled():
                self._matchday = event.matchday
                return self._batch(event.matchday)
            case ComponentFailed():
                ends = self._spec.rules.on_failure == "stop"
                self._status = "failed" if ends else self._status
                # a run of no matchday is not worth keeping
                return self._batch(self._matchday + 1) if self._matchday else None
            case SeasonClosed():
                self._status = event.reason
                return self._batch(self._matchday + 1)
        return None

    def _batch(self, matchday: int) -> Batch:
        batch = Batch(
            position=self._position,
            on_record=self._on_record,
            matchday=matchday,
            lines=tuple(self._lines),
            rows=tuple(self._rows),
            status=self._status,
            summary=self._tally.summary(),
        )
        self._position += len(self._lines)
        self._on_record = self._position
        self._lines, self._rows = [], []
        return batch


class Recorder:
    """Writes a new run down, event by event; ``run_id`` is there from the first matchday that is on record."""

    def __init__(self, store: Store, spec: RunSpec, season: Season) -> None:
        self._store, self._spec = store, spec
        self._scribe = Scribe(spec, season)
        self.run_id: str | None = None

    def add(self, event: Event) -> None:
        """Take an event; raises ``StoreError`` where the matchday that it ends cannot be written."""
        batch = self._scribe.add(event)
        if batch is None:
            return
        if self.run_id is None:
            self.run_id = self._store.begin(self._spec, [batch])
        else:
            self._store.append(self.run_id, batch)


def record(store: Store, spec: RunSpec, agent: Agent, season: Season) -> Iterator[tuple[str | None, Event]]:
    """Play and write down; yields (run id, event), the id from the first matchday that is on record."""
    recorder = Recorder(store, spec, season)
    for event in play(agent, season, spec.rules, seed=spec.seed):
        recorder.add(event)
        yield recorder.run_id, event


def resume(store: Store, run: Run, agent: Agent, season: Season) -> Iterator[tuple[str | None, Event]]:
    """Go on with a run: replay its settled matchdays through fresh components, then play and write down the rest.

    Raises ``StoreError`` where the run is over, where the data have changed, and where a replayed event differs from
    the record. Nothing on record is touched before all that was settled has been replayed.
    """
    if run.status in {"completed", "ruined"}:
        raise StoreError(f"Run {run.id!r} is {run.status}; there is nothing to resume.")
    if season.fingerprint != run.spec.data:
        raise StoreError(
            f"Run {run.id!r}: the data of {season.name} have changed since ({run.spec.data} then, "
            f"{season.fingerprint} now); play it again."
        )
    settled = store.events(run.id, up_to=store.settled(run.id))
    scribe = Scribe(run.spec, season, on_record=len(store.events(run.id)))
    played = play(agent, season, run.spec.rules, seed=run.spec.seed)
    for position, event in _numbered(played, settled):
        if position < len(settled):
            _compare(run, event, encode(event), settled[position])
            scribe.pass_over(event)
        elif batch := scribe.add(event):
            store.append(run.id, batch)
        yield run.id, event


def _numbered(events: Iterator[Event], settled: Sequence[str]) -> Iterator[tuple[int, Event]]:
    """Number events from 0; the first ones are a replay of those that are ``settled``."""
    recorded = Recorded(_consulted(settled))
    for position in itertools.count():
        with replaying(recorded if position < len(settled) else None):
            event = next(events, None)
        if event is None:
            return
        yield position, event


def _consulted(lines: Sequence[str]) -> Iterator[tuple[int, Consultation]]:
    """Read who was asked what, and when, from events as they are on record."""
    for line in lines:
        if line.startswith('{"event":"Consulted"'):
            event = json.loads(line)
            yield event["matchday"], Consultation(**event["consultation"])


def _compare(run: Run, event: Event, replayed: str, recorded: str) -> None:
    if replayed == recorded or (isinstance(event, ComponentFailed) and _placeless(replayed) == _placeless(recorded)):
        return
    if isinstance(event, ComponentFailed):
        where = f"matchday {event.matchday}, {event.component!r}: {event.message}"
        raise StoreError(f"Run {run.id!r}: the replay fails where the record goes on ({where}); play it again.")
    pairs = enumerate(zip(replayed, recorded, strict=False))
    first = next((i for i, (new, old) in pairs if new != old), min(len(replayed), len(recorded)))
    there = slice(max(first - 40, 0), first + 40)
    where = f"matchday {getattr(event, 'matchday', 0)}, {type(event).__name__}"
    cause = "a component or the code has changed since" if run.summary.reproducible else "call_seconds cuts elsewhere"
    raise StoreError(
        f"Run {run.id!r}: the replay differs from the record ({where}: {replayed[there]!r} for {recorded[there]!r}); "
        f"{cause}, so play it again."
    )


def _placeless(failure: str) -> dict[str, Any]:
    """Read a failure without the line it happened in, which moves when something else in the file is edited."""
    return {**json.loads(failure), "place": ""}
