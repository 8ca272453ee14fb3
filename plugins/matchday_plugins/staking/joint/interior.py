"""The growth-optimal shares of a slate, under limits: an interior-point method with a certificate.

    maximise E[log W(f)] − price · E[W(f)^−λ]   over f ≥ 0,  f_b ≤ bet,  Σ_match f ≤ match,  Σ f ≤ total

The problem is concave. Each constraint has some room r > 0 and a multiplier y > 0; Newton's method follows the
solutions of r·y = μ while μ falls to almost nothing (primal-dual path following, with a line search on the barrier
function). The limits nest, so the most that any other shares could add along the slope at f is found by filling up the
steepest bets first; a concave function lies below its tangent, hence

    objective(f°) ≤ objective(f) + gap      for the optimum f° and the f that is returned.

Nocedal, J. & Wright, S. J. (2006). Numerical Optimization, 2nd ed., ch. 19. Springer. Frank, M. & Wolfe, P. (1956). An
algorithm for quadratic programming. Naval Research Logistics Quarterly 3, 95-110.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchday import MatchdayError
from matchday.growth.payoffs import Payoffs
from matchday.growth.wealth import Grid, Slopes, Wealth
from matchday.markets import Array
from matchday_plugins.staking.joint.newton import solve_with_total

#: What all constraints together may still cost in growth when the path ends: this, or this part of what the best bet
#: alone would bring, but never less than rounding does.
GOAL, GOAL_OF_GROWTH, NOISE = 1e-11, 1e-6, 1e-16

#: μ where the path begins.
BEGIN = 1e-5
MOST_STEPS, MOST_HALVINGS = 100, 60

#: A share below this is none: less than a penny of any bankroll below ten million.
SMALLEST = 1e-9

#: How much of the way to the nearest constraint a step may go.
REACH = 0.995


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest shares of the bankroll: on one bet and on one match, in (0, 1], and on the slate, in [0, 1).

    Raises ``MatchdayError`` for others.
    """

    bet: float = 1.0
    match: float = 1.0
    total: float = 1.0 - 1e-6

    def __post_init__(self) -> None:
        for name, value in (("bet", self.bet), ("match", self.match)):
            if not 0.0 < value <= 1.0:
                raise MatchdayError(f"Limits: {name} is {value:g}; rule: above 0, at most 1.")
        if not 0.0 <= self.total < 1.0:
            raise MatchdayError(f"Limits: total is {self.total:g}; rule: at least 0, below 1.")


