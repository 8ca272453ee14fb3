"""A model's untrained twin: what the same network does before it has learned anything.

The code of a random network is a hash of the angle of its input: near inputs have near codes whatever they mean. What a
study finds counts only as far as the twin does not have it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: A step so small that no weight moves by it.
NO_STEP = 1e-300


def untrained(model: Any, *, seed: int = 0) -> Any:
    """Answer the same model with the weights that scikit-learn begins to train from, drawn from ``seed``.

    The steps before the network are the model's own, as they were fitted. ``model`` is a fitted ReLU network, alone or
    at the end of a pipeline.
    """
    if not hasattr(model, "steps"):
        return _fresh(model, seed)
    from sklearn.pipeline import Pipeline

    *before, (name, network) = [step for step in model.steps if step[1] not in (None, "passthrough")]
    return Pipeline([*before, (name, _fresh(network, seed))])


def _fresh(network: Any, seed: int) -> Any:
    """Initialise by one step of no length, for scikit-learn initialises where it fits."""
    from sklearn.base import clone

    fresh = clone(network).set_params(
        solver="sgd",
        learning_rate_init=NO_STEP,
        batch_size="auto",
        early_stopping=False,
        warm_start=False,
        random_state=seed,
    )
    classes = getattr(network, "classes_", None)
    if classes is not None:
        return fresh.partial_fit(np.zeros((len(classes), network.n_features_in_)), classes, classes=classes)
    targets = np.zeros((2, network.n_outputs_))
    return fresh.partial_fit(np.zeros((2, network.n_features_in_)), targets[:, 0] if targets.shape[1] == 1 else targets)
