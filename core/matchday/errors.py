"""Every error of the project: one line that names the subject, the value, the rule and the remedy."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from typing import Any


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
    """A component failed inside a hook; says which one, in which hook and on which matchday."""

    def __init__(self, message: str, *, component: str, hook: str) -> None:
        super().__init__(message)
        self.component = component
        self.hook = hook

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the keywords too, for workers in other processes."""
        return functools.partial(ComponentError, component=self.component, hook=self.hook), self.args


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
