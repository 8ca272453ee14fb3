"""The double Poisson of Maher: goals of the two sides are independent, given both clubs' attack and defence.

Maher, M. J. (1982). Modelling association football scores. Statistica Neerlandica 36(3), 109-118.
"""

from __future__ import annotations

from matchday_plugins.models.goals.model import GoalModel


class Poisson(GoalModel):
    """Forecast scores by independent Poisson goals, from abilities fitted each matchday.

    λ_home = exp(home + attack_home + defence_away), λ_away = exp(attack_away + defence_home); matches count
    2^(−age / half-life). ``fitted`` tells what it believes; the forecasts' ``standard_error`` how surely.

    >>> Poisson(half_life_days=None, prior=False).name
    'poisson'
    """
