"""A small season and small components, so that the core can be tested with nothing else installed."""

from collections.abc import Generator
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Agent, BetSlip, Component, Diagnosis, Edges, Forecast, Season, hookimpl
from matchday.markets import SELECTIONS
from matchday.prices import PricePolicy
from matchday.season import match_id

CLUBS = ("Albion", "Borough", "City", "Dynamo", "Eagles", "Forest")
ODDS = {"home": 2.1, "draw": 3.4, "away": 3.6, "over_2_5": 1.9, "under_2_5": 1.95}


def small_season(*, matchdays: int = 8, seed: int = 0, per_day: int = 3, odds: dict | None = None) -> Season:
    """Two seasons of six clubs, a matchday a week; the second one is played."""
    rng = np.random.default_rng(seed)
    rows = []
    for name, start in (("2000-01", "2000-08-05"), ("2001-02", "2001-08-04")):
        for week in range(matchdays):
            clubs = [CLUBS[i] for i in rng.permutation(len(CLUBS))]
            date = pd.Timestamp(start) + pd.Timedelta(weeks=week)
            rows += [_row(rng, name, date, home, away) for home, away in list(pairwise(clubs))[::2][:per_day]]
    matches = pd.DataFrame(rows)
    matches.index = pd.Index([match_id("T", r.date, r.home, r.away) for r in matches.itertuples()])
    quotes = _quotes(rng, matches.index, odds or ODDS)
    return Season(
        name="2001-02",
        competition="T",
        source="doubles",
        matches=matches,
        quotes=quotes,
        policies={"closing": PricePolicy(("B",)), "opening": PricePolicy(("A",), moment="opening")},
        closing=frozenset({"B"}),
        players=_players(matches),
    )


def _row(rng, season, date, home, away):
    return {
        "competition": "T",
        "season": season,
        "date": date,
        "kickoff": date + pd.Timedelta(hours=15),
        "home": home,
        "away": away,
        "home_goals": int(rng.poisson(1.5)),
        "away_goals": int(rng.poisson(1.2)),
        "home_shots": float(rng.poisson(12)),
        "away_shots": float(rng.poisson(10)),
    }


def _quotes(rng, index, odds):
    columns = pd.MultiIndex.from_product([["A", "B"], SELECTIONS])
    base = np.tile([odds.get(name, np.nan) for name in SELECTIONS], 2)
    noise = rng.uniform(0.95, 1.05, (len(index), len(columns)))
    return pd.DataFrame(np.maximum((base * noise).round(2), 1.01), index=index, columns=columns)


def _players(matches):
    return pd.DataFrame(
        {
            "date": matches["date"].to_numpy(),
            "player": "P. Layer",
            "team": matches["home"].to_numpy(),
            "minutes": 90.0,
        }
    )


class Coin(Component):
    """A model that draws its probabilities at random, from the run's own generator."""

    _rng: np.random.Generator | None = PrivateAttr(default=None)

    @hookimpl
    def season_opened(self, season):
        self._rng = season.generator(self.name)

    @hookimpl
    def forecast(self, day):
        p = self._rng.dirichlet([4, 3, 3], size=len(day.slate))
        return Forecast(pd.DataFrame(p, index=day.slate.index, columns=["home", "draw", "away"]))


class Fixed(Component):
    """A model that always says the same."""

    home: float = 0.5

    @hookimpl
    def forecast(self, day):
        rest = (1 - self.home) / 2
        row = [[self.home, rest, rest]] * len(day.slate)
        return Forecast(pd.DataFrame(row, index=day.slate.index, columns=["home", "draw", "away"]))


class Mean(Component):
    """A blend."""

    @hookimpl
    def blend(self, forecasts):
        return Forecast(sum(f.probabilities for f in forecasts) / len(forecasts), source=self.name)


class Positive(Component):
    """An edge rule."""

    @hookimpl
    def find_edges(self, day, forecast):
        edge = forecast.probabilities * day.slate.odds[forecast.probabilities.columns] - 1.0
        return Edges.where(edge > 0, slate=day.slate, forecast=forecast)


class Everything(Component):
    """An edge rule that proposes every selection on offer."""

    @hookimpl
    def find_edges(self, day, forecast):
        odds = day.slate.odds
        return Edges.where(odds.notna(), slate=day.slate, forecast=forecast)


class Level(Component):
    """A staking: the same share on every candidate."""

    share: float = Field(0.02, description="share of the bankroll on each bet")

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(self.share, reason=f"{self.name}: {self.share:g}")


class Times(Component):
    """A wrapper that multiplies shares."""

    factor: float = 0.5

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(slip.bets["share"] * self.factor, reason=f"{self.name}: × {self.factor:g}")


class Minus(Component):
    """A wrapper that takes shares away; with ``Times`` it shows the order of effects."""

    less: float = 0.01

    @hookimpl(wrapper=True)
    def size_stakes(self) -> Generator[None, BetSlip, BetSlip]:
        slip = yield
        return slip.with_shares(slip.bets["share"] - self.less, reason=f"{self.name}: - {self.less:g}")


class Watch(Component):
    """A diagnostic that counts what it is told, and acts on it."""

    _told: list[str] = PrivateAttr(default_factory=list)

    @hookimpl
    def season_opened(self, season):
        self._told.append(f"opened {season.name} after {len(season.history)}")

    @hookimpl
    def diagnose(self, day):
        self.act("looked", cause=f"{len(day.history)} matches")
        return [Diagnosis(self.name, "matches", float(len(day.history)))]

    @hookimpl
    def matchday_settled(self, day, results, settlement):
        self._told.append(f"settled {day.number}: {len(results)} results, {len(settlement.bets)} bets")

    @hookimpl
    def season_closed(self, closed):
        self._told.append(f"closed {closed.reason}")


class Faulty(Component):
    """A model that raises on one matchday, as long as it is broken."""

    broken: ClassVar[bool] = True

    matchday: int = 3

    @hookimpl
    def forecast(self, day):
        if self.broken and day.number == self.matchday:
            raise ZeroDivisionError("a fault\nof two lines")
        return Forecast.silent(day.slate.index)


def gambler(*extra: Component, share: float = 0.02) -> Agent:
    """An agent that bets at random."""
    return Agent("gambler", [Coin(), Positive(), Level(share=share), *extra])
