"""A source: four clubs whose results and prices are made up on the spot, the same for the same seed."""

import numpy as np
import pandas as pd
from pydantic import Field

from matchday import Season, Source
from matchday.prices import PricePolicy
from matchday.season import match_id

CLUBS = ["Ashby", "Burton", "Corby", "Derry"]
ROUNDS = [[(0, 1), (2, 3)], [(2, 0), (3, 1)], [(0, 3), (1, 2)]]
ODDS = {"home": 2.1, "draw": 3.4, "away": 3.5}


class TouchlineLeague(Source):
    """Two seasons of a little league; a source that has a ``seed`` is another league for each."""

    seed: int = Field(0, ge=0, description="which league")
    rounds: int = Field(12, ge=1, description="matchdays of a season")

    def seasons(self) -> list[str]:
        """List the seasons, oldest first."""
        return ["2022-23", "2023-24"]

    def season(self, name: str, *, partial: bool = False) -> Season:
        """Load a season and those before it; all are finished, so that ``partial`` makes no difference."""
        rng = np.random.default_rng(self.seed)
        played = pd.concat([self._played(each, rng) for each in self.seasons()])
        played = played[played["season"] <= name]
        prices = {
            ("house", each): np.round(odds * rng.uniform(0.9, 1.1, len(played)), 2) for each, odds in ODDS.items()
        }
        return Season(
            name=name,
            competition="TL",
            source="touchline-league",
            matches=played,
            quotes=pd.DataFrame(prices, index=played.index),
            policies={"closing": PricePolicy(("house",), meaning="the only price there is")},
            closing=frozenset({"house"}),
        )

    def _played(self, name: str, rng: np.random.Generator) -> pd.DataFrame:
        first = pd.Timestamp(f"{name[:4]}-08-05")
        days = [first + pd.Timedelta(days=3.5 * number).floor("D") for number in range(self.rounds)]
        fixtures = [(days[n], CLUBS[a], CLUBS[b]) for n in range(self.rounds) for a, b in ROUNDS[n % len(ROUNDS)]]
        table = pd.DataFrame(fixtures, columns=["date", "home", "away"])
        goals = {"home_goals": rng.poisson(1.5, len(table)), "away_goals": rng.poisson(1.2, len(table))}
        table = table.assign(competition="TL", season=name, kickoff=pd.NaT, **goals)
        table.index = pd.Index([match_id("TL", *each) for each in fixtures])
        return table
