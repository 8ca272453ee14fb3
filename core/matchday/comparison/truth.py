"""What bets were worth under the true probabilities, which only a synthetic league tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import PrivateAttr

from matchday.agent import Agent
from matchday.bets import Edges
from matchday.catalogue import Catalogue
from matchday.component import Component
from matchday.episode import Episode, steps
from matchday.forecast import Forecast
from matchday.growth import expected_growth
from matchday.hooks import hookimpl
from matchday.markets import MARKET_OF, Array
from matchday.rules import Rules
from matchday.season import Season
from matchday.slate import Matchday

#: The staking that an oracle uses, by its name in the catalogue.
KELLY = "kelly"


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The true distributions of a season's played matches, by match id."""

    probabilities: Mapping[str, Mapping[str, float]]
    scores: Mapping[str, Array]

    @classmethod
    def of(cls, season: Season) -> Truth | None:
        """Take a season's truth; None where nobody knows it."""
        if season.truth is None:
            return None
        frame, scores = season.truth.probabilities, season.truth.scores
        grids = {} if scores is None else dict(zip(frame.index, scores, strict=True))
        rows = zip(frame.index, frame.to_dict("records"), strict=True)
        return cls({match_id: {str(name): p for name, p in row.items()} for match_id, row in rows}, grids)

    def growth(self, bets: pd.DataFrame) -> float:
        """Answer the expected log growth of one matchday's bets: ``match_id, selection, odds, share``.

        A share is the stake's, of the bankroll before it. The last penny is never lost, as in the ledger.
        """
        if bets.empty:
            return 0.0
        match_ids, selections = bets["match_id"].tolist(), bets["selection"].tolist()
        sized = pd.DataFrame(
            {
                "match_id": match_ids,
                "market": [MARKET_OF[name].name for name in selections],
                "selection": selections,
                "probability": [
                    self.probabilities[each][name] for each, name in zip(match_ids, selections, strict=True)
                ],
                "odds": bets["odds"].to_numpy(dtype=np.float64),
            }
        )
        scores = {name: self.scores[name] for name in dict.fromkeys(match_ids) if name in self.scores}
        shares = bets["share"].to_numpy(dtype=np.float64)
        return expected_growth(sized, shares * min(1.0, (1.0 - 1e-6) / max(shares.sum(), 1e-300)), scores=scores)


class _Oracle(Component):
    """Forecasts what is true, and proposes all that is on offer: hedges too may add to growth."""

    _truth: Forecast = PrivateAttr()

    @classmethod
    def of(cls, truth: Forecast) -> _Oracle:
        """Make the oracle of a season."""
        oracle = cls()
        oracle._truth = truth
        return oracle

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        rows = self._truth.probabilities.index.get_indexer(day.slate.index)
        scores = self._truth.scores
        return Forecast(self._truth.probabilities.iloc[rows], scores=None if scores is None else scores[rows])

    @hookimpl
    def find_edges(self, day: Matchday, forecast: Forecast) -> Edges:
        return Edges.where(day.slate.odds.notna(), slate=day.slate, forecast=forecast)


def oracle_growth(season: Season, rules: Rules) -> Array:
    """Answer the expected log growth, by matchday, of a bettor who knows the truth and sizes by Kelly within the rules.

    He bets at the odds on offer, without rounding to pence. NaN where nobody knows the truth, or no Kelly staking is
    installed.
    """
    truth = Truth.of(season)
    if season.truth is None or truth is None or KELLY not in Catalogue().names("component"):
        return np.full(season.matchdays, np.nan)
    oracle = Agent("oracle", [_Oracle.of(season.truth), (KELLY, Catalogue().component(KELLY)())])
    episode = Episode(season, rules.model_copy(update={"without_bet": "off"}))
    oracle.season_opened(episode.begin())
    growth = []
    for morning in steps(episode):
        growth.append(truth.growth(oracle.decide(morning.day, rules.bankroll).slip.bets))
        episode.settle()
    return np.array(growth)
