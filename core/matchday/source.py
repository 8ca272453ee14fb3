"""What a data source is: parameters, a list of seasons, and a way to load one."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pydantic import BaseModel, ConfigDict

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
