"""What a model's forecasts depend on, as a key: when any of it changes, they are made anew.

That is the component with its name and parameters, the run's seed, the data, the prices that are shown, the source code
of the component's package and of matchday, and the versions of all installed packages. Where the agent has watches,
models may act on what they say, and watches see every forecast: then all components count but those that pick and size
bets. Not seen: what a component reads from elsewhere, which it must not, and modules outside its package.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from matchday.agent import Agent, component_spec
from matchday.assembly import implementations
from matchday.component import Component
from matchday.rules import Rules
from matchday.season import Season

#: Hooks that leave a component a model and no more: it is told things, and forecasts.
MODEL_HOOKS = frozenset({"season_opened", "matchday_opened", "forecast", "matchday_settled", "season_closed"})
BETTING_HOOKS = frozenset({"find_edges", "size_stakes"})


def shareable(component: object) -> bool:
    """Whether a component's forecasts can be kept: a model that does nothing else, and declares no effects."""
    hooks = implementations(component).keys()
    return isinstance(component, Component) and "forecast" in hooks <= MODEL_HOOKS and not component.effects


def forecast_key(agent: Agent, name: str, *, season: Season, rules: Rules, seed: int) -> str:
    """Answer 32 hexadecimal digits, the same only where the agent's model ``name`` makes the same forecasts."""
    component = agent.components[name]
    policy = season.policy(rules.prices)
    depends_on = {
        "component": component_spec(name, component),
        "beside": _beside(agent),
        "seed": seed,
        "data": [season.fingerprint, season.source, sorted(season.closing), sorted(season.not_bookmakers)],
        "prices": [policy.bookmakers, policy.moment, policy.best, rules.selections],
        "code": [source_digest(package_of(type(component))), source_digest("matchday"), installed()],
    }
    text = json.dumps(depends_on, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _beside(agent: Agent) -> list[dict[str, Any]]:
    """Describe what a model may learn of by way of a watch."""
    hooks = {name: implementations(each).keys() for name, each in agent.components.items()}
    if not any("diagnose" in found for found in hooks.values()):
        return []
    return [
        component_spec(name, each)
        for name, each in agent.components.items()
        if not hooks[name] <= MODEL_HOOKS - {"forecast"} | BETTING_HOOKS
    ]


def package_of(kind: type) -> str:
    """Name the top-level package that a class stands in, or its module."""
    return kind.__module__.partition(".")[0]


@cache
def source_digest(package: str) -> str:
    """Digest the Python files of a package, or of a lone module; empty where there is no file, as at a prompt."""
    module = sys.modules[package]
    folders, lone = getattr(module, "__path__", None), getattr(module, "__file__", None)
    if folders is not None:
        files = sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
    else:
        files = [Path(lone)] if lone else []
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def installed() -> str:
    """Digest the names and versions of all installed packages, and Python's."""
    packages = {f"{each.name} {each.version}" for each in metadata.distributions()}
    return hashlib.sha256("\n".join([sys.version, *sorted(packages)]).encode()).hexdigest()[:16]