@dataclass(frozen=True, slots=True)
class Risk:
    """What a unit of E[W^−λ] costs in growth: ``price`` ≥ 0, and ``power`` λ > 0."""

    power: float
    price: float


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Shares (n, K) of the bankroll; E[log W] and E[W^−λ] − 1; by how much the objective may miss the optimum.

    ``tight`` (bets, matches, slate) says how many bets and matches are at their limits, and whether the slate is.
    """

    shares: Array
    growth: float
    risk: float
    gap: float
    steps: int
    tight: tuple[int, int, bool]

    @classmethod
    def nothing(cls, shape: tuple[int, ...] = (0, 0), *, gap: float = 0.0) -> Optimum:
        """Stake nothing."""
        return cls(np.zeros(shape), 0.0, 0.0, gap, 0, (0, 0, False))


def maximise(payoffs: Payoffs, limits: Limits, *, risk: Risk | None = None) -> Optimum:
    """Find the shares that grow most, less the price of their risk.

    Some bet must have an edge: nothing can be gained otherwise, and no shares would be the answer.
    """
    path = _Path(payoffs, limits, risk or Risk(0.0, 0.0))
    steps = 0
    while not path.arrived() and steps < MOST_STEPS:
        path.lower()
        path.step()
        steps += 1
    return path.finish(steps)


class _Path:
    """A point inside all constraints, its multipliers, and μ.

    ``rooms`` and ``multipliers`` are vectors over the constraints: f ≥ 0 (n·K), bet (n·K), match (n), total.
    """

    def __init__(self, payoffs: Payoffs, limits: Limits, risk: Risk) -> None:
        self.payoffs, self.limits, self.risk, self.grid = payoffs, limits, risk, Grid(risk.power)
        shares = self._inside()
        self.wealth = Wealth.at(shares, payoffs, self.grid)
        at_most = np.concatenate([np.full(shares.size, limits.bet), np.full(len(shares), limits.match), [limits.total]])
        self.rooms = _moves(shares)
        self.rooms[shares.size :] += at_most
        self.goal = min(GOAL, max(GOAL_OF_GROWTH * self._growth_of_best(), NOISE))
        self.mu, self.end = BEGIN, self.goal / len(self.rooms)
        self.multipliers = self.mu / self.rooms
        self.slopes = Slopes.of(self.wealth, payoffs, price=risk.price)

    @property
    def shares(self) -> Array:
        """The shares (n, K) of the point."""
        return self._apart(self.rooms)[0]

    def _inside(self) -> Array:
        """Begin at part of what each bet alone deserves, as little as keeps clear of every constraint."""
        alone = self._alone()
        shares = 0.5 * alone + 0.1 * alone.max() / alone.size
        most = np.array([shares.max(), shares.sum(axis=1).max(), shares.sum()])
        limits = np.array([self.limits.bet, self.limits.match, self.limits.total])
        return np.asarray(shares * min(1.0, *(0.5 * limits / most)))

    def _alone(self) -> Array:
        """About what each bet (n, K) deserves as the only one, at the price of risk."""
        edge, best = self.payoffs.expected, self.payoffs.net.max(axis=1)
        return np.asarray(np.where(edge > 0.0, edge / np.maximum(best, edge), 0.0) / (1.0 + self.risk.power))

    def _growth_of_best(self) -> float:
        """About what the best bet alone brings in growth."""
        return float((0.5 * self._alone() * self.payoffs.expected).max())

    def _apart(self, vector: Array) -> tuple[Array, Array, Array, float]:
        """Part a vector over the constraints: positive (n, K), bet (n, K), match (n,), total."""
        shape, bets = self.payoffs.real.shape, self.payoffs.real.size
        return vector[:bets].reshape(shape), vector[bets : 2 * bets].reshape(shape), vector[2 * bets : -1], vector[-1]

    def _pull(self, forces: Array) -> Array:
        """Carry one number a constraint over to the shares (n, K)."""
        positive, bet, match, total = self._apart(forces)
        return np.asarray(positive - bet - match[:, None] - total)

    def arrived(self) -> bool:
        """Whether nothing is left to gain."""
        return self.mu <= self.end and _gap(self.shares, self.slopes.gradient, self.limits) <= 2.0 * self.goal

    def lower(self) -> None:
        """Lower μ as far as the point is good for."""
        stress = np.abs(self.slopes.gradient + self._pull(self.multipliers)).max()
        products = self.multipliers * self.rooms
        while self.mu > self.end and max(stress, np.abs(products - self.mu).max()) <= 10.0 * self.mu:
            self.mu = max(self.end, self.mu**1.5)

    def step(self) -> None:
        """Take a Newton step towards the path, as long as it improves on the barrier function."""
        forces, stiff = self.mu / self.rooms, self.multipliers / self.rooms
        uphill = self.slopes.gradient + self._pull(forces)
        direction, total = self._newton(uphill, stiff)
        moves = _moves(direction)
        eased = stiff * moves
        eased[-1] = -total
        turns = forces - self.multipliers - eased
        self.multipliers = self.multipliers + _reach(self.multipliers, turns) * turns
        self._search(moves, slope=float((uphill * direction).sum()))

    def _newton(self, uphill: Array, stiff: Array) -> tuple[Array, float]:
        positive, bet, match, total = self._apart(stiff)
        each = np.arange(uphill.shape[1])
        blocks = self.slopes.blocks + match[:, None, None]
        blocks[:, each, each] += positive + bet
        return solve_with_total(blocks, self.slopes.coupling, uphill, weight=float(total))

    def _search(self, moves: Array, *, slope: float) -> None:
        """Go along a direction as far as the barrier function rises.

        Rooms are moved and not measured anew: close to a constraint the difference would be rounding alone.
        """
        before, length = self._barrier(self.wealth, self.rooms), _reach(self.rooms, moves)
        for _ in range(MOST_HALVINGS):
            rooms = self.rooms + length * moves
            wealth = Wealth.at(self._apart(rooms)[0], self.payoffs, self.grid)
            if self._barrier(wealth, rooms) >= before + 1e-4 * length * slope - 1e-13:
                self.wealth, self.rooms = wealth, rooms
                self.slopes = Slopes.of(wealth, self.payoffs, price=self.risk.price)
                return
            length *= 0.5

    def _barrier(self, wealth: Wealth, rooms: Array) -> float:
        return self._objective(wealth) + self.mu * float(np.log(rooms).sum())

    def _objective(self, wealth: Wealth) -> float:
        return wealth.growth - self.risk.price * wealth.risk

    def finish(self, steps: int) -> Optimum:
        """Certify the point, and set to 0 what vanishes."""
        real = self.payoffs.real
        _, bets, matches, slate = self._apart((self.multipliers > self.rooms).astype(np.float64))
        shares = np.where((self.shares < SMALLEST) | ~real, 0.0, self.shares)
        wealth = Wealth.at(shares, self.payoffs, self.grid)
        lost = max(self._objective(self.wealth) - self._objective(wealth), 0.0)
        gap = _gap(self.shares, self.slopes.gradient, self.limits) + lost
        counts = int(bets[real].sum()), int(matches.sum()), bool(slate)
        return Optimum(shares, wealth.growth, wealth.risk, gap, steps, counts)


def _moves(direction: Array) -> Array:
    """How the room of every constraint changes when the shares (n, K) do."""
    by_match = direction.sum(axis=1)
    return np.concatenate([direction.ravel(), -direction.ravel(), -by_match, [-by_match.sum()]])


def _reach(values: Array, moves: Array) -> float:
    """How far a step may go, at most 1, without using up more than its part of any value."""
    fastest = float(np.max(-moves / values))
    return min(1.0, REACH / fastest) if fastest > 0.0 else 1.0


def _gap(shares: Array, slope: Array, limits: Limits) -> float:
    """The most that other shares within the limits could add along a slope."""
    ranked = np.sort(np.maximum(slope, 0.0), axis=1)[:, ::-1]
    room = np.clip(limits.match - limits.bet * np.arange(ranked.shape[1]), 0.0, limits.bet)
    order = np.argsort(ranked, axis=None)[::-1]
    filled = np.broadcast_to(room, ranked.shape).ravel()[order]
    before = np.cumsum(filled) - filled
    best = ranked.ravel()[order] @ np.clip(limits.total - before, 0.0, filled)
    return max(float(best - (slope * shares).sum()), 0.0)
