"""What things are called in a new package: all of it follows from the component's name, which is checked first."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import keyword
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from matchday.catalogue import Catalogue
from matchday.component import kebab
from matchday.errors import MatchdayError

WRITTEN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

#: Folders that stand, or come to stand, beside the package's own.
FOLDERS = frozenset({"tests", "dist", "build"})

#: What the package asks for while it is worked on, which a package of that name would stand in the way of.
TOOLS = frozenset({"hatchling", "mypy", "pandas-stubs", "pytest", "ruff"})


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a component and of the agent that uses it, in kebab case, and what follows from them."""

    name: str
    agent: str

    @property
    def package(self) -> str:
        """The Python package.

        >>> Names("my-model", "my-agent").package
        'my_model'
        """
        return self.name.replace("-", "_")

    @property
    def cls(self) -> str:
        """The component's class.

        >>> Names("my-model", "my-agent").cls
        'MyModel'
        """
        return "".join(word.capitalize() for word in self.name.split("-"))


def named(name: str, catalogue: Catalogue | None = None, *, agents: Collection[str] = ()) -> Names:
    """Check the name of a new component, and name the rest after it; raises ``MatchdayError``.

    Its agent has "agent" in place of the last word, or behind it where that is the only one or such an agent is there:
    installed, or among ``agents``, which have been begun and not installed.
    """
    catalogue = catalogue or Catalogue()
    _check(name, catalogue)
    for first in (name.rpartition("-")[0] or name, name):
        agent = f"{first}-agent"
        if agent not in {*catalogue.names("agent"), *agents}:
            return Names(name, agent)
    raise MatchdayError(f"Name {name!r}: its agent {agent!r} is there already; choose another.")


def _check(name: str, catalogue: Catalogue) -> None:
    if not WRITTEN.fullmatch(name):
        raise MatchdayError(f"Name {name!r} is not in kebab case; {_rewritten(name)}")
    for kind in ("component", "source"):
        if name in catalogue.names(kind):
            raise MatchdayError(f"Name {name!r} is taken: a {kind} of that name is installed; choose another.")
    names, mine = Names(name, ""), f"as my-{name}"
    if keyword.iskeyword(names.package) or keyword.iskeyword(names.cls):
        raise MatchdayError(f"Name {name!r} is a word of Python's own; choose another, {mine}.")
    if names.package in FOLDERS:
        raise MatchdayError(f"Name {name!r} is a folder that the package has anyway; choose another, {mine}.")
    if names.cls.startswith("Test"):
        raise MatchdayError(
            f"Name {name!r}: pytest would take its class {names.cls} for a test; choose another, {mine}."
        )
    if importlib.util.find_spec(names.package) is not None:
        raise MatchdayError(
            f"Name {name!r}: Python has a module {names.package!r} already, which a package of that name would hide; "
            f"choose another, {mine}."
        )
    if name in TOOLS or _is_installed(name):
        raise MatchdayError(
            f"Name {name!r}: there is a package {name!r} already, whose place it would take; choose another, {mine}."
        )


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _rewritten(name: str) -> str:
    """Write a name in kebab case, where something of it can be."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", kebab(plain)).strip("-")
    if WRITTEN.fullmatch(words):
        return f"did you mean {words!r}?"
    return "rule: small letters and digits, a letter first, words joined by hyphens, as my-model."
