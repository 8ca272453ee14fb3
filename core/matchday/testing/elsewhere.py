"""A play in another process, as a worker or a resumed run has it: sets have another order, and classes are new."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matchday.encoding import encode
from matchday.errors import MatchdayError, one_line
from matchday.loop import play
from matchday.season import Season

_PROGRAM = f"import sys; sys.path[:] = sys.argv[2:]; from {__name__} import main; main(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Errand:
    """What another process is to do: play the first season with one copy of an agent, the second with another.

    ``agent`` is the agent as cloudpickle writes it, ``seed`` the seed of both plays.
    """

    agent: bytes
    seasons: tuple[Season, Season]
    seed: int = 0

    def run(self) -> Sequence[str] | None:
        """Answer the second play's encoded events; None: the agent's classes cannot be imported there.

        Raises ``MatchdayError`` where the play fails, or the process dies.
        """
        with tempfile.TemporaryDirectory(prefix="matchday-") as folder:
            task, told = Path(folder, "task"), Path(folder, "told")
            task.write_bytes(pickle.dumps(self))
            ended = subprocess.run(
                [sys.executable, "-c", _PROGRAM, folder, *sys.path],
                env={**os.environ, "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            if not told.exists():
                raise MatchdayError(f"the other process ended with status {ended.returncode}.")
            answer: list[str] | str | None = pickle.loads(told.read_bytes())
        if isinstance(answer, str):
            raise MatchdayError(answer)
        return answer


def main(folder: str) -> None:
    """Do the errand of a folder, and leave the answer there: the events, or why there are none."""
    answer: list[str] | str | None
    try:
        answer = _played(pickle.loads(Path(folder, "task").read_bytes()))
    except Exception as error:  # whatever a stranger's class raises when it is imported, or played
        answer = str(error) if isinstance(error, MatchdayError) else f"{one_line(error)}."
    Path(folder, "told").write_bytes(pickle.dumps(answer))


def _played(errand: Errand) -> list[str] | None:
    import cloudpickle

    try:
        first, second = (cloudpickle.loads(errand.agent) for _ in errand.seasons)
    except ImportError:
        return None
    with contextlib.suppress(MatchdayError):  # for how it is played is of no interest
        list(play(first, errand.seasons[0], seed=errand.seed))
    return [encode(event) for event in list(play(second, errand.seasons[1], seed=errand.seed))]
