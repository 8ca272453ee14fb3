"""Pipelines that let an estimator cope with features that are not known, and with features of different sizes."""

from __future__ import annotations

from typing import Any


def imputed(estimator: Any) -> Any:
    """Put an imputer before an estimator: unknown features take their mean, and indicators say where.

    Steps: ``impute``, ``estimator``.
    """
    from sklearn.pipeline import Pipeline

    return Pipeline([("impute", _imputer()), ("estimator", estimator)])


def scaled(estimator: Any) -> Any:
    """Put a scaler and an imputer before an estimator. Steps: ``scale``, ``impute``, ``estimator``.

    The scaler comes first: it measures the values that are known. After the imputer a feature that few matches know
    would seem to hardly vary, and the next match that knows it would lie many standard deviations off.
    """
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline([("scale", StandardScaler()), ("impute", _imputer()), ("estimator", estimator)])


def _imputer() -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer(add_indicator=True)
