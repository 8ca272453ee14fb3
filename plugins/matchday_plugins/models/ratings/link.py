"""From the gap of two ratings to the probabilities of home win, draw and away win: an ordered logit.

    P(away) = F(a − βg)    P(draw) = F(b − βg) − F(a − βg)    P(home) = 1 − F(b − βg)     F(x) = 1 / (1 + e^(−x)), a < b

g is the gap. What it takes to play at home is in the cut points a and b: equal clubs draw level at −(a + b)/(2β) of
gap. With sp(x) = log(1 + e^x), u = b − βg and l = a − βg, the log-likelihood of a match is

    away: l − sp(l)        draw: u + log(1 − e^(a−b)) − sp(u) − sp(l)        home: −sp(u)

which is concave. The prior is Gaussian about ``Link`` s of long experience; a month of matches says more.

McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical Society B 42(2), 109-142.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchday.markets import Array

#: Prior standard deviations: of the cut points, and of β as a share of what is expected of it.
CUT_SD, SLOPE_SD = 0.5, 0.5

#: Converged: a whole Newton step promises less than half of this in log-likelihood.
GAIN_TOLERANCE = 1e-9
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
        """What playing at home is worth, in rating units; NaN where the slope is 0."""
        return -0.5 * (self.lower + self.upper) / self.slope if self.slope else float("nan")

    def probabilities(self, gap: Array) -> Array:
        """Answer the probabilities (n, 3) of home, draw and away for gaps (n,).

        >>> Link(-1.0, 0.2, 0.006).probabilities(np.array([0.0, 100.0])).round(3)
        array([[0.45 , 0.281, 0.269],
               [0.599, 0.233, 0.168]])
        """
        below, home = _logistic(self.lower - self.slope * gap), _logistic(self.slope * gap - self.upper)
        spread = -np.expm1(self.lower - self.upper)
        draw = spread * _logistic(self.upper - self.slope * gap) * _logistic(self.slope * gap - self.lower)
        return np.stack([home, draw, below], axis=1)

    def slopes(self, gap: Array) -> Array:
        """Answer ∂p/∂gap (n, 3) of home, draw and away, per rating unit."""
        upper, lower = (self.slope * _density(cut - self.slope * gap) for cut in (self.upper, self.lower))
        return np.stack([upper, lower - upper, -lower], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class FittedLink:
    """A fitted link, whether Newton's method got there, and in how many steps."""

    link: Link
    converged: bool
    steps: int


def fit_link(
    gap: Array, won: npt.NDArray[np.int64], weight: Array, *, prior: Link, start: Link | None = None
) -> FittedLink:
    """Maximise the penalised log-likelihood of results ``won`` (n,) (0 home, 1 draw, 2 away) at ``gap`` (n,).

    ``weight`` (n,) is of matches, ≥ 0. ``start`` is a link to begin from, such as yesterday's.
    """
    likelihood = _Likelihood(gap / _unit(prior), won, weight, prior)
    begin = prior if start is None else start
    theta = np.array([begin.lower, begin.upper, begin.slope * _unit(prior)])
    value, gradient, hessian = likelihood(theta)
    for steps in range(1, MAX_STEPS + 1):
        step = np.linalg.solve(hessian, gradient)
        gain, length = float(gradient @ step), 1.0
        if gain < GAIN_TOLERANCE:
            return FittedLink(_link(theta, prior), True, steps)
        while length > 1e-9:
            there, *slopes = likelihood(theta + length * step)
            if there >= value + 1e-4 * length * gain:
                break
            length *= 0.5
        else:
            break
        theta, value, (gradient, hessian) = theta + length * step, there, slopes
    return FittedLink(_link(theta, prior), False, steps)


def _unit(prior: Link) -> float:
    """Answer the gap that is expected to be worth 1 of log odds: in it, all three parameters are of one size."""
    return 1.0 / prior.slope


def _link(theta: Array, prior: Link) -> Link:
    return Link(float(theta[0]), float(theta[1]), float(theta[2]) / _unit(prior))


class _Likelihood:
    """The penalised log-likelihood of (a, b, β): its value, gradient and minus its Hessian."""

    def __init__(self, gap: Array, won: npt.NDArray[np.int64], weight: Array, prior: Link) -> None:
        drawn = won == DRAW
        self._draws = float(weight[drawn].sum())
        self._sides = [self._side(gap, weight, drawn, won != AWAY), self._side(gap, weight, won == AWAY, won != HOME)]
        self._mean = np.array([prior.lower, prior.upper, 1.0])
        self._precision = np.array([CUT_SD, CUT_SD, SLOPE_SD]) ** -2.0

    @staticmethod
    def _side(gap: Array, weight: Array, linear: npt.NDArray[np.bool_], bent: npt.NDArray[np.bool_]) -> _Side:
        told = weight[linear]
        return _Side(gap[bent], weight[bent], float(told.sum()), float(told @ gap[linear]))

    def __call__(self, theta: Array) -> tuple[float, Array, Array]:
        away, apart = theta - self._mean, theta[1] - theta[0]
        if apart <= 0.0:
            return -np.inf, np.zeros(3), np.eye(3)
        q = 1.0 / np.expm1(apart)
        value = self._draws * np.log(-np.expm1(-apart)) - 0.5 * float(self._precision @ away**2)
        gradient = self._draws * q * np.array([-1.0, 1.0, 0.0]) - self._precision * away
        hessian = np.diag(self._precision)
        hessian[:2, :2] += self._draws * q * (1.0 + q) * np.array([[1.0, -1.0], [-1.0, 1.0]])
        for cut, side in ((1, self._sides[0]), (0, self._sides[1])):
            told, slope, curvature = side(theta[cut], theta[2])
            at = np.ix_((cut, 2), (cut, 2))
            value += told
            gradient[[cut, 2]] += slope
            hessian[at] += curvature
        return float(value), gradient, hessian


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One cut point's part, Σ_told w(c − βg) − Σ w·sp(c − βg): ``told`` sums w, ``told_gap`` w·g over the first sum."""

    gap: Array
    weight: Array
    told: float
    told_gap: float

    def __call__(self, cut: float, slope: float) -> tuple[float, Array, Array]:
        x = cut - slope * self.gap
        f = _logistic(x)
        bend = self.weight * f
        value = self.told * cut - self.told_gap * slope - float(self.weight @ np.logaddexp(0.0, x))
        gradient = np.array([self.told - bend.sum(), bend @ self.gap - self.told_gap])
        curve = bend * (1.0 - f)
        along = float(curve @ self.gap)
        curvature = np.array([[curve.sum(), -along], [-along, (curve * self.gap) @ self.gap]])
        return value, gradient, curvature


def _logistic(x: Array) -> Array:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * x))


def _density(x: Array) -> Array:
    f = _logistic(x)
    return np.asarray(f * (1.0 - f))
