"""The season cut into matchdays: what is shown before each, what is on offer, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from matchday.errors import SourceError
from matchday.history import History
from matchday.markets import settle_score
from matchday.placing import Offer
from matchday.rules import Rules
from matchday.season import Season
from matchday.slate import Matchday, Slate


class Calendar:
    """A season as matchdays; everything is sliced from frames that are made once.

    Raises ``SourceError`` where the season has no price to play at.
    """

    def __init__(self, season: Season, rules: Rules) -> None:
        self._season, self._rules = season, rules
        self._quotes = season.quotes_at(season.policy(rules.prices))
        self._odds = season.odds(rules.prices)[list(rules.selections)]
        _check_prices(season, rules, self._odds)
        self._prices = self._odds.to_numpy()
        self._fixtures = season.matches[["home", "away", "kickoff"]]
        self._starts = _starts(season)
        self._ids: list[str] = season.matches.index.tolist()
        self._position = {match_id: i for i, match_id in enumerate(self._ids)}
        self._goals = season.matches[["home_goals", "away_goals"]].to_numpy()
        self._played_on = season.matches["date"].to_numpy()
        self._player_dates = season.players["date"].to_numpy() if len(season.players) else np.array([], "M8[ns]")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def _rows(self, number: int) -> slice:
        return slice(self._starts[number], self._starts[number + 1])

    def matchday(self, number: int) -> Matchday:
        """Answer a matchday, counted from 0, as an agent sees it."""
        rows = self._rows(number)
        date = self._played_on[rows.start].astype("datetime64[D]").item()
        slate = Slate(self._fixtures, self._odds, self._quotes, rows=rows)
        return Matchday(number + 1, date, slate, self.history(number))

    def history(self, number: int) -> History:
        """Answer what was settled before a matchday."""
        start = self._starts[number]
        known = int(np.searchsorted(self._player_dates, self._played_on[start], side="left"))
        return History(
            self._season.matches,
            odds=self._odds,
            quotes=self._season.quotes,
            players=self._season.players,
            below=self._season.below,
            rows=slice(0, start),
            player_rows=slice(0, known),
        )

    def offer(self, number: int) -> Offer:
        """List the prices of a matchday: ``{match_id: {selection: decimal odds}}``."""
        rows, names = self._rows(number), self._rules.selections
        return {
            match_id: {name: price for name, price in zip(names, prices, strict=True) if price == price}
            for match_id, prices in zip(self._ids[rows], self._prices[rows].tolist(), strict=True)
        }

    def outcome(self, match_id: str) -> Mapping[str, tuple[float, float]]:
        """Settle every selection of a match: share won, share given back."""
        home, away = self._goals[self._position[match_id]]
        return settle_score(int(home), int(away))

    def results(self, number: int) -> pd.DataFrame:
        """Answer the scores and statistics of a matchday."""
        return self._season.matches.iloc[self._rows(number)]


def _starts(season: Season) -> list[int]:
    """Find the row at which each matchday begins, and the row after the last one."""
    dates = season.played["date"].to_numpy()
    changes = np.flatnonzero(dates[1:] != dates[:-1]) + 1
    return [season.first + int(row) for row in (0, *changes, len(dates))]


def _check_prices(season: Season, rules: Rules, odds: pd.DataFrame) -> None:
    if odds.iloc[season.first :].isna().to_numpy().all():
        raise SourceError(
            f"Season {season.name} of {season.source!r} has no prices under policy {rules.prices!r}: it can serve as "
            "history, not be played; choose another season, or another policy with --prices."
        )
