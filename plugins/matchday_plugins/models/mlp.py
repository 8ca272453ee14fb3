"""Multilayer perceptrons: networks of rectified linear units on features.

Rumelhart, D. E., Hinton, G. E. & Williams, R. J. (1986). Learning representations by back-propagating errors. Nature
323, 533-536. Kingma, D. P. & Ba, J. (2015). Adam: a method for stochastic optimization. ICLR.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from matchday_plugins.models.learned.model import Learner
from matchday_plugins.models.learned.pipelines import scaled


class MLP(Learner):
    """Forecast results by the mean of a few ReLU networks on standardised features.

    Each network is an imputer, a scaler and the network proper, in a pipeline. It is trained for ``epochs`` passes and
    not until it fits best, for on few matches that would be too well. A feature that is not known takes its mean over
    the training matches, and an indicator beside it says so.

    >>> MLP(hidden=[16, 8]).name
    'mlp'
    """

    hidden: list[int] = Field(default_factory=lambda: [8], description="units of each hidden layer")
    alpha: float = Field(1.0, ge=0, description="strength of the penalty on squared weights")
    learning_rate: float = Field(0.002, gt=0, le=1, description="Adam's first step size")
    batch: int = Field(128, ge=1, description="matches a step")
    epochs: int = Field(20, ge=1, description="passes over the training matches")
    networks: int = Field(2, ge=1, le=100, description="networks with seeds of their own that are averaged")

    def model_post_init(self, context: Any) -> None:
        """Refuse layers without units."""
        super().model_post_init(context)
        if not self.hidden or min(self.hidden) < 1:
            raise ValueError(f"hidden is {self.hidden}; rule: at least one layer, each of at least one unit")
        if self.batch > self.minimum_matches:
            raise ValueError(
                f"batch is {self.batch}, minimum_matches {self.minimum_matches}; rule: a batch is no larger than what "
                "there is to learn from"
            )

    def make(self, seed: int) -> Any:
        """Make imputer, scaler and network."""
        from sklearn.neural_network import MLPClassifier

        network = MLPClassifier(
            tuple(self.hidden),
            activation="relu",
            alpha=self.alpha,
            learning_rate_init=self.learning_rate,
            batch_size=self.batch,
            max_iter=self.epochs,
            n_iter_no_change=self.epochs + 1,
            random_state=seed,
        )
        return scaled(network)

    @property
    def repeats(self) -> int:
        """As many as ``networks``."""
        return self.networks
