"""Finding the neural models of an agent, at any depth, and the network to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matchday import Agent, Component, MatchdayError
from matchday.assembly import implementations
from matchday.errors import did_you_mean
from matchday.wording import listed
from matchday_plugins.lens.network import steps_of
from matchday_plugins.models.learned.model import Learner
from matchday_plugins.models.sklearn_estimator import SklearnEstimator


def components_of(agent: Agent, before: str = "") -> Iterator[tuple[str, Component]]:
    """Name every component of an agent and of the agents inside it, those as "member/component"."""
    for name, component in agent.components.items():
        if isinstance(component, Agent):
            yield from components_of(component, f"{before}{name}/")
            continue
        yield f"{before}{name}", component
        members: Mapping[str, Agent] = getattr(component, "members", {})
        for member, inside in members.items():
            yield from components_of(inside, f"{before}{member}/")


def choose_model(agent: Agent, name: str | None = None) -> tuple[str, Learner]:
    """Answer an agent's neural model, the first unless one is named.

    Raises ``MatchdayError`` where there is none, or none of that name.
    """
    neural = {
        label: each for label, each in components_of(agent) if isinstance(each, Learner) and is_network(each.make(0))
    }
    if not neural:
        raise MatchdayError(_none(agent))
    if name is not None and name not in neural:
        raise MatchdayError(f"--model {name!r} is no neural model of {agent.name!r}; {did_you_mean(name, neural)}")
    chosen = next(iter(neural)) if name is None else name
    return chosen, neural[chosen]


def is_network(estimator: Any) -> bool:
    """Whether it is a ReLU network, fitted or not, alone or at the end of a pipeline."""
    last = steps_of(estimator)[-1]
    return hasattr(last, "hidden_layer_sizes") and getattr(last, "activation", None) == "relu"


def flat(estimator: Any) -> Any:
    """Answer an estimator whose fitted steps are those of one pipeline, without pipelines inside it."""
    from sklearn.pipeline import Pipeline

    steps = steps_of(estimator)
    return estimator if len(steps) == 1 else Pipeline([(f"step-{n}", step) for n, step in enumerate(steps, start=1)])


def _none(agent: Agent) -> str:
    models = {label: each for label, each in components_of(agent) if "forecast" in implementations(each)}
    known = listed(f"{label} ({type(each).__name__})" for label, each in models.items()) or "none"
    free = next(
        (label for label, each in models.items() if isinstance(each, SklearnEstimator) and "/" not in label), ""
    )
    remedy = f"--set {free}.estimator=sklearn.neural_network:MLPClassifier, or " if free else ""
    return (
        f"Agent {agent.name!r} has no neural model; its models: {known}; rule: a network of rectified linear units, as "
        f"{remedy}component 'mlp' is."
    )
