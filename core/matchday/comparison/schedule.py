"""A schedule: a season with the rules and the seed that agents are to play it by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from matchday.errors import SourceError
from matchday.rules import Rules
from matchday.season import Season
from matchday.source import Source


@dataclass(frozen=True, slots=True)
class Schedule:
    """One season of a source, or one made in Python, to be played by ``rules`` with ``seed``.

    ``season`` is its name where ``source`` loads it. With ``partial`` an unfinished season is taken as far as it goes.
    """

    season: str | Season
    rules: Rules
    seed: int = 0
    source: Source | None = None
    partial: bool = False

    @property
    def name(self) -> str:
        """The season's name, as 2023-24."""
        return self.season if isinstance(self.season, str) else self.season.name

    @property
    def parameters(self) -> dict[str, Any] | None:
        """How the source was set; None for a season that was made in Python."""
        return None if self.source is None else self.source.model_dump(mode="json")

    def check(self) -> None:
        """Raise ``SourceError`` where the source does not list the season."""
        if self.source is not None and isinstance(self.season, str):
            known = self.source.seasons()
            if self.season not in known:
                held = f"{len(known)} seasons from {known[0]} to {known[-1]}" if known else "none"
                raise SourceError(
                    f"Season {self.season!r} is not at the source, which has {held} (matchday seasons lists them)."
                )

    def load(self) -> Season:
        """Load the season; raises ``SourceError`` where that cannot be done."""
        if isinstance(self.season, Season):
            return self.season
        assert self.source is not None
        return self.source.season(self.season, partial=self.partial)

    @property
    def data(self) -> tuple[Any, ...]:
        """What it loads, to be compared: two schedules of the same data see the same matches and prices."""
        source = None if self.source is None else (type(self.source), self.source.model_dump_json())
        return self.season, source, self.partial


def schedule_id(data: str, rules: Rules) -> str:
    """Name what two plays have alike that saw the same matches and prices under the same rules: 8 hexadecimal digits.

    ``data`` is the season's fingerprint.
    """
    return hashlib.sha256(f"{data} {rules.model_dump_json()}".encode()).hexdigest()[:8]
