"""What the rating models share: the daily forecast from a table. See ``elo``, ``pi_ratings``, ``glicko2``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Component, Forecast, History, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import MATCH_RESULT
from matchday_plugins.models.newcomers import NewcomerPrior
from matchday_plugins.models.ratings.link import Belief, Link, learn_link
from matchday_plugins.models.ratings.table import RatingTable
from matchday_plugins.models.ratings.walk import RatingWalk

#: The columns of a forecast.
COLUMNS = pd.Index(MATCH_RESULT.selections)


@dataclass(frozen=True, slots=True, eq=False)
class FittedRatings:
    """Ratings to be read, best club first, and what makes probabilities of them.

    ``ratings`` has a row a club (index) that plays this season, the columns are the table's own. ``link`` has the cut
    points, the slope and the home advantage, of ``matches`` that are over. ``newcomers`` is what was expected of this
    season's, in log goals, each worth ``scale`` rating units; None in a first season, when all clubs begin alike.
    """

    ratings: pd.DataFrame
    link: Link
    converged: bool
    matches: int
    newcomers: NewcomerPrior | None
    scale: float


class RatingModel(Component):
    """Forecast results from one number a match, the gap between two clubs' ratings, by an ordered logit.

    Ratings are taken through the whole history once, and then learn from each matchday; the link's three numbers are
    fitted to all gaps and results so far, anew each matchday. Needs nothing of a history but seasons, dates, clubs and
    scores, and always has an opinion: without any history clubs are alike, and the link is that of long experience.
    Clubs that did not play the season before enter at what ``newcomers`` expects. ``explanation`` has both clubs'
    numbers and the ``gap``. Answers the match result alone.

    It follows one season at a time: two plays side by side need two of it.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"dynamic-ability", "learns-in-season", "promoted"})

    summer_regression: float = Field(
        0.1, ge=0, le=1, description="share of the way to the average that clubs lose over a summer"
    )
    link_half_life_days: float | None = Field(
        None, gt=0, description="a match this old counts half when gaps are linked to results; None: all alike"
    )

    #: What the link is believed to be before any match.
    prior_link: ClassVar[Link]

    _season: str = PrivateAttr(default="")
    _clubs: tuple[str, ...] = PrivateAttr(default=())
    _walk: RatingWalk | None = PrivateAttr(default=None)
    _past: tuple[int, Belief] | None = PrivateAttr(default=None)
    _present: tuple[int, Belief] | None = PrivateAttr(default=None)

    def table(self) -> RatingTable:
        """Make the table in which nobody is rated yet."""
        raise NotImplementedError

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season, and take the ratings through the history and the summer."""
        self._season, self._clubs, self._walk = season.name, season.clubs, None
        self._follow(season.history)

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Rate the matches that are new, refit the link, and answer the day's probabilities."""
        walk, fixtures = self._follow(day.history), day.slate.fixtures
        index = fixtures.index
        pairs = list(zip(fixtures["home"].tolist(), fixtures["away"].tolist(), strict=True))
        walk.welcome(club for pair in pairs for club in pair)
        walk.table.move_to(int(np.datetime64(day.date, "D").astype(int)))
        numbers = [(*walk.table.values(*pair), walk.table.gap(*pair)) for pair in pairs]
        explanation = pd.DataFrame(numbers, index=index, columns=[*walk.table.columns, "gap"], dtype=np.float64)
        gap = explanation["gap"].to_numpy()
        link = self._fit(walk).link
        return Forecast(
            pd.DataFrame(link.probabilities(gap), index=index, columns=COLUMNS),
            source=self.name,
            standard_error=self._errors(link, explanation),
            explanation=explanation,
        )

    @property
    def fitted(self) -> FittedRatings | None:
        """The ratings and the link as of the latest forecast, or of the opening; None before."""
        walk = self._walk
        if walk is None:
            return None
        link, table = self._fit(walk), walk.table
        order = sorted(table.ratings, key=lambda club: (-table.ratings[club], club))
        frame = pd.DataFrame(
            [table.rating_of(club) for club in order],
            index=pd.Index(order, name="club", dtype="str"),
            columns=list(table.parts),
        )
        return FittedRatings(frame, link.link, link.converged, len(walk), walk.newcomers, table.scale)

    def _follow(self, history: History) -> RatingWalk:
        """Go on from where the ratings are; where the history is no continuation, begin again."""
        if self._walk is None or not self._walk.follow(history):
            self._walk, self._past, self._present = self._at_first(), None, None
            self._walk.open(history)
        return self._walk

    def _at_first(self) -> RatingWalk:
        return RatingWalk(self.table(), season=self._season, clubs=self._clubs)

    def _fit(self, walk: RatingWalk) -> Belief:
        """Fit the link to all that is over, beginning at the last fit, unless that knew as much.

        Seasons before this one are fitted once, and this one on what is believed after them.
        """
        if self._past is None or self._past[0] != walk.opening:
            first = Belief.about(self.prior_link)
            self._past, self._present = (walk.opening, self._learned(first, walk, 0, walk.opening)), None
        if self._present is None or self._present[0] != len(walk):
            last = self._past[1] if self._present is None else self._present[1]
            now = self._learned(self._past[1], walk, walk.opening, len(walk), start=last.link)
            self._present = len(walk), now
        return self._present[1]

    def _learned(self, belief: Belief, walk: RatingWalk, first: int, end: int, *, start: Link | None = None) -> Belief:
        """Learn from matches ``first`` to ``end`` of the walk, after what is believed of those before."""
        if first == end:
            return belief
        age = walk.days[end - 1] - walk.days[max(first - 1, 0) : end]
        weight = np.ones(len(age)) if self.link_half_life_days is None else np.exp2(-age / self.link_half_life_days)
        weight, aged = (weight[1:], belief.aged(float(weight[0]))) if first else (weight, belief)
        rows = slice(first, end)
        learned = learn_link(aged, walk.gaps[rows], walk.won[rows], weight, start=start)
        if not learned.converged:
            self.act("used an unfinished link", cause=f"no convergence in {learned.steps} steps on {end} matches")
        return learned

    def _errors(self, _link: Link, _explanation: pd.DataFrame) -> pd.DataFrame | None:
        """Answer the probabilities' standard errors, where the table says how unsure it is."""
        return None
