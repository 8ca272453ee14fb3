"""A play in a fresh process: nothing that an earlier one left behind, in a global or elsewhere, is there."""

from __future__ import annotations

import dataclasses
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchday.agent import Agent
from matchday.auditing.futures import hide_behind
from matchday.auditing.remaking import remade
from matchday.encoding import encode
from matchday.errors import ComponentError, MatchdayError, SourceError
from matchday.events import MatchdayOpened, SlipPlaced, SlipRefused
from matchday.loop import play
from matchday.rules import Rules
from matchday.season import Season
from matchday.source import Source
from matchday.testing.effects import Effect, watched

#: What makes two processes compute the same: the order of sets, and linear algebra on one thread.
ALIKE = {
    "PYTHONHASHSEED": "0",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


#: Where something was done that no hook's call shows: as the agent was made, or in a thread of its own.
OUTSIDE = "outside of all hooks"


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """What a fresh process is to play: an agent and a source, as they are spelled out, and how often.

    ``fingerprint`` is that of the season, which is loaded through the source; with ``future`` that one is played in its
    place, which is another season from matchday ``until`` on. Each of the ``times`` ends with the slip of ``until``;
    None: with the season.
    """

    agent: Mapping[str, Any]
    source: Mapping[str, Any]
    season: str
    fingerprint: str
    rules: Rules
    seed: int = 0
    partial: bool = False
    until: int | None = None
    times: int = 1
    future: Season | None = None

    def run(self) -> Record:
        """Play in a process of its own; raises ``MatchdayError`` where that is impossible, or the process dies."""
        with tempfile.TemporaryDirectory(prefix="matchday-") as folder:
            task, told = Path(folder, "task"), Path(folder, "told")
            task.write_bytes(pickle.dumps(self))
            program = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import main; main(*sys.argv[1:])"
            ended = subprocess.run(
                [sys.executable, "-c", program, str(task), str(told)],
                env={**os.environ, **ALIKE},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            if not told.exists():
                last = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2] or "no word"
                which = "" if self.future is None else f", with another future after matchday {self.until},"
                raise MatchdayError(
                    f"Agent {self.agent['name']!r}: its replay{which} ended with status {ended.returncode}: {last}."
                )
            answer = pickle.loads(told.read_bytes())
        if isinstance(answer, str):
            raise MatchdayError(answer)
        found: Record = answer
        return found


@dataclass(frozen=True, slots=True)
class Stream:
    """The events of one play, as lines of JSON; ``failure`` is what it ended with, if it did not end well."""

    lines: tuple[str, ...]
    failure: str = ""

    @property
    def decided(self) -> int:
        """The number of matchdays that were decided."""
        return sum(line.startswith('{"event":"SlipPlaced"') for line in self.lines)


@dataclass(frozen=True, slots=True)
class Record:
    """What a fresh process tells: the plays, and what was done besides computing from the agent's making on."""

    plays: tuple[Stream, ...]
    effects: tuple[Effect, ...]


def source_spec(source: Source) -> dict[str, Any]:
    """Describe a source completely: its class and its parameters."""
    kind = type(source)
    return {"use": f"{kind.__module__}:{kind.__qualname__}", "parameters": source.model_dump(mode="json")}


def main(task: str, told: str) -> None:
    """Do in this process what a file says, and write down what came of it."""
    replay: Replay = pickle.loads(Path(task).read_bytes())
    try:
        answer: Record | str = _played(replay)
    except MatchdayError as error:
        answer = str(error)
    Path(told).write_bytes(pickle.dumps(answer))


def _played(replay: Replay) -> Record:
    season = _season(replay)
    with watched() as effects:
        agent = remade(replay.agent, where=f"Agent {replay.agent['name']!r}")
        plays = tuple(_stream(agent, season, replay) for _ in range(replay.times))
    return Record(plays, tuple(each if each.where else dataclasses.replace(each, where=OUTSIDE) for each in effects))


def _season(replay: Replay) -> Season:
    """Load the season, or hide it behind another one; no component has been imported before."""
    from matchday.importing import import_object

    source: Source = import_object(replay.source["use"])(**replay.source["parameters"])
    if replay.future is not None and replay.until is not None:
        hide_behind(source, replay.future, after=replay.until)
        return source.season(replay.season, partial=replay.partial)
    season = source.season(replay.season, partial=replay.partial)
    if season.fingerprint != replay.fingerprint:
        raise SourceError(
            f"Source {season.source!r} answers another season {season.name} each time that it is asked; rule: the same "
            "parameters, the same season."
        )
    return season


def _stream(agent: Agent, season: Season, replay: Replay) -> Stream:
    """Play; a rule that ends the play is on record, as a component's failure is."""
    lines, number = [], 0
    try:
        for event in play(agent, season, replay.rules, seed=replay.seed):
            lines.append(encode(event))
            if isinstance(event, MatchdayOpened):
                number = event.matchday
            if isinstance(event, SlipPlaced) and event.matchday == replay.until:
                break
    except MatchdayError as error:
        if not isinstance(error, ComponentError):
            lines.append(encode(SlipRefused(number, str(error))))
        return Stream(tuple(lines), str(error))
    return Stream(tuple(lines))
