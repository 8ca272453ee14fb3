"""How much of a claimed edge is real: a posterior that settled bets move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from matchday.markets import Array

CELLS = 1001
EDGES = np.linspace(0.0, 1.0, CELLS + 1)
THETA: Array = (EDGES[1:] + EDGES[:-1]) / 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """A distribution of θ in [0, 1], by the logarithm of its mass (1001,) in cells of equal width.

    θ is how much of a claimed edge is real: the true probability of a selection is q + θ(p − q), with p the claimed
    one and q the market's. ``bets`` counts what it was learnt from.
    """

    log_mass: Array
    bets: int = 0

    @classmethod
    def prior(cls, mean: float, weight: float) -> Belief:
        """Start from a Beta distribution with this mean in (0, 1), worth ``weight`` = a + b trials.

        >>> round(Belief.prior(0.2, 5.0).mean, 3)
        0.2
        """
        mass = np.diff(betainc(mean * weight, (1.0 - mean) * weight, EDGES))
        return cls(np.log(np.maximum(mass, np.finfo(np.float64).tiny)))

    @property
    def mean(self) -> float:
        """E[θ]."""
        mass = np.exp(self.log_mass - self.log_mass.max())
        return float(mass @ THETA / mass.sum())

    def after(self, claimed: Array, market: Array, won: int | None) -> Belief:
        """Learn from the bets (k,) on one market of one match: which of them won, or None.

        Its selections exclude one another, so this is one draw among k + 1 results: the likelihood is
        q_w + θ(p_w − q_w) of the winner w, and 1 − Σ(q + θ(p − q)) where none of them won.
        """
        p, q = (claimed.sum(), market.sum()) if won is None else (claimed[won], market[won])
        real = q + THETA * (p - q)
        chance = 1.0 - real if won is None else real
        likelihood = np.log(np.maximum(chance, np.finfo(np.float64).tiny))
        return Belief(self.log_mass + likelihood, self.bets + len(claimed))
