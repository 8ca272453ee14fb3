"""The growth of a bankroll on many bets at once, without counting the outcomes of the slate.

With W = 1 + Σ f·x the bankroll after the day (f shares, x profit per unit), and matches independent of one another,

    E[log W] = ∫ (e^(−t) − M(t)) dt/t        M(t) = E[e^(−tW)] = e^(−t) Π_i E[e^(−t Y_i)]        (Frullani's integral)
    E[W^−λ]  = ∫ t^λ M(t) dt/t / Γ(λ)        Y_i what match i adds

over t from 0 to ∞: the work is nodes × matches × outcomes of a match, where counting takes outcomes ^ matches. With
t = e^u the integrands are analytic and die off at both ends, and the trapezoidal rule, of spacing h, converges like
e^(−π²/h). In log W each outcome is the same function of u, shifted, so the error is no more than
4 Σ_k |Γ(2πik/h)|, 1.4e-12 at h = 0.35, whatever the bets; cutting off below u = −28 adds at most 7e-13 · |E[W] − 1|.

Derivatives by the shares are those of the rule itself. With the node's weight m = h·M(t) for growth, the gradient is
Σ m t E_t[x] and the curvature −Σ m t² E_t[x x'], E_t being the mean under outcomes weighted by e^(−t Y).

Trefethen, L. N. & Weideman, J. A. C. (2014). The exponentially convergent trapezoidal rule. SIAM Review 56(3),
385-458.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matchday.markets import Array
from matchday_plugins.staking.joint.payoffs import Payoffs

#: The nodes u: from FIRST in steps of at most SPACING to where t·W is beyond e^LAST for the poorest outcome.
FIRST, LAST, SPACING = -28.0, 4.0, 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The nodes of the rule. ``power`` λ is that of E[W^−λ], 0 where only growth is asked for."""

    power: float = 0.0

    @property
    def spacing(self) -> float:
        """The distance of the nodes in u; t^λ e^(−tW) is a peak of width 1/√λ."""
        return min(SPACING, 0.8 / math.sqrt(self.power)) if self.power else SPACING

    def nodes(self, poorest: float) -> Array:
        """The nodes u, as far as an outcome that leaves ``poorest`` of the bankroll, in (0, ∞), needs them."""
        last = max(math.exp(LAST), self.power + 10.0 * math.sqrt(self.power) + 60.0 if self.power else 0.0)
        steps = math.ceil((math.log(last / min(poorest, 1.0)) - FIRST) / self.spacing)
        return np.asarray(FIRST + self.spacing * np.arange(steps + 1), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Wealth:
    """The distribution of W at one set of shares, as far as growth needs it.

    ``growth`` is E[log W]; ``ruin`` is E[W^−λ] (1 where λ = 0). ``t`` (q,) are the nodes; ``growing`` and ``ruining``
    (q,) their weights m for the two; ``tilted`` (n, q, A) the outcomes' probabilities under e^(−tY).
    """

    growth: float
    ruin: float
    t: Array
    growing: Array
    ruining: Array
    tilted: Array

    @classmethod
    def at(cls, shares: Array, payoffs: Payoffs, grid: Grid) -> Wealth:
        """Evaluate shares (n, K) that leave every outcome more than nothing."""
        added = payoffs.wealth(shares)
        least = added.min(axis=1)
        poorest = 1.0 + float(least.sum())
        u = grid.nodes(poorest)
        t = np.exp(u)
        tilted = np.exp(-t[:, None] * (added - least[:, None])[:, None, :]) * payoffs.probability[:, None, :]
        each = tilted.sum(axis=2)
        tilted /= each[:, :, None]
        log_m = np.log(each).sum(axis=0) - t * poorest
        growing = grid.spacing * np.exp(log_m)
        growth = float((grid.spacing * np.exp(-t) - growing).sum())
        ruining = grid.spacing * np.exp(log_m + grid.power * u - math.lgamma(grid.power)) if grid.power else 0.0 * t
        return cls(growth, float(ruining.sum()) if grid.power else 1.0, t, growing, ruining, tilted)


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """The derivatives of E[log W] − price · E[W^−λ] by the shares.

    ``gradient`` (n, K). The curvature, its sign turned, is ``blocks`` (n, K, K) within a match and, between matches
    i ≠ j, ``coupling``_i' ``coupling``_j, (n, q, K).
    """

    gradient: Array
    blocks: Array
    coupling: Array

    @classmethod
    def of(cls, wealth: Wealth, payoffs: Payoffs, *, price: float = 0.0) -> Slopes:
        """Differentiate at one set of shares."""
        net, t = payoffs.net, wealth.t
        mean = wealth.tilted @ net
        slope = (wealth.growing + price * wealth.ruining) * t
        bend = slope * t
        weight = np.matmul(bend, wealth.tilted)[:, :, None]
        blocks = net.transpose(0, 2, 1) @ (weight * net)
        return cls(np.matmul(slope, mean), blocks, mean * np.sqrt(bend)[:, None])
