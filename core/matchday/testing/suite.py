"""The contracts as tests: derive a class, say what is tested, and pytest runs each contract that binds it.

pytest itself is not needed to import this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from unittest import SkipTest

from matchday.agentfile import read_agent
from matchday.component import Component
from matchday.errors import MatchdayError
from matchday.source import Source
from matchday.testing.checking import Checkable, specimen_of
from matchday.testing.contract import Contract
from matchday.testing.contracts import OF_COMPONENTS, OF_SOURCES
from matchday.testing.sourcing import SourceSpecimen
from matchday.testing.specimen import Specimen, kinds_of


class _Suite:
    """A test for each contract; what is tested is made once, and the contracts share the plays of it."""

    #: What the class is made with.
    parameters: ClassVar[Mapping[str, Any]] = {}
    #: Draws the small seasons.
    seed: ClassVar[int] = 0

    _made: ClassVar[Specimen | SourceSpecimen | None] = None

    def __init_subclass__(cls, contracts: tuple[Contract, ...] = (), **kwargs: Any) -> None:
        """Make a method of each contract."""
        super().__init_subclass__(**kwargs)
        cls._made = None
        for each in contracts:
            setattr(cls, f"test_{each.key}", _test(each))

    @classmethod
    def _target(cls) -> Checkable | None:
        raise NotImplementedError

    @classmethod
    def _specimen(cls) -> Specimen | SourceSpecimen:
        if cls._made is None:
            target = cls._target()
            if target is None:
                raise MatchdayError(
                    f"{cls.__name__} does not say what it tests; write component = YourComponent in it."
                )
            cls._made = specimen_of(target, cls.parameters, seed=cls.seed)
        return cls._made


def _test(contract: Contract) -> Callable[[Any], None]:
    def test(self: Any) -> None:
        finding = contract.find(self._specimen())
        if finding.status == "not applicable":
            raise SkipTest(finding.evidence)
        assert finding.status == "kept", f"{contract.name}: {finding.evidence}"

    test.__name__, test.__doc__ = f"test_{contract.key}", f"Find out: {contract.name}."
    return test


class ComponentContract(_Suite, contracts=OF_COMPONENTS):
    """The contracts of a component: ``class TestMine(ComponentContract): component = Mine``.

    ``parameters`` are what it is made with, where its defaults will not do. Contracts of other kinds of component are
    no tests of it.
    """

    component: ClassVar[type[Component] | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take away the tests that do not bind the component."""
        super().__init_subclass__(**kwargs)
        if cls.component is not None:
            for each in OF_COMPONENTS:
                if not each.binds(kinds_of(cls.component)):
                    setattr(cls, f"test_{each.key}", None)

    @classmethod
    def _target(cls) -> type[Component] | None:
        return cls.component


class SourceContract(_Suite, contracts=OF_SOURCES):
    """The contracts of a source: ``class TestMine(SourceContract): source = Mine``, with ``parameters``."""

    source: ClassVar[type[Source] | None] = None

    @classmethod
    def _target(cls) -> type[Source] | None:
        return cls.source


class AgentContract(_Suite, contracts=tuple(each for each in OF_COMPONENTS if each.binds({"agent"}))):
    """The contracts of a whole agent: ``class TestMine(AgentContract): agent = "mine.toml"``, or an installed name.

    ``parameters`` are those of its components, by component name.
    """

    agent: ClassVar[str] = ""

    @classmethod
    def _target(cls) -> Checkable | None:
        return read_agent(cls.agent) if cls.agent else None
