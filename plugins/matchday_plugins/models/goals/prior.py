"""What a goal model believes of clubs before it has seen them play.

A club's attack and defence (θ of ``goals``) are its style ± its strength,

    attack = style + strength     strength ~ N(m, strength_sd²)
    defence = style − strength    style ~ N(0, style_sd²)

since good clubs are good at both ends, and differ far less in how open their matches are. m is 0 for clubs with a
past, and less for newcomers, as the promoted ones are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchday.markets import Array
from matchday_plugins.models.goals.likelihood import CLUBS, HOME, LEVEL, RHO

#: Mean and standard deviation of what all clubs share: the English top division, 1995-96 to 2019-20, had 1.13 away
#: goals a match and 1.35 times as many home goals. A month of matches outweighs the first two, two seasons the third.
LEVEL_PRIOR = (0.12, 0.2)
HOME_PRIOR = (0.30, 0.2)
RHO_PRIOR = (-0.05, 0.05)


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


def club_covariance(*, strength_sd: float, style_sd: float) -> Array:
    """Answer the prior covariance (2, 2) of one club's attack and defence."""
    together, apart = style_sd**2, strength_sd**2
    return np.array([[together + apart, together - apart], [together - apart, together + apart]])


def goal_prior(strength: Array, *, strength_sd: float, style_sd: float) -> Prior:
    """Make the prior on θ of n clubs, of which ``strength`` (n,) is expected."""
    n = len(strength)
    mean, precision = np.zeros(CLUBS + 2 * n), np.zeros((CLUBS + 2 * n, CLUBS + 2 * n))
    for place, (value, sd) in ((LEVEL, LEVEL_PRIOR), (HOME, HOME_PRIOR), (RHO, RHO_PRIOR)):
        mean[place], precision[place, place] = value, sd**-2
    mean[CLUBS : CLUBS + n], mean[CLUBS + n :] = strength, -strength
    # strength = (attack − defence) / 2, style = (attack + defence) / 2
    apart, together = 0.25 * strength_sd**-2, 0.25 * style_sd**-2
    attack = CLUBS + np.arange(n)
    precision[attack, attack] = precision[attack + n, attack + n] = together + apart
    precision[attack, attack + n] = precision[attack + n, attack] = together - apart
    return Prior(mean, precision)
