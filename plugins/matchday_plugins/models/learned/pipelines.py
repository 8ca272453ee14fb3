"""Pipelines that let an estimator cope with features that are not known, and with features of different sizes."""

from __future__ import annotations

from typing import Any


def imputed(estimator: Any) -> Any:
    """Put an imputer before an estimator: unknown features take their mean, and indicators say where.

    A feature that was never known is 0 everywhere. Steps: ``impute``, ``estimator``.
    """
    from sklearn.pipeline import Pipeline

    return Pipeline([("impute", _imputer()), ("estimator", estimator)])


def scaled(estimator: Any) -> Any:
    """Put an imputer and a scaler before an estimator. Steps: ``impute``, ``scale``, ``estimator``."""
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline([("impute", _imputer()), ("scale", StandardScaler()), ("estimator", estimator)])


def _imputer() -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer(add_indicator=True, keep_empty_features=True)
