"""A source that keeps what it has loaded, and components that know what they cannot know."""

import dataclasses
import functools
import os
import threading
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from doubles import Fixed, Level, Positive, small_season
from matchday import Diagnosis, Forecast, hookimpl
from matchday.component import Component
from matchday.source import Source

#: The season that the source has loaded last.
KEPT = {}
#: Goals of the home side in every match that has been settled in this process.
SEEN = {}
NAME = "2001-02"


class Small(Source):
    """A small season, kept."""

    matchdays: int = 8
    edition: int = 1

    def seasons(self):
        return [NAME]

    def season(self, name, *, partial=False):
        KEPT["season"] = small_season(matchdays=self.matchdays)
        return KEPT["season"]


class Unsteady(Source):
    """Another season each time."""

    def seasons(self):
        return [NAME]

    def season(self, name, *, partial=False):
        return small_season(seed=int.from_bytes(os.urandom(4), "little"))


def bent(day, numbers):
    """A forecast that depends on numbers, one a match."""
    home = 0.45 + 0.05 * np.sin(np.nan_to_num(np.asarray(numbers, dtype=float)))
    frame = Fixed().forecast(day).probabilities.assign(home=home, draw=0.3, away=0.7 - home)
    return Forecast(frame)


class Keeps(Component):
    """A model that looks at the frame that the source has kept."""

    @hookimpl
    def forecast(self, day):
        return bent(day, KEPT["season"].matches.loc[day.slate.index, "home_goals"])


class Asks(Component):
    """A model that asks a source of its own."""

    edition: int = 1

    @hookimpl
    def forecast(self, day):
        return bent(day, Small(edition=self.edition).season(NAME).matches.loc[day.slate.index, "home_goals"])


class Remembers(Component):
    """A model that remembers results from one play to the next."""

    @hookimpl
    def forecast(self, day):
        return bent(day, [SEEN.get(match_id, 1) for match_id in day.slate.index])

    @hookimpl
    def matchday_settled(self, results):
        SEEN.update(results["home_goals"])


class Statistics(Component):
    """A model that knows the day's statistics."""

    @hookimpl
    def forecast(self, day):
        return bent(day, day.history._matches.loc[day.slate.index, "home_shots"])


class Lineups(Component):
    """A model that knows who will play, and how long."""

    @hookimpl
    def forecast(self, day):
        rows = day.history._players
        return bent(day, len(day.slate) * [sum(rows.loc[rows["date"].dt.date == day.date, "minutes"])])


class Closing(Component):
    """A model that knows the day's closing prices at its opening."""

    @hookimpl
    def forecast(self, day):
        return bent(day, day.history._quotes.loc[day.slate.index, ("B", "home")])


class Tomorrow(Component):
    """A model that knows the prices of the matchday after."""

    @hookimpl
    def forecast(self, day):
        after = day.history._quotes.iloc[len(day.history) + len(day.slate) :]
        return bent(day, [after[("B", "home")].head(3).sum()] * len(day.slate))


class Alarms(Component):
    """A watch whose alarm alone knows how many goals there will be."""

    @hookimpl
    def diagnose(self, day):
        goals = int(day.history._matches.loc[day.slate.index, "home_goals"].sum())
        return [Diagnosis(self.name, "odd", 1.0, alarm=goals % 2 == 1)]


class Notes(Component):
    """A filter that knows who wins, and does no more than write it down."""

    @hookimpl(wrapper=True)
    def find_edges(self, day):
        edges = yield
        goals = int(day.history._matches.loc[day.slate.index, "home_goals"].sum())
        return dataclasses.replace(edges, notes=(*edges.notes, f"{goals} goals to come"))


class Orders(Component):
    """A filter that lists the bets by the goals to come, the last of equals first."""

    @hookimpl(wrapper=True)
    def find_edges(self, day):
        edges = yield
        goals = day.history._matches["home_goals"].reindex(edges.bets["match_id"]).to_numpy()
        order = np.argsort(-goals - 0.01 * np.arange(len(goals)))
        return dataclasses.replace(edges, bets=edges.bets.iloc[order].reset_index(drop=True))


