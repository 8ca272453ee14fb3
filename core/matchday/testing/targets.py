"""From what a user names to what is checked: a name of the catalogue, module:Class, or a file."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from matchday.agentfile import read_agent
from matchday.assembly import implementations
from matchday.catalogue import Catalogue
from matchday.component import Component
from matchday.errors import CatalogueError, did_you_mean
from matchday.importing import import_object, importing
from matchday.source import Source
from matchday.testing.checking import Checkable


def find_targets(target: str) -> dict[str, Checkable]:
    """Find what a name stands for, by the name it is reported under; of a .py file, all that it defines.

    A component goes before a source, and that before an agent of the same name. Raises ``CatalogueError`` in one line.
    """
    path, _, name = target.partition(":")
    if path.endswith(".py"):
        return _in_file(Path(path), name)
    if name:
        return {target: _checkable(target, import_object(target))}
    if target.endswith(".toml"):
        return {target: read_agent(target)}
    return {target: _named(target)}


def _named(name: str) -> Checkable:
    """Look a name up in the catalogue."""
    catalogue = Catalogue()
    for kind in ("component", "source"):
        if name in catalogue.names(kind):
            return _checkable(name, catalogue.load(kind, name))
    if name in catalogue.names("agent"):
        return read_agent(name, catalogue)
    known = [each for kind in ("component", "source", "agent") for each in catalogue.names(kind)]
    hint = did_you_mean(name, known)
    rule = hint if hint.startswith("did") else "rule: a name that is installed, module:Class, or a .py or .toml file."
    raise CatalogueError(f"{name!r} is not installed; {rule}")


def _in_file(path: Path, name: str) -> dict[str, Checkable]:
    """Import a file under its own name, and find the components and sources that it defines."""
    if not path.is_file():
        raise CatalogueError(f"File {str(path)!r} is not there; rule: a name, module:Class, or a .py or .toml file.")
    module = _imported(path)
    found = {each.__name__: each for each in _defined(module)}
    if name and name not in found:
        raise CatalogueError(f"File {str(path)!r} defines no {name!r}; {did_you_mean(name, found)}")
    if not found:
        raise CatalogueError(f"File {str(path)!r} defines no component and no source; derive one from Component.")
    chosen = {name: found[name]} if name else _at_work(found)
    return {f"{path}:{each}": kind for each, kind in chosen.items()}


def _imported(path: Path) -> ModuleType:
    """Import a file as the module that it is, so that what it defines can be sent to other processes."""
    import importlib

    folder, packages = path.resolve().parent, [path.stem]
    while (folder / "__init__.py").is_file():
        folder, packages = folder.parent, [folder.name, *packages]
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    with importing(f"File {str(path)!r}"):
        module = importlib.import_module(".".join(packages))
    if module.__file__ is None or Path(module.__file__).resolve() != path.resolve():
        raise CatalogueError(f"File {str(path)!r} is called as the module {packages[-1]!r} is; give it another name.")
    return module


def _defined(module: ModuleType) -> Iterator[type[Any]]:
    for value in vars(module).values():
        if not (isinstance(value, type) and issubclass(value, Component | Source)):
            continue
        if value.__module__ == module.__name__ and not inspect.isabstract(value) and not value.__name__.startswith("_"):
            yield value


def _at_work(found: dict[str, type[Any]]) -> dict[str, type[Any]]:
    """Leave out the components that implement no hook, where others do: they are what those derive from."""
    working = {name: kind for name, kind in found.items() if issubclass(kind, Source) or implementations(kind)}
    return working or found


def _checkable(name: str, found: Any) -> Checkable:
    if isinstance(found, type) and issubclass(found, Component | Source):
        return found
    raise CatalogueError(
        f"{name!r} is {found!r}; rule: a class that derives from matchday.Component or matchday.Source."
    )
