"""The embedded source: a synthetic league with seeded luck, which needs no file and no network.

The defaults are set to look like the English Premier League. Means over the 500 seasons of seeds 0 to 19, beside
the EPL's of 2012-13 to 2023-24 (prices: Pinnacle, differences between bookmakers from 2019-20 on):

===================================================== ===================== =====================
measure                                               synthetic             EPL
===================================================== ===================== =====================
goals, home and away                                  1.55, 1.23            1.55, 1.24
home, draw, away; over 2.5                            .444, .240, .317; .52 .450, .235, .315; .53
goal difference and points of a season, sd            29.2, 17.5            28.5, 18.4
correlation of goal difference, half to half, to next .74, .71              .75, .76
goal difference of promoted clubs                     −29                   −26
dates of a season                                     112 (101 to 121)      110 (95 to 135)
log p(home)/p(away) of closing prices: sd             1.19                  1.21
its change from opening to closing, sd                .16                   .16
its difference between two bookmakers' closing, sd    .073                  .065 to .084
overround: house, best of all bookmakers              1.054, 1.020          1.054, 1.018
log-loss (1X2): truth, closing, opening               .9555, .9602, .9624   unknown, .9495, .9526
shots and shots on target, home and away              14.0, 11.6; 5.1, 4.2  14.1, 11.4; 5.1, 4.2
===================================================== ===================== =====================

KL(truth || closing price) is .0046. A quarter of Kelly on the truth, one bet a match at the house's closing price,
wins in 83 % of seasons (mean log growth +.25); with an error of sd .1 in log expected goals in 57 %, of .2 in 31 %.

Left out: a second division that plays, cups, suspensions, own goals, and players who move from club to club.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
import pandas as pd
from pydantic import Field

from matchday.errors import SourceError
from matchday.forecast import Forecast
from matchday.season import Season, season_name, season_year
from matchday.source import Source
from matchday_data.synthetic.athletes import draw_appearances
from matchday_data.synthetic.bookmaker import CLOSING, NOT_BOOKMAKERS, POLICIES, QUOTE_COLUMNS, Betting
from matchday_data.synthetic.chance import Chance, Purpose
from matchday_data.synthetic.chronicle import Chronicle
from matchday_data.synthetic.invented_names import CLUB_NAMES
from matchday_data.synthetic.league import FIRST_YEAR, Campaign, Nature
from matchday_data.synthetic.matchstats import draw_statistics
from matchday_data.synthetic.scorelines import scorelines

#: Most seasons of history, and the years in which playable seasons begin.
LONGEST_HISTORY = 10
PLAYABLE = range(FIRST_YEAR + LONGEST_HISTORY, FIRST_YEAR + LONGEST_HISTORY + 25)

Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


class Synthetic(Betting, Nature, Source):
    """A league of invented clubs, with four bookmakers, player rows and the true probabilities.

    Log expected goals are home advantage, plus attack, minus the other side's defence, both of which drift, plus what
    the line-ups are worth; scores follow Dixon and Coles. The world begins in 1990 and is simulated from there, so
    that a season is the same in whichever history it stands.

    >>> season = Synthetic(clubs=4, history=1).season("2003-04")
    >>> len(season.matches), len(season.played), season.matchdays
    (24, 12, 7)
    """

    history: int = Field(5, ge=0, le=LONGEST_HISTORY, description="seasons of history before the played one")

    def seasons(self) -> list[str]:
        """List the playable seasons, 2000-01 to 2024-25."""
        return [season_name(year) for year in PLAYABLE]

    def season(self, name: str, *, partial: bool = False) -> Season:  # noqa: ARG002 - every season is finished
        """Simulate a season and its history; raises ``SourceError`` where it is not one of ``seasons()``.

        ``matches`` has all results and statistics, ``quotes`` the opening and closing prices of four bookmakers and
        their mean, ``players`` a row for everybody who played, and ``truth`` the distributions that the scores of the
        played matches were drawn from.
        """
        year = _playable(name)
        played = list(islice(self.campaigns(year), year - self.history - FIRST_YEAR, None))
        written = [self._write(campaign) for campaign in played]
        matches, quotes, players = (pd.concat(frames) for frames in zip(*written, strict=True))
        return Season(
            name=name,
            competition=self.league,
            source="synthetic",
            matches=matches,
            quotes=quotes,
            players=players.reset_index(drop=True),
            closing=CLOSING,
            not_bookmakers=NOT_BOOKMAKERS,
            policies=POLICIES,
            truth=self._truth(played[-1], written[-1][0].index),
        )

    def _write(self, campaign: Campaign) -> Frames:
        """Draw what goes with the results of one season, and write down its matches, quotes and players."""
        statistics = draw_statistics(
            self._stream(campaign, Purpose.STATISTICS), intensities=campaign.intensities, goals=campaign.goals
        )
        appearances = draw_appearances(self._stream(campaign, Purpose.PLAYERS), campaign, statistics)
        odds = self.quote(
            self._stream(campaign, Purpose.PRICES),
            expected=campaign.expected,
            intensities=campaign.intensities,
            rho=self.rho,
        )
        chronicle = Chronicle(self.league, self._club_names(), campaign)
        index = chronicle.match_ids()
        quotes = pd.DataFrame(odds, index=index, columns=QUOTE_COLUMNS)
        return chronicle.matches(index, statistics), quotes, chronicle.players(index, appearances)

    def _stream(self, campaign: Campaign, purpose: Purpose) -> np.random.Generator:
        return Chance(self.seed, self.league).stream(campaign.year, purpose)

    def _club_names(self) -> list[str]:
        """Name the clubs of the pool; another seed has other clubs at the top."""
        order = Chance(self.seed, self.league).stream(FIRST_YEAR, Purpose.NAMES).permutation(len(CLUB_NAMES))
        return [CLUB_NAMES[number] for number in order]

    def _truth(self, campaign: Campaign, index: pd.Index[str]) -> Forecast:
        """Tell the distributions that the scores were drawn from."""
        return Forecast.from_scores(index, scorelines(campaign.intensities, rho=self.rho), source="truth")


def _playable(name: str) -> int:
    """Read the year in which a playable season begins."""
    year = season_year(name)
    if year not in PLAYABLE:
        first, last = season_name(PLAYABLE[0]), season_name(PLAYABLE[-1])
        raise SourceError(f"Season {name!r} is not one of the synthetic league's; seasons: {first} to {last}.")
    return year
