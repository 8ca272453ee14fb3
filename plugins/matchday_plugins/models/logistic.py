"""Multinomial logistic regression on features.

    p_k ∝ exp(a_k + Σ_j b_kj·z_j),    z standardised features       penalty Σ b² / (2C) on the sum of log-losses

McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In Zarembka, P. (ed.), Frontiers in
Econometrics, 105-142. Academic Press.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from matchday_plugins.models.learned.model import Learner
from matchday_plugins.models.learned.pipelines import scaled


class Logistic(Learner):
    """Forecast results by a logistic regression on standardised features.

    A feature that is not known takes its mean over the training matches, and an indicator beside it says so.

    >>> Logistic(C=0.01).name
    'logistic'
    """

    C: float = Field(0.003, gt=0, le=1e6, description="inverse strength of the penalty: small is cautious")
    max_iterations: int = Field(1000, ge=10, description="largest number of steps of a fit")

    def make(self, seed: int) -> Any:
        """Make imputer, scaler and regression; nothing about them is random."""
        from sklearn.linear_model import LogisticRegression

        return scaled(LogisticRegression(C=self.C, max_iter=self.max_iterations, random_state=seed))
