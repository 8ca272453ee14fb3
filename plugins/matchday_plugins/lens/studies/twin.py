"""A model's untrained twin: what the same network does before it has learned anything.

The code of a random network is a hash of the angle of its input: near inputs have near codes whatever they mean. What a
study finds counts only as far as the twin does not have it.

Glorot, X. & Bengio, Y. (2010). Understanding the difficulty of training deep feedforward neural networks. AISTATS,
249-256.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np


def untrained(model: Any, *, seed: int = 0) -> Any:
    """Answer the same model with the weights that scikit-learn begins to train from, drawn from ``seed``.

    The steps before the network are the model's own, as they were fitted. ``model`` is a fitted ReLU network, alone or
    at the end of a pipeline.
    """
    if not hasattr(model, "steps"):
        return _fresh(model, seed)
    from sklearn.pipeline import Pipeline

    *before, (name, network) = [step for step in model.steps if step[1] not in (None, "passthrough")]
    return Pipeline([*before, (name, untrained(network, seed=seed))])


def _fresh(network: Any, seed: int) -> Any:
    """Draw weights and biases from U(−a, a), a = √(6 / (units before + units after)), in scikit-learn's order."""
    fresh, rng = copy.copy(network), np.random.RandomState(seed)
    fresh.coefs_, fresh.intercepts_ = [], []
    for weights, biases in zip(network.coefs_, network.intercepts_, strict=True):
        most = np.sqrt(6.0 / sum(weights.shape))
        fresh.coefs_.append(rng.uniform(-most, most, weights.shape).astype(weights.dtype))
        fresh.intercepts_.append(rng.uniform(-most, most, biases.shape).astype(biases.dtype))
    return fresh
