"""What a contract is: a promise in words, whom it binds, and a function that finds out whether it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from matchday.errors import MatchdayError, one_line
from matchday.places import error_place
from matchday.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

Status = Literal["kept", "broken", "not applicable"]


class Broken(Exception):
    """A contract is broken; says what happened, where, and the remedy."""


class NotApplicable(Exception):
    """A contract cannot be decided here; says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a contract is kept, and the evidence: what was tried; what happened, where, and the remedy."""

    contract: str
    status: Status
    evidence: str


class Kinded(Protocol):
    """Something that contracts bind by what it does in a matchday."""

    @property
    def kinds(self) -> frozenset[str]:
        """Its kinds, in the words of ``matchday.testing.specimen.KINDS``."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A promise, ``name``; ``kinds`` that it binds (none named: all); ``key``, for the name of its test.

    ``tried`` says how it is found out. ``holds`` answers the evidence that it is kept, or raises ``Broken`` or
    ``NotApplicable``.
    """

    name: str
    key: str
    kinds: frozenset[str]
    tried: str
    holds: Callable[[Any], str]

    def binds(self, kinds: Iterable[str]) -> bool:
        """Whether it binds something of these kinds."""
        return not self.kinds or not self.kinds.isdisjoint(kinds)

    def find(self, specimen: Kinded) -> Finding:
        """Find out whether it is kept; raises ``MatchdayError`` where there is nothing to try it on."""
        if not self.binds(specimen.kinds):
            return Finding(self.name, "not applicable", f"binds {listed(each + 's' for each in sorted(self.kinds))}")
        try:
            return Finding(self.name, "kept", self.holds(specimen))
        except Broken as broken:
            return Finding(self.name, "broken", " ".join(str(broken).split()))
        except NotApplicable as reason:
            return Finding(self.name, "not applicable", str(reason))
        except MatchdayError:
            raise
        except Exception as error:  # whatever a stranger's class raises, and where no contract looks for it
            where = error_place(error, getattr(specimen, "kind", Contract))
            return Finding(self.name, "broken", f"it failed: {one_line(error)}{f' ({where})' if where else ''}.")


def contract(name: str, *kinds: str) -> Callable[[Callable[[Any], str]], Contract]:
    """Make a contract of a function; it binds everything where no kinds are named."""
    return lambda holds: Contract(name, holds.__name__, frozenset(kinds), first_line(holds), holds)


def first_line(function: Callable[..., object]) -> str:
    """Answer the first line of a function's docstring."""
    return (function.__doc__ or "").split("\n", 1)[0]
