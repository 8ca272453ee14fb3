"""What a data source is: parameters, a list of seasons, and a way to load one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from matchday.errors import MatchdayError, did_you_mean, explain
from matchday.season import Season


class Source(ABC, BaseModel):
    """Base of data sources; like a component, its parameters are its public face and its entry point its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    def seasons(self) -> list[str]:
        """List the seasons that can be loaded, oldest first, written as 2023-24."""

    @abstractmethod
    def season(self, name: str, *, partial: bool = False) -> Season:
        """Load a season with the seasons before it.

        With ``partial`` an unfinished season is loaded as far as it goes. Raises ``SourceError`` in one line where
        the season is not there, not finished or not to be trusted.
        """

    def default_season(self) -> str:
        """Name the season that is played when the user names none: the latest."""
        return self.seasons()[-1]


def make_source(name: str, parameters: dict[str, Any], *, seed: int | None = None) -> Source:
    """Make a source of the catalogue; one that is random takes the seed."""
    from matchday.catalogue import Catalogue

    kind: type[Source] = Catalogue().load("source", name)
    for key in parameters:
        if key not in kind.model_fields:
            raise MatchdayError(f"Source {name!r} takes no {key!r}; {did_you_mean(key, kind.model_fields)}")
    if seed is not None and "seed" in kind.model_fields:
        parameters = {"seed": seed, **parameters}
    try:
        return kind(**parameters)
    except ValidationError as error:
        raise MatchdayError(f"Source {name!r}: {explain(error, kind)}") from error


def seeded(source: Source, seed: int) -> Source:
    """Answer the source of one seed; only one that is random has another."""
    return source.model_copy(update={"seed": seed}) if "seed" in type(source).model_fields else source
