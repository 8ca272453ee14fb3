"""What a goal model believes of clubs before it has seen them play.

A club's attack and defence (θ of ``goals``) are its style ± its strength,

    attack = style + strength     strength ~ N(m, s²)
    defence = style − strength    style ~ N(0, style_sd²)

since good clubs are good at both ends, and differ far less in how open their matches are. m is 0 and s the spread of
the league; of newcomers both are what ``newcomers`` has learned of earlier ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.dependence import Dependence
from matchday_plugins.models.goals.likelihood import CLUBS, DEGREE, HOME, LEVEL

#: Mean and standard deviation of what all clubs share: the English top division, 1995-96 to 2013-14, had 1.11 away
#: goals a match and 1.37 times as many home goals. A month of matches outweighs them.
LEVEL_PRIOR = (0.11, 0.2)
HOME_PRIOR = (0.32, 0.2)


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """A Gaussian prior on θ: ``mean`` (p,) and ``precision``, the inverse of its covariance (p, p); 0 is no prior."""

    mean: Array
    precision: Array

    @classmethod
    def none(cls, clubs: int) -> Prior:
        """Leave every parameter free."""
        size = CLUBS + 2 * clubs
        return cls(np.zeros(size), np.zeros((size, size)))


def club_covariance(strength_sd: Array | float, *, style_sd: float) -> Array:
    """Answer the prior covariances (…, 2, 2) of attack and defence of clubs of such spreads of strength (…)."""
    together, apart = np.square(style_sd), np.square(strength_sd)[..., None, None]
    return np.asarray(together + apart * np.array([[1.0, -1.0], [-1.0, 1.0]]))


def goal_prior(strength: Array, *, strength_sd: Array | float, style_sd: float, dependence: Dependence) -> Prior:
    """Make the prior on θ of n clubs, of which ``strength`` (n,) is expected, with spread ``strength_sd`` (n,)."""
    n = len(strength)
    mean, precision = np.zeros(CLUBS + 2 * n), np.zeros((CLUBS + 2 * n, CLUBS + 2 * n))
    for place, (value, sd) in ((LEVEL, LEVEL_PRIOR), (HOME, HOME_PRIOR), (DEGREE, dependence.prior)):
        mean[place], precision[place, place] = value, sd**-2
    mean[CLUBS : CLUBS + n], mean[CLUBS + n :] = strength, -strength
    # strength = (attack − defence) / 2, style = (attack + defence) / 2
    apart, together = 0.25 * np.broadcast_to(strength_sd, n) ** -2.0, 0.25 * style_sd**-2
    attack = CLUBS + np.arange(n)
    precision[attack, attack] = precision[attack + n, attack + n] = together + apart
    precision[attack, attack + n] = precision[attack + n, attack] = together - apart
    return Prior(mean, precision)
