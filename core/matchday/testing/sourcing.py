"""A source that is tested: made anew as often as it takes, its season loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from matchday.errors import MatchdayError, explain, one_line
from matchday.season import Season
from matchday.source import Source
from matchday.testing.contract import NotApplicable


class SourceSpecimen:
    """A source class with the parameters that it is made with."""

    kinds = frozenset({"source"})

    def __init__(self, kind: type[Source], parameters: Mapping[str, Any] | None = None) -> None:
        self.kind, self.parameters = kind, dict(parameters or {})
        self.make()

    def make(self) -> Source:
        """Make the source; raises ``MatchdayError`` in one line where it cannot be made."""
        try:
            return self.kind(**self.parameters)
        except ValidationError as error:
            raise MatchdayError(f"Source {self.kind.__name__}: {explain(error, self.kind)}") from error
        except Exception as error:  # whatever a stranger's constructor raises
            raise MatchdayError(f"Source {self.kind.__name__} cannot be made: {one_line(error)}") from error

    @cached_property
    def loaded(self) -> Season | Exception:
        """The default season, or why it cannot be had."""
        source = self.make()
        try:
            return source.season(source.default_season())
        except Exception as error:
            return error

    @cached_property
    def again(self) -> str | None:
        """The fingerprint that the season has when it is loaded again, where it is another; None: it is the same."""
        source = self.make()
        for _ in range(2):
            if (found := source.season(self.season.name).fingerprint) != self.season.fingerprint:
                return found
        return None

    @property
    def season(self) -> Season:
        """The default season; raises ``NotApplicable`` where it cannot be loaded."""
        if not isinstance(self.loaded, Season):
            raise NotApplicable("its season cannot be loaded, so nobody can tell")
        return self.loaded
