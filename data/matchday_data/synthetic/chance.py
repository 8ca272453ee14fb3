"""Random streams of a synthetic league: one for each year and purpose, so that none depends on another's draws."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream is drawn for. The numbers are part of every seeded season: add new ones, never renumber."""

    ABILITIES = 0
    SQUADS = 1
    CALENDAR = 2
    LINE_UPS = 3
    SCORES = 4
    PROMOTION = 5
    PRICES = 6
    STATISTICS = 7
    PLAYERS = 8
    NAMES = 9


@dataclass(frozen=True, slots=True)
class Chance:
    """All the luck of one world; leagues of different codes are different worlds under the same seed."""

    seed: int
    league: str

    def stream(self, year: int, purpose: Purpose) -> np.random.Generator:
        """Start the stream of one year and purpose; the same on every machine and in every process.

        >>> Chance(0, "SYN").stream(2000, Purpose.SCORES).integers(100, size=3).tolist()
        [1, 62, 33]
        """
        entropy = [self.seed, *self.league.encode()]
        sequence = np.random.SeedSequence(entropy, spawn_key=(year, int(purpose)))
        return np.random.Generator(np.random.PCG64(sequence))
