"""Every error of the project: one line that names the subject, the value, the rule and the remedy."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from matchday.places import located

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

#: Characters of a refused value that its error shows.
LONGEST = 100


class MatchdayError(Exception):
    """Base of the errors a user can mend; the command line prints it as one line and exits with status 2."""


class RuleBroken(MatchdayError):
    """A slip or a step of the episode breaks a rule; nothing has changed."""


class SourceError(MatchdayError):
    """A data source holds something that cannot be played or trusted."""


class AgentError(MatchdayError):
    """An agent cannot be assembled from what it lists."""


class CatalogueError(MatchdayError):
    """A name is not in the catalogue, or what stands behind it cannot be imported."""


class StoreError(MatchdayError):
    """The run store cannot be read or written, or a run in it cannot be resumed."""


class ComponentError(MatchdayError):
    """A component failed inside a hook; says which one, in which hook, on which matchday and, if known, in which line.

    ``message`` is the same whatever else is written into the component's file; ``place`` is not.
    """

    def __init__(self, message: str, *, component: str, hook: str, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.component = component
        self.hook = hook
        self.place = place

    def __str__(self) -> str:
        return located(self.message, self.place)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the keywords too, for workers in other processes."""
        keywords = {"component": self.component, "hook": self.hook, "place": self.place}
        return functools.partial(ComponentError, **keywords), self.args


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """End an error about an unknown name with the nearest known one, or with all of them.

    >>> did_you_mean("dixon-cole", ["dixon-coles", "poisson"])
    "did you mean 'dixon-coles'?"
    >>> did_you_mean("elephant", ["home", "draw"])
    'known: draw, home.'
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(names)}." if names else "there are none."


def one_line(error: BaseException) -> str:
    """Say in one line what was raised: its kind and its message, or what pydantic refused and why."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return f"{error.title}: {explain(error)}".rstrip(".")
    try:
        said = " ".join(str(error).split())
    except Exception:  # an error of a stranger's, which cannot even say what it is
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def explain(error: ValidationError, model: type[BaseModel] | None = None) -> str:
    """Say in one line what pydantic refused first: key, value, rule and, for an unknown key, a did-you-mean.

    An unknown key goes before a missing one, which it may be the misspelt name of.
    """
    found = error.errors()
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    key, rule = ".".join(str(part) for part in first["loc"]), first["msg"].removeprefix("Value error, ")
    rule = rule if rule.endswith("?") else f"{rule.rstrip('.')}."
    if first["type"] == "extra_forbidden":
        return f"unknown key {key!r}; {did_you_mean(key, model.model_fields)}" if model else f"unknown key {key!r}."
    if first["type"] == "missing":
        return f"key {key!r} is missing."
    if first["type"] == "frozen_instance":
        return f"{key!r} is set, and parameters are frozen; keep state in a private attribute, as self._{key}."
    return f"{key} = {_beginning(first['input'])}: {rule}" if key else rule


def _beginning(value: object) -> str:
    """Write a value, or the beginning of a long one."""
    written = " ".join(repr(value).split())
    return written if len(written) <= LONGEST else f"{written[:LONGEST]}..."


def short(value: object) -> str:
    """Write a value, or, where that is long or says nothing, what kind of thing it is.

    >>> short("2023-24"), short(list(range(100)))
    ("'2023-24'", 'a list')
    """
    text = repr(value)
    return text if len(text) <= 60 and "\n" not in text and " at 0x" not in text else f"a {type(value).__name__}"
