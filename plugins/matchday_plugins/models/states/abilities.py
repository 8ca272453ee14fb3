"""Attack and defence as states that move, and what the goals of a match tell of them.

    x_i ~ N(0, Σ) in the long run, x_i(t + Δ) = φ x_i(t) + N(0, (1 − φ²) Σ)      φ = 2^(−Δ / half-life), x = (att, def)
    b(t + Δ) = b(t) + N(0, Δ Q)                                                 b = (level + home, level)
    X ~ Pois(e^u), Y ~ Pois(e^v)      (u, v) = b + x_home + (x_away with att and def swapped)

Every club has a state of its own, the league one: b, the log goals of the home and the away side of average clubs. What
is known of a state is a Gaussian of two dimensions, so (u, v) is one too: with mean m and covariance C, the sums of
those of the three. After the match it is taken to be N(s, (C⁻¹ + W)⁻¹), with s the mode of the posterior, found by
Newton's method, and W = diag(e^u, e^v) the curvature of the likelihood there. Each of the three states, of covariance
P, gets its part of that:

    S = C + W⁻¹    r = s + W⁻¹ goals − 1 − m      x′ = x + P S⁻¹ r    P′ = P − P S⁻¹ P

What is approximated: the posterior of a match, by that Gaussian; and after each match the covariances that it makes
between the three states are dropped, so that the cost is in proportion to the matches and not to the square of the
clubs. Matches of one day come one after the other. The dependence of low scores has no part.

Fahrmeir, L. & Tutz, G. (1994). Dynamic stochastic models for time-dependent ordered paired comparison systems. Journal
of the American Statistical Association 89(428), 1438-1449 (posterior mode filter). Rue, H. & Salvesen, Ø. (2000).
Prediction and retrospective analysis of soccer matches in a league. The Statistician 49(3), 399-418. Koopman, S. J. &
Lit, R. (2015). A dynamic bivariate Poisson model for analysing and forecasting match results in the English Premier
League. Journal of the Royal Statistical Society A 178(1), 167-186.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import NamedTuple

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.prior import HOME_PRIOR, LEVEL_PRIOR

#: Newton's steps end when no log rate moves by more; what they leave is of the order of its square. None is longer than
#: e² in goals, so that a surprise does not throw them to where the likelihood is flat.
SETTLED = 1e-5
LONGEST_STEP = 2.0
MOST_STEPS = 100

#: By how much the level of goals and the home advantage wander in a year, in log goals.
LEVEL_DRIFT, HOME_DRIFT = 0.03, 0.03


class Belief(NamedTuple):
    """A Gaussian of two dimensions: two means, and a covariance [[``xx``, ``xy``], [``xy``, ``yy``]].

    Of a club they are attack and defence, of the league the two components of b. Plain numbers and not arrays, because
    arithmetic on so few is ten times as fast.
    """

    x: float
    y: float
    xx: float
    xy: float
    yy: float

    @property
    def mean(self) -> Array:
        """The means, (2,)."""
        return np.array([self.x, self.y])

    @property
    def covariance(self) -> Array:
        """The covariance, (2, 2)."""
        return np.array([[self.xx, self.xy], [self.xy, self.yy]])


@dataclass(frozen=True, slots=True)
class Motion:
    """How clubs' states move: the spread of strength and of style in the long run, log goals; the half-life in days."""

    strength_sd: float
    style_sd: float
    half_life_days: float


def club_belief(strength: float, *, strength_sd: float, style_sd: float) -> Belief:
    """Answer what is believed of a club of such an expected strength, from how clubs spread."""
    together, apart = style_sd**2, strength_sd**2
    return Belief(strength, -strength, together + apart, together - apart, together + apart)


def league_belief() -> Belief:
    """Answer what is believed of b before any match."""
    (level, level_sd), (home, home_sd) = LEVEL_PRIOR, HOME_PRIOR
    return Belief(level + home, level, level_sd**2 + home_sd**2, level_sd**2, level_sd**2)


