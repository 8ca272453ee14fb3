"""Checking: every contract that binds a component, a source or an agent, found out one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchday.agentfile import AgentFile, build_agent
from matchday.component import Component
from matchday.errors import MatchdayError
from matchday.source import Source
from matchday.testing.contract import Contract, Finding
from matchday.testing.contracts import OF_COMPONENTS, OF_SOURCES
from matchday.testing.sourcing import SourceSpecimen
from matchday.testing.specimen import Specimen

Checkable = type[Component] | type[Source] | AgentFile


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, of what kinds it is, and what was found, contract by contract."""

    target: str
    kinds: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The contracts that are broken."""
        return tuple(each for each in self.findings if each.status == "broken")


def check(target: Checkable, parameters: Mapping[str, Any] | None = None, *, seed: int = 0, name: str = "") -> Check:
    """Try every contract that binds a component's class, a source's, or an agent.

    ``parameters`` are what the class is made with; ``seed`` draws the small seasons that components are tried on, and
    ``name`` is what the target is called. Raises ``MatchdayError`` where it cannot be made.

    >>> from matchday.testing.components import Level
    >>> check(Level).broken
    ()
    """
    specimen = specimen_of(target, parameters, seed=seed)
    name = name or getattr(target, "name", "") or getattr(target, "__name__", "")
    bound = [each for each in contracts_of(target) if each.binds(specimen.kinds)]
    return Check(name, tuple(sorted(specimen.kinds)), tuple(each.find(specimen) for each in bound))


def contracts_of(target: Checkable) -> Sequence[Contract]:
    """List the contracts there are for targets of this sort."""
    return OF_SOURCES if isinstance(target, type) and issubclass(target, Source) else OF_COMPONENTS


def specimen_of(
    target: Checkable, parameters: Mapping[str, Any] | None = None, *, seed: int = 0
) -> Specimen | SourceSpecimen:
    """Put a target to the test; raises ``MatchdayError`` where it cannot be made."""
    if isinstance(target, AgentFile):
        build_agent(target, overrides=parameters)
        return Specimen(lambda: build_agent(target, overrides=parameters), frozenset({"agent"}), seed=seed)
    if issubclass(target, Source):
        return SourceSpecimen(target, parameters)
    if issubclass(target, Component):
        return Specimen.of(target, parameters, seed=seed)
    raise MatchdayError(f"{target!r} cannot be checked; rule: a Component's class, a Source's, or an agent.")
