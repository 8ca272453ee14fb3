"""The bivariate Poisson of Karlis and Ntzoufras: a share of the goals falls to both sides alike.

Karlis, D. & Ntzoufras, I. (2003). Analysis of sports data by using bivariate Poisson models. Journal of the Royal
Statistical Society D 52(3), 381-393.
"""

from __future__ import annotations

from typing import ClassVar

from matchday_plugins.models.goals.dependence import Dependence
from matchday_plugins.models.goals.model import GoalModel
from matchday_plugins.models.goals.shared_goals import SHARED_GOALS


class BivariatePoisson(GoalModel):
    """Forecast scores by Poisson goals, of which those of a third process count for both sides.

    Home goals are U₁ + U₃ and away goals U₂ + U₃. The rates of U₁ and U₂ are those of ``Poisson``; that of U₃ is λ₃,
    the covariance of the goals, fitted within 0 and 0.5. At 0, where many seasons have it, this is ``poisson``.
    ``fitted`` tells what it believes; the forecasts' ``standard_error`` how surely, and a λ₃ at 0 is taken as known.

    >>> BivariatePoisson().name
    'bivariate-poisson'
    """

    dependence: ClassVar[Dependence] = SHARED_GOALS
