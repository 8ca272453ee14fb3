"""Seasons from a CSV file of one's own, a line a match: date, season, home, away, goals, and the odds one could bet at.

python examples/csv_source.py                              writes league.csv, to begin from, and plays a season of it
matchday play elo-flat --source my-league                  when a package registers it, as examples/package does

``Season`` says in one line what is wrong with a frame. docs/writing-a-source.md writes such a source step by step, with
a registration and a test; docs/data.md tells what else there can be in a season.
"""

from pathlib import Path

import pandas as pd
from pydantic import Field

from matchday import Catalogue, Season, Source, load_agent, play, summarise
from matchday.errors import SourceError, did_you_mean
from matchday.prices import PricePolicy
from matchday.season import match_id

SELECTIONS = ["home", "draw", "away"]


class MyLeague(Source):
    """A league in a CSV file."""

    data: Path = Field(Path("league.csv"), description="the file")

    def seasons(self) -> list[str]:
        """List the seasons in the file."""
        return sorted(set(self._read()["season"]))

    def season(self, name: str, *, partial: bool = False) -> Season:
        """Load a season and those before it; it has to be finished, so that ``partial`` makes no difference."""
        table = self._read()
        if name not in set(table["season"]):
            raise SourceError(f"Season {name!r} is not in {self.data}; {did_you_mean(name, set(table['season']))}")
        table = table[table["season"] <= name]
        return Season(
            name=name,
            competition="MINE",
            source="my-league",
            matches=table.drop(columns=[f"odds_{each}" for each in SELECTIONS]),
            quotes=pd.DataFrame({("bookmaker", each): table[f"odds_{each}"] for each in SELECTIONS}),
            policies={"closing": PricePolicy(("bookmaker",), meaning="the odds in the file")},
            closing=frozenset({"bookmaker"}),
        )

    def _read(self) -> pd.DataFrame:
        table = pd.read_csv(self.data, parse_dates=["date"]).sort_values("date", kind="stable", ignore_index=True)
        table = table.assign(competition="MINE", kickoff=pd.NaT)
        table.index = pd.Index([match_id("MINE", each.date, each.home, each.away) for each in table.itertuples()])
        return table


def write_sample(path: Path) -> None:
    """Write two seasons of an invented league."""
    season = Catalogue().load("source", "synthetic")(clubs=10, history=1).season("2023-24")
    columns = ["date", "season", "home", "away", "home_goals", "away_goals"]
    odds = season.odds("closing")[SELECTIONS].add_prefix("odds_")
    season.matches[columns].join(odds).to_csv(path, index=False)


if __name__ == "__main__":
    source = MyLeague()
    if not source.data.exists():
        write_sample(source.data)
    season = source.season(source.default_season())
    print(f"{len(season.played)} matches of {len(season.clubs)} clubs, seasons {', '.join(source.seasons())}")
    print(summarise(play(load_agent("elo-flat"), season), season))
