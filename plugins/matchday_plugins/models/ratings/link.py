"""From the gap of two ratings to the probabilities of home win, draw and away win: an ordered logit.

    P(away) = F(a − βg)    P(draw) = F(b − βg) − F(a − βg)    P(home) = 1 − F(b − βg)     F(x) = 1 / (1 + e^(−x)), a < b

g is the gap. What it takes to play at home is in the cut points a and b: equal clubs draw level at −(a + b)/(2β) of
gap. With sp(x) = log(1 + e^x), u = b − βg and l = a − βg, the log-likelihood of a match is

    away: l − sp(l)        draw: u + log(1 − e^(a−b)) − sp(u) − sp(l)        home: −sp(u)

which is concave in θ = (a, b, β). What is believed of θ is Gaussian: first about a ``Link`` of long experience, and
after matches about their optimum, with the curvature there. So matches long past need not be gone through again.

McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical Society B 42(2), 109-142.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matchday.markets import Array

#: Standard deviations of what is believed before any match: of the cut points, and of β as a share of itself.
CUT_SD, SLOPE_SD = 0.5, 0.5

#: What keeps a below b where nobody has drawn yet: log(1 − e^(a−b)), as much as it is of this many draws.
APART = 0.5

#: Converged: a whole Newton step promises less than half of this in log-likelihood. What it leaves is its square.
GAIN_TOLERANCE = 1e-8
MAX_STEPS = 50

#: The places of selections in what ``won`` says.
HOME, DRAW, AWAY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Link:
    """Cut points ``lower`` a and ``upper`` b, and the ``slope`` β of the gap, per rating unit."""

    lower: float
    upper: float
    slope: float

    @property
    def home_advantage(self) -> float:
        """What playing at home is worth beside the gap, in rating units; NaN where the slope is 0."""
        return -0.5 * (self.lower + self.upper) / self.slope if self.slope else float("nan")

    def probabilities(self, gap: Array) -> Array:
        """Answer the probabilities (n, 3) of home, draw and away for gaps (n,).

        >>> Link(-1.0, 0.2, 0.006).probabilities(np.array([0.0, 100.0])).round(3)
        array([[0.45 , 0.281, 0.269],
               [0.599, 0.233, 0.168]])
        """
        upper, lower = self.upper - self.slope * gap, self.lower - self.slope * gap
        draw = -np.expm1(self.lower - self.upper) * _logistic(upper) * _logistic(-lower)
        return np.stack([_logistic(-upper), draw, _logistic(lower)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is believed of a link: N(``link``, ``precision``⁻¹), θ = (a, b, β·``unit``).

    ``unit`` is a gap in which all three are of one size; ``firm`` is the precision that was there before any match.
    ``converged`` and ``steps`` tell how the fit ended.
    """

    link: Link
    precision: Array
    unit: float
    firm: Array
    converged: bool = True
    steps: int = 0

    @classmethod
    def about(cls, link: Link) -> Belief:
        """Believe in a link before any match, loosely."""
        firm = np.diag(np.array([CUT_SD, CUT_SD, SLOPE_SD]) ** -2.0)
        return cls(link, firm, 1.0 / link.slope, firm)

    def aged(self, share: float) -> Belief:
        """Hold what matches taught less firmly: ``share`` in [0, 1] of that precision is left."""
        return replace(self, precision=self.firm + share * (self.precision - self.firm))

    @property
    def theta(self) -> Array:
        """The mean (3,)."""
        return np.array([self.link.lower, self.link.upper, self.link.slope * self.unit])


def learn_link(
    belief: Belief, gap: Array, won: npt.NDArray[np.int64], weight: Array, *, start: Link | None = None
) -> Belief:
    """Answer what is believed after results ``won`` (n,) (0 home, 1 draw, 2 away) at ``gap`` (n,).

    ``weight`` (n,) is of matches, ≥ 0. ``start`` is a link to begin from, such as yesterday's. Newton's method, with
    steps halved where they lead too far; never raises for want of data: see ``converged``.
    """
    posterior = _Posterior(belief, gap / belief.unit, won, weight)
    theta = (belief if start is None else replace(belief, link=start)).theta
    here = posterior(theta)
    for steps in range(1, MAX_STEPS + 1):
        step = np.linalg.solve(here.curvature, here.gradient)
        gain = float(here.gradient @ step)
        if gain < GAIN_TOLERANCE:
            return _believed(belief, theta + step, here, converged=True, steps=steps)
        for length in 0.5 ** np.arange(30):
            there = posterior(theta + length * step)
            if there.value >= here.value + 1e-4 * length * gain:
                break
        else:
            break
        theta, here = theta + length * step, there
    return _believed(belief, theta, here, converged=False, steps=steps)


def _believed(before: Belief, theta: Array, at: _Evaluation, *, converged: bool, steps: int) -> Belief:
    link = Link(float(theta[0]), float(theta[1]), float(theta[2]) / before.unit)
    return replace(before, link=link, precision=at.curvature, converged=converged, steps=steps)


@dataclass(frozen=True, slots=True, eq=False)
class _Evaluation:
    """A log posterior, its gradient (3,), and minus its Hessian (3, 3)."""

    value: float
    gradient: Array
    curvature: Array


class _Posterior:
    """The log posterior of θ, but for a constant."""

    def __init__(self, belief: Belief, gap: Array, won: npt.NDArray[np.int64], weight: Array) -> None:
        home, drawn, away = (weight * (won == place) for place in (HOME, DRAW, AWAY))
        self._belief, self._mean, self._draws = belief, belief.theta, APART + float(drawn.sum())
        # each cut point: where it stands in θ, the weights of its linear and of its bent terms
        self._sides = [(1, drawn, home + drawn), (0, away, drawn + away)]
        self._gap = gap

    def __call__(self, theta: Array) -> _Evaluation:
        away, apart = theta - self._mean, theta[1] - theta[0]
        if apart <= 0.0:
            return _Evaluation(-np.inf, np.zeros(3), np.eye(3))
        pull, q = self._belief.precision @ away, 1.0 / np.expm1(apart)
        value = self._draws * np.log(-np.expm1(-apart)) - 0.5 * float(pull @ away)
        gradient = self._draws * q * np.array([-1.0, 1.0, 0.0]) - pull
        curvature = self._belief.precision.copy()
        curvature[:2, :2] += self._draws * q * (1.0 + q) * np.array([[1.0, -1.0], [-1.0, 1.0]])
        for cut, linear, bent in self._sides:
            x = theta[cut] - theta[2] * self._gap
            f = _logistic(x)
            value += float(linear @ x - bent @ np.logaddexp(0.0, x))
            slope, curve = linear - bent * f, bent * f * (1.0 - f)
            gradient[[cut, 2]] += slope.sum(), -slope @ self._gap
            along = curve * self._gap
            curvature[[cut, cut, 2, 2], [cut, 2, cut, 2]] += curve.sum(), -along.sum(), -along.sum(), along @ self._gap
        return _Evaluation(float(value), gradient, curvature)


def _logistic(x: Array) -> Array:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * x))