class Corrects(Component):
    """A calibrator that knows the result."""

    @hookimpl(wrapper=True)
    def blend(self, day):
        forecast = yield
        goals = day.history._matches.loc[day.slate.index, "home_goals"]
        return Forecast(bent(day, goals).probabilities, source=forecast.source)


class Filters(Component):
    """A filter that knows who wins."""

    @hookimpl(wrapper=True)
    def find_edges(self, day):
        edges = yield
        played = day.history._matches.loc[edges.bets["match_id"]]
        return edges.keep((played["home_goals"] > played["away_goals"]).to_numpy(), reason="won")


class Stakes(Component):
    """A guard that knows who wins."""

    @hookimpl(wrapper=True)
    def size_stakes(self, day):
        slip = yield
        goals = day.history._matches.loc[slip.bets["match_id"], "home_goals"].to_numpy()
        return slip.with_shares(slip.bets["share"] * (1 + goals), reason="won")


class Foresees(Component):
    """A watch that knows how many goals there will be."""

    @hookimpl
    def diagnose(self, day):
        return [Diagnosis(self.name, "goals", float(day.history._matches.loc[day.slate.index, "home_goals"].sum()))]


class Dreads(Component):
    """A model that fails where there are other goals to come than it was told."""

    goals: dict[int, int]

    @hookimpl
    def forecast(self, day):
        if day.history._matches.loc[day.slate.index, "home_goals"].sum() != self.goals[day.number]:
            raise ValueError("what a day")
        return Fixed().forecast(day)


class Reads(Component):
    """A model that reads a file."""

    path: str

    @hookimpl
    def forecast(self, day):
        with open(self.path, encoding="utf-8") as file:
            file.read()
        return Fixed().forecast(day)


class Threads(Component):
    """A model that reads a file in a thread, where no hook is to be seen."""

    path: str

    @hookimpl
    def forecast(self, day):
        thread = threading.Thread(target=Path(self.path).read_text)
        thread.start()
        thread.join()
        return Fixed().forecast(day)


@functools.cache
def kept_on_disk(path):
    """The season's goals, as a file has them."""
    return pd.read_csv(path, index_col=0)["home_goals"]


class Filed(Source):
    """A small season; it reads a file on the way, and keeps what is in it."""

    path: str

    def seasons(self):
        return [NAME]

    def season(self, name, *, partial=False):
        kept_on_disk(self.path)
        return small_season(matchdays=8)


class Shelves(Component):
    """A model that reads what the source has read before it."""

    path: str

    @hookimpl
    def forecast(self, day):
        return bent(day, kept_on_disk(self.path).loc[day.slate.index])


class Imports(Component):
    """A model that makes a source class of its own when it is asked, as a late import would."""

    @hookimpl
    def forecast(self, day):
        class Late(Source):
            def seasons(self):
                return [NAME]

            def season(self, name, *, partial=False):
                return small_season(matchdays=8)

        return bent(day, Late().season(NAME).matches.loc[day.slate.index, "home_goals"])


class Whims(Component):
    """A model that says something else each time."""

    @hookimpl
    def forecast(self, day):
        return bent(day, np.random.default_rng().uniform(0, 16, len(day.slate)))


class Quits(Component):
    """A model that ends its process where the season is not what it was."""

    goals: int

    @hookimpl
    def forecast(self, day):
        if day.history._matches["home_goals"].sum() != self.goals:
            os._exit(7)
        return Fixed().forecast(day)


class Dies(Component):
    """A model that takes its process with it."""

    status: ClassVar[int] = 7

    @hookimpl
    def forecast(self, day):
        os._exit(self.status)


class Fails(Component):
    """A model that fails on the season as it is."""

    @hookimpl
    def forecast(self, day):
        raise ZeroDivisionError("nothing to divide by")


__all__ = ["Level", "Positive"]
