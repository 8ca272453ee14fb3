"""The catalogue: what is installed, by name, found through entry points and imported only when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Any

from matchday.component import Component
from matchday.errors import CatalogueError, did_you_mean
from matchday.importing import import_object, importing

GROUPS = {
    "component": "matchday.components",
    "source": "matchday.sources",
    "scenario": "matchday.scenarios",
    "command": "matchday.commands",
}
AGENTS = "matchday.agents"

#: What to do with a name of one kind that was given for one of another.
USES = {
    "component": "list it in an agent's TOML file",
    "agent": "play it, or list it among the agents of a 'committee'",
    "source": "choose it with --source",
    "scenario": "choose it with --scenario",
    "command": "it is a word of the command line",
}


class Catalogue:
    """Names of components, sources, scenarios and commands, and of the agents that packages bundle as TOML.

    It reads what is installed once, when it is first asked; a new one sees what was installed since.
    """

    def __init__(self) -> None:
        self._read: dict[str, tuple[metadata.EntryPoint, ...]] = {}

    def names(self, kind: str) -> list[str]:
        """List what is installed of a kind: component, source, scenario, command or agent."""
        return sorted(self._agents[0] if kind == "agent" else self._entries(kind))

    def broken_agents(self) -> dict[str, str]:
        """Say of each package that brings agents and cannot be imported why: ``{package: reason}``."""
        return self._agents[1]

    def load(self, kind: str, name: str) -> Any:
        """Import what stands behind a name; raises ``CatalogueError`` with a did-you-mean, or the import's failure."""
        entries = self._entries(kind)
        if name not in entries:
            raise CatalogueError(f"{kind.capitalize()} {name!r} {self._unknown(kind, name)}")
        entry = entries[name]
        self._check_sole(kind, name)
        package = f" of package {entry.dist.name!r}" if entry.dist else ""
        with importing(f"{kind.capitalize()} {name!r} ({entry.value}{package})"):
            return entry.load()

    def _check_sole(self, kind: str, name: str) -> None:
        """Refuse a name under which two packages bring different things."""
        same = {entry.value: entry.dist for entry in self._installed(kind) if entry.name == name}
        if len(same) > 1:
            named = " and ".join(repr(dist.name if dist else value) for value, dist in same.items())
            raise CatalogueError(f"{kind.capitalize()} {name!r} is brought by {named}; uninstall one of them.")

    def component(self, use: str) -> type[Component]:
        """Look up a component class: a name of the catalogue, or "package.module:Class"."""
        found = import_object(use) if ":" in use else self.load("component", use)
        if not (isinstance(found, type) and issubclass(found, Component)):
            rule = "rule: a class that derives from matchday.Component"
            raise CatalogueError(f"Component {use!r} is {_what(found)}; {rule}.")
        return found

    def agent_file(self, name: str) -> Traversable:
        """Find a bundled agent's TOML file."""
        files, broken = self._agents
        if name not in files:
            unknown = self._unknown("agent", name).replace("is not installed", "is neither bundled nor a file")
            raise CatalogueError(" ".join([f"Agent {name!r} {unknown}", *broken.values()]))
        return files[name]

    def _unknown(self, kind: str, name: str) -> str:
        """Say of a name that a kind does not have what it is, or which one may be meant."""
        for other, use in USES.items():
            if other != kind and name in self.names(other):
                return f"is {_a(other)}, not {_a(kind)}; {use}."
        known = self.names(kind)
        hint = did_you_mean(name, known)
        if kind == "component" and not hint.startswith("did"):
            hint = "matchday components lists what is; a class of your own is named as module:Class."
        return f"is not installed; {hint}"

    def _entries(self, kind: str) -> dict[str, metadata.EntryPoint]:
        return {entry.name: entry for entry in self._installed(kind)}

    def _installed(self, kind: str) -> tuple[metadata.EntryPoint, ...]:
        """Read the entry points of a kind, which looks into every package there is, once."""
        if kind not in self._read:
            self._read[kind] = tuple(metadata.entry_points(group=GROUPS[kind]))
        return self._read[kind]

    @cached_property
    def _agents(self) -> tuple[dict[str, Traversable], dict[str, str]]:
        """Find the agents' files by name, and the packages that are broken, which hide no other, with the reason."""
        files: dict[str, Traversable] = {}
        broken: dict[str, str] = {}
        for entry in metadata.entry_points(group=AGENTS):
            try:
                files |= {file.name.removesuffix(".toml"): file for file in _toml_files(entry)}
            except CatalogueError as error:
                broken[entry.value] = str(error)
        return files, broken


def _toml_files(entry: metadata.EntryPoint) -> Iterator[Traversable]:
    with importing(f"Package {entry.value!r}, which brings agents,"):
        folder = resources.files(entry.value)
    return (file for file in folder.iterdir() if file.name.endswith(".toml"))


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _what(found: object) -> str:
    """Say what somebody named who named no component's class."""
    if isinstance(found, type):
        from matchday.source import Source

        return f"the class {found.__name__}{', a source' if issubclass(found, Source) else ''}"
    if isinstance(found, Component):
        return f"an object of the class {type(found).__name__}"
    return f"a {type(found).__name__}"
