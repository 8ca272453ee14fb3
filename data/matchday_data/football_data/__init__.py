"""Real seasons: the files of football-data.co.uk, read from a folder or downloaded into a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matchday_data.football_data.source import FootballData

__all__ = ["FootballData"]


def __getattr__(name: str) -> object:
    """Import the source when it is first used: the command ``fetch`` lives here too, and needs no pandas to start."""
    if name != "FootballData":
        raise AttributeError(f"module 'matchday_data.football_data' has no attribute {name!r}")
    from matchday_data.football_data.source import FootballData

    return FootballData
