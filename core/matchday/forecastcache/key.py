"""What a model's forecasts depend on, as a key: when any of it changes, they are made anew.

That is the component with its name and parameters, the run's seed, the data, the prices that are shown, what an agent
of agents keeps from it, the source code of the component's package, of what its parameters import and of matchday, and
the versions of all installed packages. Where the agent has watches, models may act on what they say, and watches see
every forecast: then all components count but those that pick and size bets. Not seen: what a component reads from
elsewhere, which it must not, and modules outside its package.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from matchday.agent import Agent, component_spec
from matchday.assembly import implementations
from matchday.component import Component
from matchday.parts import parts_of
from matchday.rules import Rules
from matchday.season import Season

#: Hooks that leave a component a model and no more: it is told things, and forecasts.
MODEL_HOOKS = frozenset({"season_opened", "matchday_opened", "forecast", "matchday_settled", "season_closed"})
BETTING_HOOKS = frozenset({"find_edges", "size_stakes"})

#: How a parameter names what it imports: "package.module:Class", or with a dot.
_IMPORT_PATH = re.compile(r"[A-Za-z_]\w*(\.\w+)*[.:]\w+(\.\w+)*")


def shareable(component: object) -> bool:
    """Whether a component's forecasts can be kept: a model that does nothing else, without effects, from files."""
    hooks = implementations(component).keys()
    plain = isinstance(component, Component) and "forecast" in hooks <= MODEL_HOOKS and not component.effects
    return plain and all(map(source_files, packages_of(component)))


def forecast_key(
    agent: Agent, name: str, *, season: Season, rules: Rules, seed: int, worlds: tuple[str, ...] = ()
) -> str:
    """Answer 32 hexadecimal digits, the same only where the agent's model ``name`` makes the same forecasts.

    ``worlds`` are those around the agent, as ``AgentOfAgents.worlds`` names them.
    """
    component, beside = agent.components[name], _beside(agent)
    policy = season.policy(rules.prices)
    packages = {"matchday"}.union(*map(packages_of, [component, *beside.values()]))
    depends_on = {
        "component": component_spec(name, component),
        "beside": [component_spec(*each) for each in beside.items()],
        "worlds": worlds,
        "seed": seed,
        "data": [season.fingerprint, season.source, sorted(season.closing), sorted(season.not_bookmakers)],
        "prices": [policy.bookmakers, policy.moment, policy.best, rules.selections],
        "code": [*map(source_digest, sorted(packages)), installed()],
    }
    text = json.dumps(depends_on, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _beside(agent: Agent) -> dict[str, Component | Agent]:
    """Find the components that a model may learn of by way of a watch."""
    hooks = {name: implementations(each).keys() for name, each in agent.components.items()}
    if not any("diagnose" in found for found in hooks.values()):
        return {}
    betting = MODEL_HOOKS - {"forecast"} | BETTING_HOOKS
    return {name: each for name, each in agent.components.items() if not hooks[name] <= betting}


def packages_of(component: object) -> set[str]:
    """Name the top-level packages, or lone modules, of a component's class and of all that its parameters import.

    A parameter imports where it is text such as "package.module:Class", at any depth.
    """
    written = component.model_dump(mode="json") if isinstance(component, Component) else {}
    named = {text.partition(".")[0].partition(":")[0] for text in imports(written)}
    return {type(component).__module__.partition(".")[0], *(each for each in named if each in sys.modules)}


def imports(parameters: Any) -> set[str]:
    """Find what looks as if it named code, at any depth of parameters.

    >>> sorted(imports({"estimator": "sklearn.svm:SVC", "inside": ["os:path.join"], "features": ["ratings"]}))
    ['os:path.join', 'sklearn.svm:SVC']
    """
    return {text for text in _texts(parameters) if _IMPORT_PATH.fullmatch(text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


@cache
def source_files(package: str) -> list[Path]:
    """List the Python files of a package, or of a lone module; there are none at a prompt or in a notebook."""
    module = sys.modules[package]
    folders, lone = getattr(module, "__path__", None), getattr(module, "__file__", None)
    if folders is not None:
        return sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
    return [Path(lone)] if lone and Path(lone).is_file() else []


@cache
def source_digest(package: str) -> str:
    """Digest the source of a package as it was when first asked for."""
    digest = hashlib.sha256()
    for file in source_files(package):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def code_digest(agent: Agent) -> str:
    """Digest the source of everything that an agent is made of, agents inside it included, and of matchday."""
    components = [part.component for part in parts_of(agent)]
    kinds, packages = set(map(type, components)), {"matchday"}.union(*map(packages_of, components))
    parts = [source_digest(name) for name in sorted(packages) if source_files(name)]
    parts += sorted(_bytecode(kind) for kind in kinds if not source_files(kind.__module__.partition(".")[0]))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _bytecode(kind: type) -> str:
    """Digest a class that was typed in, at a prompt or in a notebook, and has no file."""
    import cloudpickle

    return hashlib.sha256(cloudpickle.dumps(kind)).hexdigest()[:16]


@cache
def installed() -> str:
    """Digest the names and versions of all installed packages, and Python's."""
    packages = {f"{each.name} {each.version}" for each in metadata.distributions()}
    return hashlib.sha256("\n".join([sys.version, *sorted(packages)]).encode()).hexdigest()[:16]
