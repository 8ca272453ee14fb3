"""A season of one model's forecasts, and how it is written to a file without losing a bit.

A file is NumPy's npz without pickles: ``numbers``, every frame and grid one after the other, row by row, and
``layout``, a JSON text that says where which begins and what it is called.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matchday.forecast import Forecast
from matchday.markets import Array

#: Frames of a forecast, as its fields are called.
FRAMES = ("probabilities", "standard_error", "explanation")


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """What a model said on one matchday: its forecast, and the actions (action, cause) it put on record."""

    forecast: Forecast
    actions: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, eq=False)
class Recording:
    """What a model said, by the number of the matchday."""

    days: dict[int, Remembered] = field(default_factory=dict)

    def recall(self, number: int, index: pd.Index[str]) -> Remembered | None:
        """Look a matchday up; None where it is not there, or was played with other matches."""
        found = self.days.get(number)
        return found if found is not None and found.forecast.probabilities.index.equals(index) else None

    def save(self, path: Path) -> None:
        """Write a file, whole or not at all."""
        layout, numbers = [], []
        for number, each in self.days.items():
            entry, parts = _taken_apart(each)
            layout.append({"number": number, **entry})
            numbers += parts
        path.parent.mkdir(parents=True, exist_ok=True)
        flat = np.concatenate(numbers) if numbers else np.empty(0)
        scratch = path.with_suffix(f".{os.getpid()}.part")
        try:
            with scratch.open("wb") as file:
                np.savez_compressed(file, numbers=flat, layout=np.array(json.dumps(layout)))
            os.replace(scratch, path)
        finally:
            scratch.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> Recording | None:
        """Read a file; None where there is none, or it is not to be read."""
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                numbers, layout = file["numbers"], json.loads(str(file["layout"]))
            return cls(_put_together(layout, numbers))
        except Exception:  # whatever is wrong with a file, the forecasts are made anew
            return None


def _taken_apart(each: Remembered) -> tuple[dict[str, Any], list[Array]]:
    """Answer what a matchday's entry in the layout says, and its numbers, flat."""
    forecast, frames, parts = each.forecast, {}, []
    for name in FRAMES:
        frame = getattr(forecast, name)
        if frame is not None:
            frames[name] = [[str(column), str(dtype)] for column, dtype in frame.dtypes.items()]
            parts.append(frame.to_numpy(dtype=np.float64).ravel())
    if forecast.scores is not None:
        parts.append(np.asarray(forecast.scores, dtype=np.float64).ravel())
    entry = {
        "index": forecast.probabilities.index.tolist(),
        "source": forecast.source,
        "frames": frames,
        "scores": None if forecast.scores is None else forecast.scores.shape[1],
        "actions": each.actions,
    }
    return entry, parts


def _put_together(layout: list[dict[str, Any]], numbers: Array) -> dict[int, Remembered]:
    at, days = 0, {}
    for entry in layout:
        index = pd.Index(entry["index"], dtype="str", name="match_id")
        fields: dict[str, Any] = {"source": entry["source"]}
        for name, columns in entry["frames"].items():
            size = len(index) * len(columns)
            table = numbers[at : at + size].reshape(len(index), len(columns))
            frame = pd.DataFrame(table, index=index, columns=[column for column, _ in columns])
            fields[name], at = frame.astype(dict(columns)), at + size
        if entry["scores"] is not None:
            shape = (len(index), entry["scores"], entry["scores"])
            size = int(np.prod(shape))
            fields["scores"], at = numbers[at : at + size].reshape(shape), at + size
        days[entry["number"]] = Remembered(Forecast(**fields), tuple((a, b) for a, b in entry["actions"]))
    return days
