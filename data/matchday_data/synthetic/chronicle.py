"""A synthetic season written down: the frames of matches, prices and players that a ``Season`` holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchday.history import STATISTIC_COLUMNS
from matchday.season import match_id, season_name
from matchday_data.synthetic.athletes import Appearances
from matchday_data.synthetic.invented_names import player_names
from matchday_data.synthetic.league import Campaign
from matchday_data.synthetic.matchstats import MatchStatistics
from matchday_data.synthetic.scorelines import Ints
from matchday_data.synthetic.squads import PLACES, POSITIONS, STARTERS

Moments = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, eq=False)
class Chronicle:
    """Writes down one campaign of the league ``competition``, whose ``clubs`` are named in the order of the pool."""

    competition: str
    clubs: Sequence[str]
    campaign: Campaign

    @property
    def _season(self) -> str:
        return season_name(self.campaign.year)

    @property
    def _sides(self) -> Ints:
        """Clubs of the pool, (matches, 2), home and away."""
        fixtures = self.campaign.fixtures
        return np.asarray(self.campaign.members[np.stack([fixtures.home, fixtures.away], axis=1)])

    def match_ids(self) -> pd.Index[str]:
        """Name the matches, in order of play."""
        dates = pd.DatetimeIndex(self.campaign.fixtures.date)
        names = [
            match_id(self.competition, date, self.clubs[home], self.clubs[away])
            for date, (home, away) in zip(dates, self._sides.tolist(), strict=True)
        ]
        return pd.Index(names, name="match_id", dtype="str")

    def matches(self, index: pd.Index[str], statistics: MatchStatistics) -> pd.DataFrame:
        """Write results and statistics, one row a match: ``RESULT_COLUMNS`` and ``STATISTIC_COLUMNS``."""
        home, away = self._sides.T
        goals = self.campaign.goals
        results = {
            "competition": _repeated(self.competition, len(index)),
            "season": _repeated(self._season, len(index)),
            "date": _moment(self.campaign.fixtures.date),
            "kickoff": _moment(self.campaign.fixtures.kickoff),
            "home": _named(self.clubs, home),
            "away": _named(self.clubs, away),
            "home_goals": goals[:, 0],
            "away_goals": goals[:, 1],
        }
        counts = {name: _count(statistics, name) for name in STATISTIC_COLUMNS}
        return pd.DataFrame({**results, **counts}, index=index)

    def players(self, index: pd.Index[str], appearances: Appearances) -> pd.DataFrame:
        """Write one row for everybody who played in a match; by match, home side first, starters first."""
        side, seat = np.nonzero(appearances.played)
        match, away = np.divmod(side, 2)
        clubs, place = self._sides, appearances.place[side, seat]
        member = np.searchsorted(self.campaign.members, clubs[match, away])
        numbers, who = np.unique(self.campaign.squads.player[member, place], return_inverse=True)
        about = {
            "date": _moment(self.campaign.fixtures.date)[match],
            "match_id": index.to_numpy()[match],
            "season": _repeated(self._season, len(side)),
            "player": _named(player_names(numbers), who),
            "team": _named(self.clubs, clubs[match, away]),
            "opponent": _named(self.clubs, clubs[match, 1 - away]),
            "home": away == 0,
            "position": _named(POSITIONS, PLACES[place]),
            "starts": (seat < STARTERS).astype(np.int64),
        }
        return pd.DataFrame({**about, **{name: getattr(appearances, name)[side, seat] for name in COUNTED}})


#: Columns of the player rows that are counted or measured, as ``Appearances`` names them.
COUNTED = (
    "minutes", "goals", "assists", "shots", "expected_goals", "expected_assists", "yellow_cards", "red_cards", "saves",
)  # fmt: skip


def _count(statistics: MatchStatistics, column: str) -> npt.NDArray[np.float64]:
    """Find a column of ``STATISTIC_COLUMNS``, such as ``home_shots``."""
    side, name = column.split("_", maxsplit=1)
    counts: Ints = getattr(statistics, name)
    return counts[:, int(side == "away")].astype(np.float64)


def _moment(moments: Moments) -> Moments:
    return moments.astype("datetime64[us]")


def _repeated(text: str, times: int) -> pd.api.extensions.ExtensionArray:
    return _named([text], np.zeros(times, dtype=np.int64))


def _named(names: Sequence[str], codes: Ints) -> pd.api.extensions.ExtensionArray:
    """Write names for codes; texts are shared, which is faster than to build each."""
    return pd.array(list(names), dtype="str").take(codes)
