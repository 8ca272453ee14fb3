"""Fit estimators and ask them for probabilities; say in one line what is wrong with one that cannot.

An estimator follows scikit-learn's conventions: ``fit(X, y)`` with positions of selections as classes, ``classes_``,
and ``predict_proba(X)`` with a column for each of them. Columns are placed by ``classes_``, never by their position.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from matchday import MatchdayError
from matchday.markets import Array, Market
from matchday_plugins.models.learned.fitted import Training

#: How far probabilities may be from adding up to one; what is left is taken out in proportion.
TOLERANCE = 1e-4


def check(estimator: Any, who: str) -> None:
    """Refuse what is no classifier with probabilities."""
    kind = kind_of(estimator)
    if not callable(getattr(estimator, "fit", None)):
        raise MatchdayError(f"{who}: {kind} has no fit; name a classifier of scikit-learn's kind.")
    if not hasattr(estimator, "predict_proba"):
        raise MatchdayError(
            f"{who}: {kind} has no predict_proba; take a classifier with probabilities, or put it into "
            "sklearn.calibration:CalibratedClassifierCV."
        )


def fit(estimator: Any, training: Training, market: Market, *, who: str, features: Sequence[str]) -> tuple[Any, bool]:
    """Fit an estimator to a market's outcomes; answer it, and whether it stopped before it had converged.

    Raises ``MatchdayError`` where it cannot be fitted.
    """
    from sklearn.exceptions import ConvergenceWarning

    check(estimator, who)
    given = {} if training.weights is None else _weights(estimator, training.weights, who)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            estimator.fit(training.inputs, training.winners(market), **given)
    except Exception as error:  # whatever a stranger's estimator raises
        raise MatchdayError(_refusal(error, estimator, training.inputs, who, features)) from error
    unfinished = False
    for each in caught:
        if issubclass(each.category, ConvergenceWarning):
            unfinished = True
        else:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
    return estimator, unfinished


def ask(estimator: Any, inputs: Array, market: Market, *, who: str, features: Sequence[str] = ()) -> Array:
    """Answer a market's probabilities (n, selections), in its order; raises ``MatchdayError`` where they are none."""
    kind = kind_of(estimator)
    places = _places(estimator, market, who)
    try:
        told = np.asarray(estimator.predict_proba(inputs), dtype=np.float64)
    except Exception as error:  # whatever a stranger's estimator raises
        if features and _is_of_nan(error, inputs):
            raise MatchdayError(_refusal(error, estimator, inputs, who, features)) from error
        raise MatchdayError(f"{who}: {kind} gives no probabilities: {_line(error)}") from error
    if told.shape != (len(inputs), len(places)):
        raise MatchdayError(
            f"{who}: {kind} answers probabilities of shape {told.shape}; rule: "
            f"{(len(inputs), len(places))}, a row a match and a column for each of classes_."
        )
    p = np.zeros((len(inputs), len(market.selections)))
    p[:, places] = told
    total = p.sum(axis=1)
    good = (p >= 0.0).all(axis=1) & (np.abs(total - 1.0) <= TOLERANCE)
    if not good.all():
        row = int(np.argmin(good))
        raise MatchdayError(
            f"{who}: {kind} answers {np.array2string(p[row], precision=6)} for {market.name}; "
            "rule: probabilities that add up to 1."
        )
    return np.asarray(p / total[:, None])


def kind_of(estimator: Any) -> str:
    """Name an estimator's class, of a pipeline that of its last step."""
    last = estimator.steps[-1][1] if hasattr(estimator, "steps") else estimator
    return type(last).__name__


def _places(estimator: Any, market: Market, who: str) -> list[int]:
    """Say which selection each column of an estimator's answer is, by its classes."""
    try:
        classes = list(estimator.classes_)
    except Exception:
        raise MatchdayError(
            f"{who}: {kind_of(estimator)} has no classes_; rule: it names the columns it answers."
        ) from None
    known = set(map(str, range(len(market.selections))))
    if len(set(map(str, classes)) & known) != len(classes):
        raise MatchdayError(
            f"{who}: {kind_of(estimator)} has classes_ {[str(each) for each in classes]} for {market.name}; rule: "
            f"those of the classes 0 to {len(market.selections) - 1} that it was fitted to, in any order."
        )
    return [int(each) for each in classes]


def _is_of_nan(error: Exception, inputs: Array) -> bool:
    return bool(np.isnan(inputs).any()) and "nan" in str(error).lower()


def _weights(estimator: Any, weights: Array, who: str) -> dict[str, Array]:
    """Say under which name an estimator takes weights: a pipeline's last step takes them."""
    from sklearn.pipeline import Pipeline
    from sklearn.utils.validation import has_fit_parameter

    last = estimator.steps[-1] if isinstance(estimator, Pipeline) else ("", estimator)
    if not has_fit_parameter(last[1], "sample_weight"):
        raise MatchdayError(
            f"{who}: {type(last[1]).__name__} takes no sample_weight; leave half_life_days out, and use window_days."
        )
    return {f"{last[0]}__sample_weight" if last[0] else "sample_weight": weights}


def _refusal(error: Exception, estimator: Any, inputs: Array, who: str, features: Sequence[str]) -> str:
    unknown = np.isnan(inputs).any(axis=0)
    if _is_of_nan(error, inputs):
        feature = features[int(np.argmax(unknown))]
        return (
            f"{who}: {kind_of(estimator)} refuses NaN, and feature {feature!r} is not known of every match; set "
            "impute = true, or leave its group out of features."
        )
    return f"{who}: {kind_of(estimator)} cannot be fitted: {_line(error)}"


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:297]}..."