def aged(club: Belief, days: float, motion: Motion) -> Belief:
    """Let days pass without a match of the club's."""
    x, y, xx, xy, yy = club
    kept = 2.0 ** (-days / motion.half_life_days)
    new, together, apart = 1.0 - kept**2, motion.style_sd**2, motion.strength_sd**2
    own, cross = new * (together + apart), new * (together - apart)
    return Belief(kept * x, kept * y, kept**2 * xx + own, kept**2 * xy + cross, kept**2 * yy + own)


def drifted(league: Belief, days: float) -> Belief:
    """Let days pass for the level of goals and the home advantage."""
    x, y, xx, xy, yy = league
    level, home = (days / 365.25 * drift**2 for drift in (LEVEL_DRIFT, HOME_DRIFT))
    return Belief(x, y, xx + level + home, xy + level, yy + level)


def swapped(club: Belief) -> Belief:
    """Put defence before attack, as a guest's act on (u, v)."""
    return Belief(club.y, club.x, club.yy, club.xy, club.xx)


def together(league: Belief, home: Belief, away: Belief) -> Belief:
    """Answer what is believed of (u, v), the log rates of a match."""
    (x, y, xx, xy, yy), guest = home, away
    return Belief(
        league.x + x + guest.y,
        league.y + y + guest.x,
        league.xx + xx + guest.yy,
        league.xy + xy + guest.xy,
        league.yy + yy + guest.xx,
    )


def after_match(league: Belief, home: Belief, away: Belief, *, goals: tuple[int, int]) -> tuple[Belief, Belief, Belief]:
    """Answer what is believed of all three after a match of so many home and away goals."""
    pull, precision = _told(together(league, home, away), goals)
    return (
        _moved(league, pull, precision),
        _moved(home, pull, precision),
        swapped(_moved(swapped(away), pull, precision)),
    )


def _told(rates: Belief, goals: tuple[int, int]) -> tuple[tuple[float, float], tuple[float, float, float]]:
    """Find the mode of the log rates; answer S⁻¹ r, and S⁻¹ as its uu, uv and vv."""
    u0, v0, uu, uv, vv = rates
    u, v = u0, v0
    for _ in range(MOST_STEPS):
        scarce_u, scarce_v = exp(-u), exp(-v)  # W⁻¹
        s_uu, s_vv = uu + scarce_u, vv + scarce_v
        determinant = s_uu * s_vv - uv * uv
        r_u, r_v = u - u0 + goals[0] * scarce_u - 1.0, v - v0 + goals[1] * scarce_v - 1.0
        pull_u, pull_v = (s_vv * r_u - uv * r_v) / determinant, (s_uu * r_v - uv * r_u) / determinant
        step_u, step_v = u0 + uu * pull_u + uv * pull_v - u, v0 + uv * pull_u + vv * pull_v - v
        u += min(max(step_u, -LONGEST_STEP), LONGEST_STEP)
        v += min(max(step_v, -LONGEST_STEP), LONGEST_STEP)
        if abs(step_u) < SETTLED and abs(step_v) < SETTLED:
            break
    return (pull_u, pull_v), (s_vv / determinant, -uv / determinant, s_uu / determinant)


def _moved(state: Belief, pull: tuple[float, float], precision: tuple[float, float, float]) -> Belief:
    """Give a state its part: x + P S⁻¹ r, and P − P S⁻¹ P."""
    x, y, xx, xy, yy = state
    (u, v), (j_uu, j_uv, j_vv) = pull, precision
    a, b = xx * j_uu + xy * j_uv, xx * j_uv + xy * j_vv  # the rows of P S⁻¹
    c, d = xy * j_uu + yy * j_uv, xy * j_uv + yy * j_vv
    return Belief(
        x + xx * u + xy * v, y + xy * u + yy * v, xx - a * xx - b * xy, xy - a * xy - b * yy, yy - c * xy - d * yy
    )
