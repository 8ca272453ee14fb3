"""Estimators written down: an import path and parameters that are not the default, in what JSON and TOML can hold.

    {"use": "sklearn.ensemble:RandomForestClassifier", "n_estimators": 300}

stands for an object, at any depth of lists and tables: ``write`` makes it of one, ``build`` makes one of it. A class is
called with its parameters; a function stands for itself.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

#: The key that says that a table stands for an object.
USE = "use"


def locate(path: str) -> Any:
    """Import "package.module:Class" or "package.module.Class".

    Raises ``ValueError`` in one line where there is no such thing.
    """
    module, _, name = path.partition(":") if ":" in path else path.rpartition(".")
    if not module or not name:
        raise ValueError(f"{path!r} is no import path; rule: package.module:Class")
    try:
        found = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except Exception as error:  # a module may raise anything while it is imported
        reason = " ".join(str(error).split())
        raise ValueError(f"{path!r} cannot be imported: {reason}; rule: package.module:Class, installed here") from None
    return found


def build(path: str, parameters: Mapping[str, Any]) -> Any:
    """Make the object that a path and its parameters stand for; raises ``ValueError`` where that cannot be done."""
    found = locate(path)
    if not inspect.isclass(found) and not parameters:
        return found
    try:
        return found(**{name: _read(value) for name, value in parameters.items()})
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path!r} does not take its parameters: {' '.join(str(error).split())}") from None


def write(thing: Any) -> tuple[str, dict[str, Any]]:
    """Answer the import path of an estimator, and its parameters that are not the default.

    Raises ``ValueError`` where it cannot be written down, such as one that holds a function made on the spot.
    """
    if inspect.isclass(thing):
        raise ValueError(f"{thing.__name__} is a class; rule: an object of it, {thing.__name__}(), or its import path")
    kind = type(thing)
    path = f"{_public(kind)}:{kind.__qualname__}"
    if not callable(getattr(thing, "get_params", None)) or _reached(path) is not kind:
        raise ValueError(f"{kind.__name__} cannot be written down; name its class by import path, package.module:Class")
    given = thing.get_params(deep=False)
    usual = {name: each.default for name, each in inspect.signature(kind.__init__).parameters.items()}
    changed = {
        name: value for name, value in given.items() if not _same(value, usual.get(name, inspect.Parameter.empty))
    }
    return path, {name: _written(value, f"{kind.__name__}.{name}") for name, value in changed.items()}


def _read(value: Any) -> Any:
    """Make objects of the tables that stand for some."""
    if isinstance(value, Mapping):
        inner = {name: each for name, each in value.items() if name != USE}
        return build(value[USE], inner) if USE in value else {name: _read(each) for name, each in inner.items()}
    if isinstance(value, list):
        return [_read(each) for each in value]
    return value


def _written(value: Any, where: str) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, np.generic | np.ndarray):
        return _written(value.tolist(), where)
    if isinstance(value, list | tuple):
        return [_written(each, where) for each in value]
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {name: _written(each, where) for name, each in value.items()}
    if callable(getattr(value, "get_params", None)) and not inspect.isclass(value):
        path, parameters = write(value)
        return {USE: path, **parameters}
    if inspect.isfunction(value) and _reached(path := f"{value.__module__}:{value.__qualname__}") is value:
        return {USE: path}
    raise ValueError(
        f"{where} is {type(value).__name__}, which cannot be written down; rule: text, numbers, lists, tables, "
        "estimators, and functions of a module"
    )


def _public(kind: type) -> str:
    """Name the module that a class is known by: sklearn.ensemble, and not the private one where it is written."""
    module = kind.__module__
    parts = module.split(".")
    for place, part in enumerate(parts):
        if part.startswith("_") and _reached(f"{'.'.join(parts[:place])}:{kind.__qualname__}") is kind:
            return ".".join(parts[:place])
    return module


def _reached(path: str) -> Any:
    try:
        return locate(path)
    except ValueError:
        return None


def _same(value: Any, usual: Any) -> bool:
    return value is usual or (
        type(value) is type(usual) and isinstance(value, str | bool | int | float | tuple) and value == usual
    )
