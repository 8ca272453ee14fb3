"""Finding the neural models of an agent, at any depth, and the network to look at; or a model that bets by itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchday import Agent, Catalogue, Component, MatchdayError
from matchday.agentfile import AgentFile, parse_agent, read_agent
from matchday.errors import CatalogueError, did_you_mean
from matchday.parts import parts_of
from matchday.wording import listed
from matchday_plugins.lens.network import steps_of
from matchday_plugins.models.learned.model import Learner
from matchday_plugins.models.sklearn_estimator import SklearnEstimator

#: How a model bets that is named by itself: a quarter of Kelly where it sees an edge of 5 %.
BETS = [{"use": "value", "minimum_edge": 0.05}, {"use": "kelly"}, {"use": "fractional", "fraction": 0.25}]


def read_player(target: str) -> AgentFile:
    """Read an agent, by name or path; of a learner's name, such as ``mlp``, make an agent that bets on what it says."""
    try:
        return read_agent(target)
    except CatalogueError:
        catalogue = Catalogue()
        if target not in catalogue.names("component") or not issubclass(catalogue.component(target), Learner):
            raise
        return parse_agent({"name": target, "component": [{"use": target}, *BETS]}, where=f"Model {target!r}")


def choose_model(agent: Agent, name: str | None = None) -> tuple[str, Learner]:
    """Answer an agent's neural model, the first unless one is named.

    Raises ``MatchdayError`` where there is none, or none of that name.
    """
    learners = {part.path: part.component for part in parts_of(agent) if isinstance(part.component, Learner)}
    neural = {path: learner for path, learner in learners.items() if is_network(learner.make(0))}
    if not neural:
        raise MatchdayError(_none(agent))
    if name is not None and name not in neural:
        raise MatchdayError(f"--model {name!r} is no neural model of {agent.name!r}; {did_you_mean(name, neural)}")
    chosen = next(iter(neural)) if name is None else name
    return chosen, neural[chosen]


def is_network(estimator: Any) -> bool:
    """Whether it is a ReLU network with a hidden layer, fitted or not, alone or at the end of a pipeline."""
    last = steps_of(estimator)[-1]
    return _has_layers(last) and last.activation == "relu"


def _has_layers(last: Any) -> bool:
    return hasattr(last, "activation") and np.size(getattr(last, "hidden_layer_sizes", ())) > 0


def flat(estimator: Any) -> Any:
    """Answer an estimator whose fitted steps are those of one pipeline, without pipelines inside it."""
    from sklearn.pipeline import Pipeline

    steps = steps_of(estimator)
    return estimator if len(steps) == 1 else Pipeline([(f"step-{n}", step) for n, step in enumerate(steps, start=1)])


def _none(agent: Agent) -> str:
    models = {part.path: part.component for part in parts_of(agent) if part.answers("forecast")}
    known = listed(f"{label} ({_kind(each)})" for label, each in models.items()) or "none"
    free = next((label for label, each in models.items() if "/" not in label and _is_free(each)), "")
    chosen = f"--set {free}.estimator=sklearn.neural_network:MLPClassifier makes {free!r} one, and " if free else ""
    return (
        f"Agent {agent.name!r} has no neural model; its models: {known}; rule: a network of rectified linear units "
        f"with a hidden layer; {chosen}component 'mlp' is one: add it to an agent of yours, or look at it alone, with: "
        "matchday lens mlp"
    )


def _is_free(model: Component) -> bool:
    """Whether a network can be put in by the command line alone."""
    return isinstance(model, SklearnEstimator) and not model.parameters and not _is_perceptron(model)


def _is_perceptron(model: Learner) -> bool:
    return hasattr(steps_of(model.make(0))[-1], "hidden_layer_sizes")


def _kind(model: Component) -> str:
    """Say what a model is, and of a network why it is none that the lens can look into."""
    kind = type(model).__name__
    if not isinstance(model, Learner) or not _is_perceptron(model):
        return kind
    last = steps_of(model.make(0))[-1]
    return f"{kind}, with activation {last.activation}" if _has_layers(last) else f"{kind}, without a hidden layer"
