"""What a parameter is searched among: all numbers between bounds, or a few values."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matchday.errors import MatchdayError

if TYPE_CHECKING:
    from optuna import Trial


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers from ``low`` to ``high``, both included; ``log`` searches their orders of magnitude alike.

    ``whole`` is set for parameters that are whole numbers. What is tried has four digits, of itself or of the width, so
    that an agent's file stays readable: the differences of neighbours are far below what seasons can tell.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise MatchdayError(f"Range {self}; rule: two numbers, the smaller one first.")
        if self.log and self.low <= 0:
            raise MatchdayError(f"Range {self}; rule: above 0, to have an order of magnitude.")

    @property
    def probes(self) -> tuple[Any, ...]:
        """What a component has to take, for the rest to make sense: both ends, and a fraction if there are any."""
        between = () if self.whole else (self.rounded(self.low + 0.382 * (self.high - self.low)),)
        return self.low, *between, self.high

    def holds(self, value: Any) -> bool:
        """Whether a value lies in it."""
        kinds = int if self.whole else int | float
        return isinstance(value, kinds) and not isinstance(value, bool) and self.low <= value <= self.high

    def suggest(self, name: str, trial: Trial) -> Any:
        """Let Optuna choose a value."""
        if self.whole:
            return trial.suggest_int(name, int(self.low), int(self.high), log=self.log)
        return self.rounded(trial.suggest_float(name, self.low, self.high, log=self.log))

    def written(self, value: Any) -> Any:
        """Write a value as Optuna keeps it."""
        return value

    def rounded(self, value: float) -> float:
        """Answer a value without the digits that nothing depends on.

        >>> Range(100, 800).rounded(412.3456), Range(0, 0.15).rounded(0.0523456)
        (412.3, 0.0523)
        >>> Range(1e-5, 1.0, log=True).rounded(2.3456e-4)
        0.0002346
        """
        places = 3 - math.floor(math.log10(self.high - self.low))
        short = float(f"{value:.4g}") if self.log else round(value, places)
        return min(max(short, float(self.low)), float(self.high))

    def __str__(self) -> str:
        return f"{self.low}:{self.high}{':log' if self.log else ''}"


@dataclass(frozen=True, slots=True, init=False)
class Choices:
    """A few values, of any kind that TOML has; None is no value."""

    values: tuple[Any, ...]

    def __init__(self, *values: Any) -> None:
        object.__setattr__(self, "values", values)
        if len({self.written(value) for value in values}) < max(2, len(values)):
            raise MatchdayError(f"Choices {', '.join(map(str, values))}; rule: two or more, each once.")

    @property
    def probes(self) -> tuple[Any, ...]:
        """What a component has to take: all of it."""
        return self.values

    def holds(self, value: Any) -> bool:
        """Whether a value is among them."""
        return self.written(value) in map(self.written, self.values)

    def suggest(self, name: str, trial: Trial) -> Any:
        """Let Optuna choose a value."""
        named = {self.written(value): value for value in self.values}
        return named[trial.suggest_categorical(name, list(named))]

    def written(self, value: Any) -> str:
        """Write a value as Optuna keeps it, which knows no lists."""
        return json.dumps(value, default=str, sort_keys=True)
