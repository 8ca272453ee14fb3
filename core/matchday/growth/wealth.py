"""The growth of a bankroll on many bets at once, without counting the outcomes of the slate.

With W = 1 + Σ f·x the bankroll after the day (f shares, x profit per unit), and matches independent of one another,

    E[log W]     = ∫ (e^(−t) − M(t)) dt/t            M(t) = E[e^(−tW)] = e^(−t) Π_i E[e^(−t Y_i)]
    E[W^−λ] − 1  = ∫ t^λ (M(t) − e^(−t)) dt/t / Γ(λ)   Y_i what match i adds               (Frullani's integral)

over t from 0 to ∞: the work is nodes × matches × outcomes of a match, where counting takes outcomes ^ matches. With
t = e^u the integrands are analytic and die off at both ends, and the trapezoidal rule, of spacing h, converges like
e^(−π²/h). Each outcome's part is the same function of u, shifted, so the error of E[log W] is no more than
4 Σ_k |Γ(2πik/h)|, 1.4e-12 at h = 0.35, whatever the bets; of W^−λ, with h ≤ 1/(2√λ), it is below 1e-9 of the value.
Below the first node, u0, there is M(t) − e^(−t) = −t (E[W] − 1) and a geometric series: Σ t^p h over the nodes u0 − h,
u0 − 2h, ... is h e^(p u0) / (e^(p h) − 1). What that leaves out is of the order of (t W)², 7e-13 at
u0 = −14 − log W for the richest outcome.

Derivatives by the shares are those of the rule itself. With the node's weight m = h·M(t) for growth, the gradient is
Σ m t E_t[x] and the curvature −Σ m t² E_t[x x'], E_t being the mean under outcomes weighted by e^(−t Y).

Trefethen, L. N. & Weideman, J. A. C. (2014). The exponentially convergent trapezoidal rule. SIAM Review 56(3),
385-458.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matchday.growth.payoffs import Payoffs
from matchday.markets import Array

#: The nodes are multiples of SPACING or less, from where t·W is e^FIRST for the richest outcome to where it
#: is e^LAST for the poorest.
FIRST, LAST, SPACING = -14.0, 4.0, 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The nodes of the rule. ``power`` λ is that of E[W^−λ], 0 where only growth is asked for."""

    power: float = 0.0

    @property
    def spacing(self) -> float:
        """The distance of the nodes in u; t^λ e^(−tW) is a peak of width 1/√λ."""
        return min(SPACING, 0.5 / math.sqrt(self.power)) if self.power else SPACING

    def nodes(self, poorest: float, richest: float) -> Array:
        """The nodes u, for outcomes that leave between ``poorest`` > 0 and ``richest`` of the bankroll."""
        last = max(math.exp(LAST), self.power + 10.0 * math.sqrt(self.power) + 60.0 if self.power else 0.0)
        begin = math.floor((FIRST - math.log(max(richest, 1.0))) / self.spacing)
        end = math.ceil(math.log(last / min(poorest, 1.0)) / self.spacing)
        return np.asarray(self.spacing * np.arange(begin, end + 1), dtype=np.float64)

    def below(self, first: float, power: float) -> float:
        """Σ t^power · h over all nodes below the first one."""
        return float(self.spacing * math.exp(power * first) / math.expm1(power * self.spacing))


@dataclass(frozen=True, slots=True, eq=False)
class Wealth:
    """The distribution of W at one set of shares, as far as growth needs it.

    ``growth`` is E[log W]; ``risk`` is E[W^−λ] − 1 (0 where λ = 0). ``t`` (q,) are the nodes; ``growing`` and
    ``risking`` (q,) their weights m for the two, and ``below`` the sums of m·t over what is below the nodes;
    ``tilted`` (n, q, A) the outcomes' probabilities under e^(−tY).
    """

    growth: float
    risk: float
    t: Array
    growing: Array
    risking: Array
    below: tuple[float, float]
    tilted: Array

    @classmethod
    def at(cls, shares: Array, payoffs: Payoffs, grid: Grid) -> Wealth:
        """Evaluate shares (n, K) that leave every outcome more than nothing."""
        added = payoffs.added(shares)
        least = added.min(axis=1)
        poorest, richest = 1.0 + float(least.sum()), 1.0 + float(added.max(axis=1).sum())
        expected = float((added * payoffs.probability).sum())
        u = grid.nodes(poorest, richest)
        t = np.exp(u)
        tilted = np.exp(-t[:, None] * (added - least[:, None])[:, None, :]) * payoffs.probability[:, None, :]
        each = tilted.sum(axis=2)
        tilted /= each[:, :, None]
        log_each = np.log(each).sum(axis=0)
        log_m, log_ratio = log_each - t * poorest, log_each - t * (poorest - 1.0)  # the latter to e^(−t)
        growing, below = grid.spacing * np.exp(log_m), grid.below(u[0], 1.0)
        growth = below * expected - _excess(np.exp(-t), np.exp(log_m), log_ratio) * grid.spacing
        if not grid.power:
            return cls(growth, 0.0, t, growing, np.zeros_like(t), (below, 0.0), tilted)
        log_scale = grid.power * u - math.lgamma(grid.power)
        with np.errstate(over="ignore"):  # a risk beyond all numbers is infinite
            risking = grid.spacing * np.exp(log_scale + log_m)
        slope = math.exp(-math.lgamma(grid.power)) * grid.below(u[0], grid.power + 1.0)
        risk = _excess(grid.spacing * np.exp(log_scale - t), risking, log_ratio) - slope * expected
        return cls(growth, risk, t, growing, risking, (below, slope), tilted)


def _excess(even: Array, weights: Array, log_ratio: Array) -> float:
    """Σ (weights − even), exact where the two are close; ``log_ratio`` is log(weights/even)."""
    return float(np.where(log_ratio < 1.0, even * np.expm1(np.minimum(log_ratio, 1.0)), weights - even).sum())


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
        slope = (wealth.growing + price * wealth.risking) * t
        bend = slope * t
        weight = np.matmul(bend, wealth.tilted)[:, :, None]
        blocks = net.transpose(0, 2, 1) @ (weight * net)
        below = wealth.below[0] + price * wealth.below[1]
        return cls(np.matmul(slope, mean) + below * payoffs.expected, blocks, mean * np.sqrt(bend)[:, None])
