"""Contracts on values: probabilities that agree with one another, and nothing changed that is handed over."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from matchday.bets import BetSlip, Edges
from matchday.events import ForecastMade
from matchday.forecast import TOLERANCE, Forecast
from matchday.markets import price_scores
from matchday.testing.contract import Broken, NotApplicable, contract
from matchday.testing.specimen import Specimen


@contract("its probabilities are coherent", "model", "blend", "calibrator", "agent of agents", "agent")
def probabilities_are_coherent(specimen: Specimen) -> str:
    """See that every market adds up, and that the probabilities follow from the scores that come with them."""
    if (failure := specimen.attempt.failure) is not None and "Forecast of" in str(failure):
        raise Broken(f"{str(failure).partition('failed: ')[2].rstrip('.')}.")
    made = list(specimen.honest.of(ForecastMade))
    if not made:
        raise NotApplicable("it makes no forecasts")
    for each in made:
        if (wrong := _disagreement(each.forecast)) is not None:
            raise Broken(f"matchday {each.matchday}, forecast of {each.forecast.source!r}, {wrong}")
    scored = sum(each.forecast.scores is not None for each in made)
    return f"{len(made)} forecasts add up{f', {scored} of them with their scores' if scored else ''}"


def _disagreement(forecast: Forecast) -> str | None:
    """Find where probabilities do not follow from the scores."""
    if forecast.scores is None:
        return None
    scores = np.asarray(forecast.scores, dtype=np.float64)
    rule = "Answer new scores with new probabilities, or none: Forecast(frame, source=self.name)."
    if (scores < 0.0).any():
        return f"scores are negative. {rule}"
    priced = pd.DataFrame(price_scores(scores), index=forecast.probabilities.index)
    frame = forecast.probabilities
    apart = (priced[frame.columns] - frame).abs().to_numpy()
    if not (apart > 10 * TOLERANCE).any():
        return None
    row, column = (int(each[0]) for each in np.nonzero(apart > 10 * TOLERANCE))
    said, follows = frame.to_numpy()[row, column], priced[frame.columns].to_numpy()[row, column]
    return f"{frame.index[row]}, {frame.columns[column]}: {said:.4f}, and its scores make it {follows:.4f}. {rule}"


@contract("it changes nothing that it is handed")
def changes_nothing(specimen: Specimen) -> str:
    """Compare what each hook of the plain season was handed before and after."""
    _ = specimen.honest
    watch = _Watch()
    before = _fingerprint(specimen)
    specimen.play(agent=specimen.agent_observed(watch.around))
    if watch.changes:
        raise Broken(f"{watch.changes[0]}. Others read it too: change a copy.")
    if _fingerprint(specimen) != before:
        raise Broken("the season's own frames have been written to. Change a copy.")
    return f"{watch.calls} calls of hooks"


def _fingerprint(specimen: Specimen) -> str:
    """Work out the season's fingerprint anew."""
    return dataclasses.replace(specimen.season).fingerprint


class _Watch:
    """Notes what is changed in the arguments of calls. A frame that is handed over by itself is the component's own."""

    def __init__(self) -> None:
        self.calls = 0
        self.changes: list[str] = []

    @contextmanager
    def around(self, hook: str, arguments: Mapping[str, Any]) -> Iterator[None]:
        """Compare the arguments of a call before and after."""
        self.calls += 1
        before = dict(_parts(arguments))
        yield
        after = dict(_parts(arguments))
        day = arguments.get("day")
        when = f"matchday {day.number}, " if day is not None else ""
        for place, value in before.items():
            if (change := _change(value, after.get(place))) is not None:
                self.changes.append(f"{when}hook {hook!r}, {place}: {change}")


def _parts(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """List copies of what a component could change in its arguments, by where it stands."""
    for name, value in arguments.items():
        for place, each in enumerate(value) if isinstance(value, list) else [("", value)]:
            yield from _values(name if place == "" else f"{name}[{place}]", each)
        if isinstance(value, list):
            yield f"len({name})", len(value)
        if name == "season":
            yield "season.agent", repr(value.agent)
        if name == "settlement":
            yield "settlement", repr(value)


def _values(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Edges | BetSlip):
        yield f"{name}.bets", value.bets.copy()
    if isinstance(value, Edges):
        yield from _values(f"{name}.forecast", value.forecast)
    if isinstance(value, Forecast):
        for part in ("probabilities", "standard_error", "explanation"):
            frame = getattr(value, part)
            yield f"{name}.{part}", None if frame is None else frame.copy()
        yield f"{name}.scores", None if value.scores is None else pd.DataFrame(np.array(value.scores).ravel())


def _change(before: Any, after: Any) -> str | None:
    """Say what has changed, if anything has."""
    if not isinstance(before, pd.DataFrame) or not isinstance(after, pd.DataFrame):
        return None if before is after is None or before == after else "it was changed"
    if before.equals(after):
        return None
    if list(before.columns) != list(after.columns) or not before.index.equals(after.index):
        added = [str(name) for name in after.columns if name not in before.columns]
        return f"column {added[0]!r} was added" if added else "rows or columns were changed"
    column = next(name for name in before.columns if not before[name].equals(after[name]))
    row = next(i for i in range(len(before)) if not before[column].iloc[[i]].equals(after[column].iloc[[i]]))
    return f"{column} of row {before.index[row]!r} was {before[column].iat[row]}, now {after[column].iat[row]}"
