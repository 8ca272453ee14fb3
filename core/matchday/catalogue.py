"""The catalogue: what is installed, by name, found through entry points and imported only when asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from matchday.component import Component
from matchday.errors import CatalogueError, did_you_mean

GROUPS = {
    "component": "matchday.components",
    "source": "matchday.sources",
    "scenario": "matchday.scenarios",
    "command": "matchday.commands",
}
AGENTS = "matchday.agents"


class Catalogue:
    """Names of components, sources, scenarios and commands, and of the agents that packages bundle as TOML."""

    def names(self, kind: str) -> list[str]:
        """List what is installed of a kind: component, source, scenario, command or agent."""
        return sorted(self._agent_files if kind == "agent" else self._entries(kind))

    def load(self, kind: str, name: str) -> Any:
        """Import what stands behind a name; raises ``CatalogueError`` with a did-you-mean, or the import's failure."""
        entries = self._entries(kind)
        if name not in entries:
            raise CatalogueError(f"{kind.capitalize()} {name!r} is not installed; {did_you_mean(name, entries)}")
        try:
            return entries[name].load()
        except (ImportError, AttributeError) as error:
            what = f"{kind.capitalize()} {name!r} ({entries[name].value}) cannot be imported: {error}"
            raise CatalogueError(f"{what}; reinstall the package that brings it.") from error

    def component(self, use: str) -> type[Component]:
        """Look up a component class: a name of the catalogue, or "package.module:Class"."""
        found = import_object(use) if ":" in use else self.load("component", use)
        if not (isinstance(found, type) and issubclass(found, Component)):
            raise CatalogueError(f"Component {use!r} is {found!r}; rule: a class that derives from matchday.Component.")
        return found

    def agent_file(self, name: str) -> Traversable:
        """Find a bundled agent's TOML file."""
        if name not in self._agent_files:
            raise CatalogueError(
                f"Agent {name!r} is neither bundled nor a file; {did_you_mean(name, self._agent_files)}"
            )
        return self._agent_files[name]

    def _entries(self, kind: str) -> dict[str, metadata.EntryPoint]:
        return {entry.name: entry for entry in metadata.entry_points(group=GROUPS[kind])}

    @cached_property
    def _agent_files(self) -> dict[str, Traversable]:
        return {
            file.name.removesuffix(".toml"): file
            for entry in metadata.entry_points(group=AGENTS)
            for file in _toml_files(entry)
        }


def _toml_files(entry: metadata.EntryPoint) -> Iterator[Traversable]:
    try:
        folder = resources.files(entry.value)
    except ImportError as error:
        raise CatalogueError(f"Agents of {entry.value!r} cannot be imported: {error}; reinstall it.") from error
    return (file for file in folder.iterdir() if file.name.endswith(".toml"))


def import_object(path: str) -> Any:
    """Import "package.module:Name"; modules in the working directory count.

    Raises ``CatalogueError`` in one line where there is no such module or name, or where importing it fails.
    """
    module_name, _, name = path.partition(":")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        found: Any = importlib.import_module(module_name)
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise CatalogueError(f"{path!r} cannot be imported: {reason}.") from error
    for part in name.split("."):
        if not hasattr(found, part):
            raise CatalogueError(f"{path!r}: module {module_name!r} has no {name!r}; {did_you_mean(name, dir(found))}")
        found = getattr(found, part)
    return found
