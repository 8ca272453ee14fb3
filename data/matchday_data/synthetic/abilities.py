"""Abilities of clubs: two AR(1) processes, strength and style, that drift from match to match and over the summer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchday_data.synthetic.scorelines import Floats

#: Standard deviation of style (attacking at the back's expense) in units of that of strength. The seasons' goals for
#: and against of the EPL, their Poisson noise taken off, correlate by about −.9: (1 − .06) / (1 + .06).
STYLE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """Where all clubs of the pool stand: ``state`` (2, clubs), strength and style, in standard deviations."""

    state: Floats

    @classmethod
    def settled(cls, rng: np.random.Generator, level: Floats) -> Abilities:
        """Draw clubs about the ``level`` (clubs,) of their strength."""
        return cls(_centre(level) + rng.standard_normal((2, len(level))))

    def after(self, rng: np.random.Generator, level: Floats, *, persistence: float) -> Abilities:
        """Move one step towards the level: x' = m + φ(x − m) + √(1−φ²)ε, which keeps the variance about it at 1."""
        centre, shock = _centre(level), rng.standard_normal(self.state.shape)
        return Abilities(centre + persistence * (self.state - centre) + np.sqrt(1.0 - persistence**2) * shock)

    def path(self, rng: np.random.Generator, level: Floats, *, rounds: int, persistence: float) -> list[Abilities]:
        """Walk through a season: the abilities at each club's 1st, 2nd, ... match, beginning with these."""
        walked = [self]
        for _ in range(rounds - 1):
            walked.append(walked[-1].after(rng, level, persistence=persistence))
        return walked

    @property
    def strength(self) -> Floats:
        """Strength of each club, in standard deviations."""
        return np.asarray(self.state[0])


def _centre(level: Floats) -> Floats:
    """Strength has a level, style none."""
    return np.stack([level, np.zeros_like(level)])


def log_abilities(path: list[Abilities], *, spread: float) -> tuple[Floats, Floats]:
    """Turn a season's path into log attack and log defence, each (clubs, rounds): ξ = s(z + cy), β = s(z − cy)."""
    strength, style = np.stack([each.state for each in path], axis=-1)
    return spread * (strength + STYLE * style), spread * (strength - STYLE * style)
