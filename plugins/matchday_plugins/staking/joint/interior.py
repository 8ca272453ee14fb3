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
from typing import Any

import numpy as np

from matchday.markets import Array
from matchday_plugins.staking.joint.newton import solve_with_total
from matchday_plugins.staking.joint.payoffs import Payoffs
from matchday_plugins.staking.joint.wealth import Grid, Slopes, Wealth

#: What all constraints together may still cost when the path ends, and μ where it begins.
GOAL, BEGIN = 1e-11, 1e-3
MOST_STEPS, MOST_HALVINGS = 100, 60

#: How much of the way to the nearest constraint a step may go.
REACH = 0.995


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest shares of the bankroll: on one bet, on one match, and on the slate, which is less than 1."""

    bet: float = 1.0
    match: float = 1.0
    total: float = 1.0 - 1e-6


@dataclass(frozen=True, slots=True)
class Risk:
    """What a unit of E[W^−λ] costs in growth: ``price`` ≥ 0, and ``power`` λ > 0."""

    power: float
    price: float


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Shares (n, K) of the bankroll; the log growth and E[W^−λ] to expect; by how much they may miss the optimum.

    ``tight`` (bets, matches, slate) says how many bets and matches are at their limits, and whether the slate is.
    """

    shares: Array
    growth: float
    ruin: float
    gap: float
    steps: int
    tight: tuple[int, int, bool]


def maximise(payoffs: Payoffs, limits: Limits, *, risk: Risk | None = None) -> Optimum:
    """Find the shares that grow most, less the price of their risk.

    Some bet must have an edge: nothing can be gained otherwise, and no shares would be the answer.
    """
    path = _Path(payoffs, limits, risk or Risk(0.0, 0.0))
    steps = 0
    while not path.arrived() and steps < MOST_STEPS:
        path.step()
        steps += 1
    return path.finish(steps)


class _Path:
    """A point inside all constraints, its multipliers, and μ; constraints in the order f ≥ 0, bet, match, total."""

    def __init__(self, payoffs: Payoffs, limits: Limits, risk: Risk) -> None:
        self.payoffs, self.limits, self.risk, self.grid = payoffs, limits, risk, Grid(risk.power)
        self.mu, self.end = BEGIN, GOAL / (2 * payoffs.real.size + len(payoffs.real) + 1)
        self.shares = self._inside()
        self.wealth = Wealth.at(self.shares, payoffs, self.grid)
        by_match = self.shares.sum(axis=1)
        self.rooms = [self.shares, limits.bet - self.shares, limits.match - by_match, limits.total - by_match.sum()]
        self.multipliers = [self.mu / room for room in self.rooms]

    def _inside(self) -> Array:
        """Begin at part of what each bet alone deserves, as little as keeps clear of every constraint."""
        edge, best = self.payoffs.expected, self.payoffs.net.max(axis=1)
        alone = np.where(edge > 0.0, edge / np.maximum(best, edge), 0.0) / (1.0 + self.risk.power)
        shares = 0.25 * alone + 1e-3 * alone.max() / alone.size
        most = np.array([shares.max(), shares.sum(axis=1).max(), shares.sum()])
        limits = np.array([self.limits.bet, self.limits.match, self.limits.total])
        return np.asarray(shares * min(1.0, *(0.5 * limits / most)))

    def arrived(self) -> bool:
        """Lower μ as far as the point is good for, and say whether nothing is left to gain."""
        self.slopes = Slopes.of(self.wealth, self.payoffs, price=self.risk.price)
        stress = float(np.abs(self.slopes.gradient + _pull(self.multipliers)).max())
        while self.mu > self.end and self._off(stress) <= 10.0 * self.mu:
            self.mu = max(self.end, min(0.2 * self.mu, self.mu**1.5))
        return self.mu <= self.end and _gap(self.shares, self.slopes.gradient, self.limits) <= 2.0 * GOAL

    def _off(self, stress: float) -> float:
        """How far the point is from the path at μ."""
        pairs = zip(self.multipliers, self.rooms, strict=True)
        return max(stress, *(float(np.abs(y * room - self.mu).max()) for y, room in pairs))

    def step(self) -> None:
        """Take a Newton step towards the path, as long as it improves on the barrier function."""
        forces = [self.mu / room for room in self.rooms]
        stiff = [y / room for y, room in zip(self.multipliers, self.rooms, strict=True)]
        uphill = self.slopes.gradient + _pull(forces)
        each = np.arange(uphill.shape[1])
        blocks = self.slopes.blocks + stiff[2][:, None, None]
        blocks[:, each, each] += stiff[0] + stiff[1]
        direction, total = solve_with_total(blocks, self.slopes.coupling, uphill, weight=float(stiff[3]))
        moves = [direction, -direction, -direction.sum(axis=1), -direction.sum()]
        eased = [hard * move for hard, move in zip(stiff[:3], moves[:3], strict=True)]
        turns = [f - y - less for f, y, less in zip(forces, self.multipliers, [*eased, -total], strict=True)]
        length = _reach(self.multipliers, turns)
        self.multipliers = [y + length * turn for y, turn in zip(self.multipliers, turns, strict=True)]
        self._search(moves, slope=float((uphill * direction).sum()))

    def _search(self, moves: list[Any], *, slope: float) -> None:
        """Go along a direction as far as the barrier function rises.

        Rooms are moved and not measured anew: close to a constraint the difference would be rounding alone.
        """
        before, length = self._barrier(self.wealth, self.rooms), _reach(self.rooms, moves)
        for _ in range(MOST_HALVINGS):
            rooms = [room + length * move for room, move in zip(self.rooms, moves, strict=True)]
            wealth = Wealth.at(rooms[0], self.payoffs, self.grid)
            if self._barrier(wealth, rooms) >= before + 1e-4 * length * slope - 1e-13:
                self.shares, self.wealth, self.rooms = rooms[0], wealth, rooms
                return
            length *= 0.5

    def _barrier(self, wealth: Wealth, rooms: list[Any]) -> float:
        objective = wealth.growth - self.risk.price * wealth.ruin
        return objective + self.mu * float(sum(np.log(room).sum() for room in rooms))

    def finish(self, steps: int) -> Optimum:
        """Set to 0 what vanishes, and certify what is left."""
        tight = [y > room for y, room in zip(self.multipliers, self.rooms, strict=True)]
        shares = np.where(tight[0] | ~self.payoffs.real, 0.0, self.shares)
        wealth = Wealth.at(shares, self.payoffs, self.grid)
        slopes = Slopes.of(wealth, self.payoffs, price=self.risk.price)
        gap = _gap(shares, slopes.gradient, self.limits)
        count = int(tight[1].sum()), int(tight[2].sum()), bool(tight[3])
        return Optimum(shares, wealth.growth, wealth.ruin, gap, steps, count)


def _pull(forces: list[Any]) -> Array:
    """Carry one number a constraint over to the shares."""
    return np.asarray(forces[0] - forces[1] - forces[2][:, None] - forces[3])


def _reach(values: list[Any], moves: list[Any]) -> float:
    """How far a step may go, at most 1, without using up more than its part of any value."""
    fastest = max(float(np.max(-move / value)) for value, move in zip(values, moves, strict=True))
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
