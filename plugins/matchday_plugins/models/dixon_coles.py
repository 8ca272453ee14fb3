"""The model of Dixon and Coles: double Poisson, with low scores corrected for their dependence.

Dixon, M. J. & Coles, S. G. (1997). Modelling association football scores and inefficiencies in the football betting
market. Journal of the Royal Statistical Society C 46(2), 265-280.
"""

from __future__ import annotations

from typing import ClassVar

from matchday_plugins.models.goals.dependence import Dependence
from matchday_plugins.models.goals.low_scores import LOW_SCORES
from matchday_plugins.models.goals.model import GoalModel


class DixonColes(GoalModel):
    """Forecast scores by Poisson goals whose low scores depend on one another, from abilities fitted each matchday.

    The rates are those of ``Poisson``; the probabilities of 0-0, 0-1, 1-0 and 1-1 are multiplied by 1 − λμρ, 1 + λρ,
    1 + μρ and 1 − ρ, with ρ fitted within ±0.2. ``fitted`` tells what it believes; the forecasts' ``standard_error``
    how surely.

    >>> DixonColes(half_life_days=373).name
    'dixon-coles'
    """

    dependence: ClassVar[Dependence] = LOW_SCORES
