"""Importing what somebody names, and saying in one line why it cannot be had."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from matchday.errors import CatalogueError, did_you_mean, one_line
from matchday.places import import_place

RULE = "rule: module:Class, the module in the working directory or installed"


def import_object(path: str) -> Any:
    """Import "package.module:Name"; modules in the working directory count.

    Raises ``CatalogueError`` in one line where there is no such module or name, or where importing it fails.
    """
    module_name, _, name = path.partition(":")
    if not all(part.isidentifier() for part in module_name.split(".")):
        meant = Path(module_name).stem
        hint = f", as {meant}:{name or 'Class'}" if meant.isidentifier() else ""
        raise CatalogueError(f"{path!r} names no module; {RULE}{hint}.")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    with importing(repr(path)):
        found: Any = importlib.import_module(module_name)
    for part in name.split("."):
        if not hasattr(found, part):
            raise CatalogueError(f"{path!r}: {_has_no(found, name)}")
        found = getattr(found, part)
    return found


@contextmanager
def importing(what: str) -> Iterator[None]:
    """Turn whatever an import raises into a ``CatalogueError`` that says what, why and where."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a stranger's module raises, a way out of the program among it
        raise CatalogueError(f"{what} cannot be imported: {_reason(error)}") from error


def _has_no(found: Any, name: str) -> str:
    if not isinstance(found, ModuleType):
        return f"{getattr(found, '__name__', type(found).__name__)!r} has no {name!r}; {RULE}."
    public = [each for each, value in vars(found).items() if each[0] != "_" and not isinstance(value, ModuleType)]
    near = did_you_mean(name, public)
    if near.startswith("did"):
        return f"module {found.__name__!r} has no {name!r}; {near}"
    own = [each for each in public if getattr(vars(found)[each], "__module__", None) == found.__name__]
    if not name:
        return f"no class is named; {RULE}; {did_you_mean(name, own)}"
    return f"module {found.__name__!r} has no {name!r}; {did_you_mean(name, own)}"


def _reason(error: BaseException) -> str:
    """Say why an import failed, at which line of which file, and what helps."""
    place = import_place(error)
    where = f" ({place})" if place else ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        if place:
            return f"there is no module {error.name!r}{where}; install the package that brings it."
        near = did_you_mean(error.name, _modules_here())
        hint = f"; {near}" if near.startswith("did") else "; it is neither installed nor in the working directory."
        return f"there is no module {error.name!r}{hint}"
    return f"{one_line(error).rstrip('.')}{where}."


def _modules_here() -> list[str]:
    return [each.stem for each in Path.cwd().glob("*.py")] + [each.parent.name for each in Path.cwd().glob("*/*.py")]
