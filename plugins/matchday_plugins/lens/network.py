"""The network under the lens: weights and biases in float64, its scalers folded in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from matchday import MatchdayError
from matchday.markets import Array

#: Turns rows as the model takes them into rows as the lens takes them.
Prepare = Callable[[Any], Array]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A multilayer perceptron of rectified linear units, ``h_l = max(h_{l-1} W_l + b_l, 0)``, f = h_L W_out + b_out.

    ``weights`` are (units before, units after), the output's last; ``classes`` are those a classifier decides between,
    () of a regressor, of a classifier of many labels at once and of one that was fitted to a single class. A classifier
    of two classes has one output, the log-odds of the second.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    classes: tuple[Any, ...] = ()

    @property
    def inputs(self) -> int:
        """The number of inputs, d."""
        return len(self.weights[0])

    @property
    def hidden(self) -> tuple[int, ...]:
        """The number of units of each hidden layer."""
        return tuple(len(bias) for bias in self.biases[:-1])

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where each hidden layer's bits begin in a code, and where the last one's end."""
        return tuple(int(place) for place in np.concatenate([[0], np.cumsum(self.hidden)]))

    def preactivations(self, x: Array) -> Iterator[Array]:
        """Answer z_l (n, units) of each hidden layer in turn, and the output (n, k) last."""
        h = x
        for weight, bias in zip(self.weights, self.biases, strict=True):
            z = h @ weight + bias
            yield z
            h = np.maximum(z, 0.0)


def read(model: Any) -> tuple[Network, Prepare]:
    """Read a fitted network, alone or at the end of a pipeline; answer it, and what turns rows into its inputs.

    Scalers right before the network are folded into its first layer; steps before those, such as an imputer, make the
    inputs. Raises ``MatchdayError`` for what is no fitted network of rectified linear units.
    """
    *steps, estimator = steps_of(model) or [model]
    first, network = (steps or [estimator])[0], _of(estimator)
    while steps and (scale := _scale(steps[-1])) is not None:
        network = _folded(network, *scale)
        steps.pop()
    return network, partial(_prepared, steps, first)


def steps_of(model: Any) -> list[Any]:
    """List the steps of a pipeline, those of pipelines inside it in their place; of anything else, itself."""
    if not hasattr(model, "steps"):
        return [model]
    steps = [step for _, step in model.steps if step not in (None, "passthrough")]
    return [each for step in steps for each in steps_of(step)]


def _of(estimator: Any) -> Network:
    kind = type(estimator).__name__
    activation = getattr(estimator, "activation", None)
    if activation is None or not hasattr(estimator, "hidden_layer_sizes"):
        raise MatchdayError(
            f"PolytopeLens: the model is a {kind}; rule: MLPClassifier or MLPRegressor, alone or at the end "
            f"of a pipeline{_inside(estimator)}."
        )
    if activation != "relu":
        raise MatchdayError(
            f"PolytopeLens: {kind} has activation {activation!r}, which is not piecewise linear, so that it has no "
            "polytopes; rule: activation='relu'."
        )
    if not hasattr(estimator, "coefs_"):
        raise MatchdayError(f"PolytopeLens: {kind} is not fitted; call fit first.")
    if len(estimator.coefs_) < 2:
        raise MatchdayError(
            f"PolytopeLens: {kind} has no hidden layer, so that it is one affine map everywhere; rule: one at least."
        )
    weights = tuple(np.asarray(each, dtype=np.float64) for each in estimator.coefs_)
    biases = tuple(np.asarray(each, dtype=np.float64) for each in estimator.intercepts_)
    return Network(weights, biases, _classes(estimator, len(biases[-1])))


def _inside(estimator: Any) -> str:
    """Name the model that a search or a calibration has fitted inside, which the lens may take."""
    for place in ("best_estimator_", "estimator_", "calibrated_classifiers_[0].estimator"):
        if hasattr(estimator, place.partition("[")[0]):
            return f"; give its {place}"
    return ""


def _classes(estimator: Any, outputs: int) -> tuple[Any, ...]:
    """List the classes that a network decides between: of many labels at once it decides on each alone."""
    classes = tuple(getattr(estimator, "classes_", ()))
    many = getattr(estimator, "out_activation_", "") == "logistic" and outputs > 1
    return () if many or len(classes) < 2 else classes


def _scale(step: Any) -> tuple[Array, Array] | None:
    """Answer (center, scale) of a fitted scaler, (x − center) / scale; None for a step that is none."""
    match type(step).__name__:
        case "StandardScaler":
            center, scale = step.mean_ if step.with_mean else 0.0, step.scale_ if step.with_std else 1.0
        case "RobustScaler":
            center, scale = step.center_ if step.with_centering else 0.0, step.scale_ if step.with_scaling else 1.0
        case "MaxAbsScaler" if not getattr(step, "clip", False):
            center, scale = 0.0, step.scale_
        case "MinMaxScaler" if not step.clip:
            scale = 1.0 / step.scale_
            center = -step.min_ * scale
        case _:
            return None
    width = step.n_features_in_
    return np.broadcast_to(center, width).astype(np.float64), np.broadcast_to(scale, width).astype(np.float64)


def _folded(network: Network, center: Array, scale: Array) -> Network:
    """Fold a scaler into the first layer: W / scale, b − (center / scale) W."""
    first, *others = network.weights
    bias, *biases = network.biases
    return Network((first / scale[:, None], *others), (bias - (center / scale) @ first, *biases), network.classes)


def _prepared(steps: Sequence[Any], first: Any, rows: Any) -> Array:
    """Put rows through the steps; where all are folded, rows are held to the names that ``first`` was fitted to."""
    if not steps:
        _check_names(first, rows)
    for step in steps:
        rows = step.transform(rows)
    return np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows, dtype=np.float64)


def _check_names(first: Any, rows: Any) -> None:
    names, columns = getattr(first, "feature_names_in_", None), getattr(rows, "columns", None)
    if names is not None and columns is not None and list(columns) != list(names):
        raise MatchdayError(
            f"PolytopeLens: rows have the columns {', '.join(map(str, columns))}; rule: those that the model was "
            f"fitted to, in their order: {', '.join(map(str, names))}."
        )
