"""How the goals of the two sides depend on one another: a factor φ on the double Poisson's probability of a score.

    P(x, y) = e^(−c·d) · φ(x, y) · Pois(x; λ) · Pois(y; μ)      d the degree of dependence, one number for all matches

What a kind of dependence has to say is φ with its derivatives, by u = log λ, v = log μ and d, and where d may be. The
likelihood, its solver, the score grid and the standard errors follow from that. ``low_scores`` is that of Dixon and
Coles, ``shared_goals`` that of the bivariate Poisson.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from matchday.markets import Array

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Factor(NamedTuple):
    """log φ of m scores, (m,) each, with its first and second derivatives; ``value`` is −∞ where φ is not positive."""

    value: Array
    u: Array
    v: Array
    d: Array
    uu: Array
    vv: Array
    uv: Array
    ud: Array
    vd: Array
    dd: Array


class Dependence:
    """A kind of dependence between the goals of two sides, of degree ``least`` ≤ d ≤ ``most``, none at d = 0.

    ``prior`` is the mean and the standard deviation of what is believed of d beforehand, ``cost`` the c above. This
    base is no dependence at all: the double Poisson. Throughout, rates are λ and μ.
    """

    least: ClassVar[float] = 0.0
    most: ClassVar[float] = 0.0
    prior: ClassVar[tuple[float, float]] = (0.0, 1.0)
    cost: ClassVar[float] = 0.0

    def bears_on(self, x: Ints, y: Ints) -> Bools:  # noqa: ARG002
        """Say of which scores, (m,) home and away goals, φ is not 1 whatever the rates and the degree are."""
        return np.zeros(len(x), dtype=bool)

    def factor(self, x: Ints, y: Ints, *, home_rate: Array, away_rate: Array, degree: float) -> Factor:  # noqa: ARG002
        """Answer log φ of scores that it bears on, with the derivatives; goals and rates are (m,)."""
        return Factor(*[np.zeros(len(x))] * 10)

    def weigh(self, grid: Array, *, home_rate: Array, away_rate: Array, degree: float) -> Array:  # noqa: ARG002
        """Multiply score grids (n, G, G) by φ; each adds up to 1 again. Rates are (n,)."""
        return grid

    def slopes(
        self,
        goals: int,  # noqa: ARG002
        *,
        home_rate: Array,
        away_rate: Array,  # noqa: ARG002
        degree: float,  # noqa: ARG002
    ) -> tuple[Ints, Array]:
        """Answer ∂ log φ/∂(u, v, d), (n, 3, k), of k scores as places in a flat grid of G·G; of all others it is 0.

        Constants, the same on every score, may be left out.
        """
        return np.empty(0, dtype=np.int64), np.empty((len(home_rate), 3, 0))

    def shared(self, degree: float) -> float:  # noqa: ARG002
        """Answer what both sides' expected goals have beyond λ and μ."""
        return 0.0


INDEPENDENT = Dependence()
