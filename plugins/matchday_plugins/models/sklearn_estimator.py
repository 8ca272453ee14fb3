"""Any classifier of scikit-learn's kind: by import path, or an object.

Pedregosa, F. et al. (2011). Scikit-learn: machine learning in Python. Journal of Machine Learning Research 12,
2825-2830.
"""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field, field_validator, model_validator

from matchday import MatchdayError
from matchday_plugins.models.learned.estimating import check
from matchday_plugins.models.learned.model import Learner
from matchday_plugins.models.learned.paths import build, write
from matchday_plugins.models.learned.pipelines import imputed

#: What an estimator that draws its randomness from a seed calls it.
SEED = "random_state"


class SklearnEstimator(Learner):
    """Forecast results by any classifier with ``fit``, ``predict_proba`` and ``classes_``.

    ``estimator`` is its import path and ``parameters`` what it is made with; a table ``{use = "package.module:Class"}``
    among them stands for another estimator, so that pipelines can be written in TOML. In Python an object will do: it
    is turned into its path and parameters, never fitted itself, and refused where it cannot be written down. Unknown
    features are imputed unless ``impute`` is false; then the estimator has to cope with NaN. One that has a
    ``random_state``, and none set, gets the component's seed. Its probabilities are taken as they are, zeros included.

    >>> SklearnEstimator(estimator="sklearn.naive_bayes:GaussianNB").fitted is None
    True
    """

    estimator: str = Field(
        "sklearn.linear_model:LogisticRegression", description="import path, package.module:Class; in Python an object"
    )
    parameters: dict[str, Any] = Field(default_factory=dict, description="what the estimator is made with")
    impute: bool = Field(True, description="give unknown features their mean, and indicators that say where")

    @model_validator(mode="before")
    @classmethod
    def _written_down(cls, given: Any) -> Any:
        """Turn an object into its import path and parameters."""
        if not isinstance(given, dict) or isinstance(given.get("estimator", ""), str):
            return given
        if given.get("parameters"):
            raise ValueError(
                "parameters stand beside an object; rule: they are for an import path, set them on the object"
            )
        path, parameters = write(given["estimator"])
        return {**given, "estimator": path, "parameters": parameters}

    @field_validator("parameters")
    @classmethod
    def _finite(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        """Refuse what a record cannot hold."""
        for name, value in parameters.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"{name} is {value}; rule: finite numbers, so that a run on record can be made again")
        return parameters

    def model_post_init(self, context: Any) -> None:
        """Refuse an estimator that cannot be made, or that is no classifier with probabilities."""
        super().model_post_init(context)
        try:
            check(build(self.estimator, self.parameters), "estimator")
        except MatchdayError as error:
            raise ValueError(str(error)) from None

    def make(self, seed: int) -> Any:
        """Make the estimator, behind an imputer if that is wanted."""
        made = build(self.estimator, self.parameters)
        if (
            callable(getattr(made, "get_params", None))
            and SEED in (own := made.get_params(deep=False))
            and own[SEED] is None
        ):
            made.set_params(**{SEED: seed})
        return imputed(made) if self.impute else made
