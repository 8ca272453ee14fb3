"""What a plugin may know: everything that was settled before the matchday, and nothing else."""

from __future__ import annotations

from typing import Any

import pandas as pd

#: Columns that every match has: its calendar, clubs and full-time score.
RESULT_COLUMNS = ("competition", "season", "date", "kickoff", "home", "away", "home_goals", "away_goals")

#: Columns that a source may have; float64, NaN where it is not known.
STATISTIC_COLUMNS = tuple(
    f"{side}_{name}"
    for name in (
        "half_time_goals",
        "shots",
        "shots_on_target",
        "corners",
        "fouls",
        "yellow_cards",
        "red_cards",
    )
    for side in ("home", "away")
)


class History:
    """The past, as of the opening of a matchday. Read-only.

    Every property hands out a view that pandas copies when it is written to, so nothing a plugin does to a frame
    reaches another plugin or another matchday. Rows are in order of play.

    ============ ======================================================================================
    ``matches``  one row a match, index ``match_id``: ``RESULT_COLUMNS`` and ``STATISTIC_COLUMNS``
    ``odds``     the prices one could bet at, decimal odds, one column a selection, NaN: not offered
    ``quotes``   all prices of those matches, columns (bookmaker, selection)
    ``players``  one row per player and match, with at least ``date``, ``player``, ``team``; may be empty
    ``below``    as ``matches``, of the division below, in seasons before the played one alone; may be empty
    ============ ======================================================================================
    """

    __slots__ = ("_below", "_matches", "_odds", "_player_rows", "_players", "_quotes", "_rows")

    def __init__(
        self,
        matches: pd.DataFrame,
        *,
        odds: pd.DataFrame | None = None,
        quotes: pd.DataFrame | None = None,
        players: pd.DataFrame | None = None,
        below: pd.DataFrame | None = None,
        rows: slice = slice(None),
        player_rows: slice = slice(None),
    ) -> None:
        self._matches, self._rows = matches, rows
        self._odds = pd.DataFrame(index=matches.index) if odds is None else odds
        self._quotes = pd.DataFrame(index=matches.index) if quotes is None else quotes
        self._players = pd.DataFrame() if players is None else players
        self._below = pd.DataFrame(columns=list(RESULT_COLUMNS)) if below is None else below
        self._player_rows = player_rows

    @property
    def matches(self) -> pd.DataFrame:
        """Results and statistics, one row a match."""
        return self._matches.iloc[self._rows]

    @property
    def odds(self) -> pd.DataFrame:
        """The decimal odds one could bet at, one column a selection."""
        return self._odds.iloc[self._rows]

    @property
    def quotes(self) -> pd.DataFrame:
        """Decimal odds of every bookmaker, columns (bookmaker, selection)."""
        return self._quotes.iloc[self._rows]

    @property
    def players(self) -> pd.DataFrame:
        """Player statistics, one row per player and match; empty where the source has none."""
        return self._players.iloc[self._player_rows]

    @property
    def below(self) -> pd.DataFrame:
        """Results of the division below, seasons before the played one; empty where the source has none."""
        return self._below.iloc[:]

    def __len__(self) -> int:
        return len(self._matches.index[self._rows])

    def __repr__(self) -> str:
        return f"History({len(self)} matches)"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what can be seen, and not the frames behind it."""
        return _rebuild, (self.matches, self.odds, self.quotes, self.players, self.below)


def _rebuild(
    matches: pd.DataFrame, odds: pd.DataFrame, quotes: pd.DataFrame, players: pd.DataFrame, below: pd.DataFrame
) -> History:
    return History(matches, odds=odds, quotes=quotes, players=players, below=below)
