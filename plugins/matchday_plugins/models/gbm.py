"""Gradient-boosted trees on features, by LightGBM.

Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of Statistics 29(5),
1189-1232. Ke, G. et al. (2017). LightGBM: a highly efficient gradient boosting decision tree. NeurIPS 30, 3146-3154.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from matchday_plugins.models.learned.model import Learner


class GBM(Learner):
    """Forecast results by many small trees, each one correcting those before it a little.

    Trees read features that are not known as they are: each split learns which side they go to. The defaults are
    cautious, for a league has a few thousand matches and most of what decides them is luck: fewer features made better
    forecasts of the English top division up to 2013-14.

    >>> GBM(trees=100).name
    'gbm'
    """

    features: list[str] = Field(
        default_factory=lambda: ["ratings", "shots", "players"], description="groups of features, as for every learner"
    )
    trees: int = Field(200, ge=1, description="rounds of boosting")
    learning_rate: float = Field(0.03, gt=0, le=1, description="share of each tree's correction that is taken")
    leaves: int = Field(4, ge=2, description="largest number of leaves of a tree")
    minimum_leaf: int = Field(100, ge=1, description="least number of matches in a leaf")
    ridge: float = Field(20.0, ge=0, description="penalty on squared leaf values")
    feature_share: float = Field(0.5, gt=0, le=1, description="share of the features that each tree is shown")
    match_share: float = Field(0.7, gt=0, le=1, description="share of the matches that each tree is shown")
    bins: int = Field(31, ge=2, le=65535, description="how many values of a feature are told apart")
    threads: int = Field(1, ge=1, description="threads of a fit; forecasts do not depend on them")

    def make(self, seed: int) -> Any:
        """Make a classifier whose fits are the same, bit by bit, on any number of threads."""
        from lightgbm import LGBMClassifier

        return LGBMClassifier(
            n_estimators=self.trees,
            learning_rate=self.learning_rate,
            num_leaves=self.leaves,
            min_child_samples=self.minimum_leaf,
            reg_lambda=self.ridge,
            colsample_bytree=self.feature_share,
            subsample=self.match_share,
            subsample_freq=1,
            max_bin=self.bins,
            n_jobs=self.threads,
            random_state=seed,
            deterministic=True,
            force_row_wise=True,
            verbosity=-1,
        )
