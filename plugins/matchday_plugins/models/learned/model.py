"""What the learners share: parameters, features, refits and forecasts. See ``logistic``, ``gbm``, ``mlp``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, PrivateAttr, field_validator

from matchday import Agent, Component, Forecast, Matchday, MatchdayError, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import Array, Market
from matchday_plugins.diagnostics.alarms import Heeded, NewAlarms, check_heeded, look_for_watches, told
from matchday_plugins.features.builder import FeatureBuilder
from matchday_plugins.features.groups import known_groups
from matchday_plugins.lens.novelty import Novelty
from matchday_plugins.lens.novelty.reading import novelty_columns
from matchday_plugins.models.learned.estimating import ask, fit
from matchday_plugins.models.learned.fitted import LEARNED_MARKETS, FittedLearner, Training, date_of

#: What is learned from unless an agent says otherwise. Form and rest made forecasts of the English top division up to
#: 2013-14 worse beside ratings and shots; the price's own opinion is for those who ask for it.
DEFAULT_FEATURES = ["ratings", "shots", "season", "head-to-head", "players"]


class Learner(Component):
    """A classifier that learns results from features of matches, refitted as the season unfolds.

    Nothing but dates, clubs and scores is needed of a history: statistics, prices and player rows that are missing are
    features that are not known, and each learner says what it does about those. A feature known of fewer than
    ``minimum_matches`` takes no part in a fit, for what is learned from a handful of matches is luck. A learner has no
    opinion, NaN, until there are so many matches after the warm-up, and each outcome is among them; the record says so
    once. Clubs that come up enter the ratings at the strength that is expected of newcomers. ``fitted`` tells what it
    learned from; forecasts' ``explanation`` has the features of the day's matches, and ``seen`` those of the season's.
    With ``novelty`` the explanation also tells how unlike the matches of the latest fit each one is, in columns that
    begin with ``novelty_``: ``novelty-watch`` and ``novelty-guard`` read them.

    With ``refit_on`` it refits on the morning of an alarm too: of one that is new, for a watch may repeat its alarm as
    long as it stands. The days to the next refit count from then.

    It follows one season at a time: two plays side by side need two of it.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"dynamic-ability", "promoted", "time-weighted"})

    features: list[str] = Field(
        default_factory=lambda: list(DEFAULT_FEATURES),
        description="groups of features: ratings, form, shots, season, rest, head-to-head, players, market",
    )
    totals: bool = Field(True, description="forecast over and under 2.5 goals too, by a second fit")
    refit_days: int = Field(28, ge=0, description="refit when the last fit is so old; 0: every matchday")
    refit_on: Heeded = Field(
        (), description='watches on whose alarm it refits, by name; "any": whoever raises one; an empty list: nobody'
    )
    window_days: int | None = Field(None, gt=0, description="older matches are not learned from; None: all are")
    warmup_days: int = Field(180, ge=0, description="first days of a history that only feed the features")
    minimum_matches: int = Field(300, ge=10, description="matches it takes to have an opinion, and to use a feature")
    half_life_days: float | None = Field(None, gt=0, description="a match this old counts half; None: all alike")
    novelty: bool = Field(False, description="tell of each match how unlike the past ones its features are")
    seed: int | None = Field(None, ge=0, lt=2**31, description="seed of the fits; None: drawn from the run's")

    _builder: FeatureBuilder = PrivateAttr()
    _seed: int = PrivateAttr(default=0)
    _fitted: FittedLearner | None = PrivateAttr(default=None)
    _seen: list[pd.DataFrame] = PrivateAttr(default_factory=list)
    _learned: tuple[int, int] | None = PrivateAttr(default=None)  # day of the fit, and how many matches were known
    _silent: bool = PrivateAttr(default=False)
    _alarms: NewAlarms = PrivateAttr()

    @field_validator("features")
    @classmethod
    def _known(cls, features: list[str]) -> list[str]:
        try:
            known_groups(features)
        except MatchdayError as error:
            raise ValueError(str(error)) from None
        return features

    def model_post_init(self, _context: object) -> None:
        """Begin without a past."""
        self._builder, self._alarms = FeatureBuilder(self.features), NewAlarms(self.refit_on)

    @property
    def lacks(self) -> frozenset[str]:
        """What its features do not tell; and without a half-life all matches count alike."""
        lacking = {
            "dynamic-ability": "ratings" not in self.features,
            "promoted": not {"ratings", "season"} & set(self.features),
            "time-weighted": self.half_life_days is None,
        }
        return frozenset(trait for trait, lacks in lacking.items() if lacks)

    @property
    def fitted(self) -> FittedLearner | None:
        """The latest fit: estimators, feature names, training inputs and dates. None before the first."""
        return self._fitted

    @property
    def seen(self) -> pd.DataFrame:
        """The features of the season's matches, as they were when it forecast them; index ``match_id``."""
        rows = pd.concat(self._seen) if self._seen else pd.DataFrame(columns=self._builder.columns, dtype=np.float64)
        return rows[~rows.index.duplicated(keep="last")]

    def check_agent(self, agent: Agent) -> None:
        """Refuse to heed a watch that is not there."""
        check_heeded(self.refit_on, agent, parameter="refit_on")

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season, and compute the features of every match of the history."""
        self._builder, self._alarms = FeatureBuilder(self.features), NewAlarms(self.refit_on)
        look_for_watches(self, self.refit_on, season)
        self._builder.announce(season.name, season.clubs)
        self._fitted, self._learned, self._silent, self._seen = None, None, False, []
        self._seed = int(season.generator(self.name).integers(2**31)) if self.seed is None else self.seed
        self._builder.follow(season.history)

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Refit, if that is due or a watch asks for it, and answer what the estimators make of the day's features."""
        if not self._builder.follow(day.history):
            self._fitted, self._learned = None, None
        today, alarms = (day.date - date_of(0)).days, self._alarms.of(day)
        if self._is_due(today, alarmed=bool(alarms)):
            self._learn(today, cause=f"{told(alarms[0])}; " if alarms else "")
        rows = self.rows(day)
        self._seen.append(rows)
        columns = [name for market in self._markets for name in market.selections]
        frame = pd.DataFrame(self._probabilities(rows), index=day.slate.index, columns=columns)
        return Forecast(frame, source=self.name, explanation=self._explained(rows))

    def rows(self, day: Matchday) -> pd.DataFrame:
        """Answer what the estimators are fed of the day's matches: their features, index ``match_id``."""
        return self._builder.rows(day)

    def make(self, seed: int) -> Any:
        """Make an estimator, not fitted yet, that draws all its randomness from a seed; each learner has its own."""
        raise NotImplementedError

    @property
    def repeats(self) -> int:
        """How many estimators with seeds of their own are averaged."""
        return 1

    @property
    def _markets(self) -> tuple[Market, ...]:
        return LEARNED_MARKETS if self.totals else LEARNED_MARKETS[:1]

    def _is_due(self, today: int, *, alarmed: bool) -> bool:
        if self._learned is None:
            return True
        fitted_on, known = self._learned
        return (alarmed or today - fitted_on >= self.refit_days) and (today, len(self._builder)) != (fitted_on, known)

    def _learn(self, today: int, *, cause: str) -> None:
        """Fit every market, unless there is too little to learn from; ``cause`` comes first in what is on record."""
        training = Training.window(
            self._builder.played,
            today,
            window_days=self.window_days,
            warmup_days=self.warmup_days,
            half_life_days=self.half_life_days,
        )
        used = training.known_by(self.minimum_matches)
        if not self._enough(training, used):
            return
        training, names = training.only(used), tuple(itertools.compress(self._builder.columns, used))
        estimators = {market.name: self._fit(training, market, names) for market in self._markets}
        first, last = date_of(training.days[0]), date_of(training.days[-1])
        self._fitted = FittedLearner(
            estimators=estimators,
            features=names,
            inputs=training.inputs,
            outcomes={market.name: training.winners(market) for market in self._markets},
            weights=training.weights,
            first=first,
            last=last,
            fitted_on=date_of(today),
            newcomers=self._builder.newcomers,
            novelty=Novelty(training.inputs, estimators[self._markets[0].name]) if self.novelty else None,
        )
        self._learned = today, len(self._builder)
        self.act("refitted", cause=f"{cause}{len(training)} matches from {first} to {last}")

    def _enough(self, training: Training, used: npt.NDArray[np.bool_]) -> bool:
        """Say whether there is enough to learn from; put it on record, once, that there is not."""
        lacking, needed = training.lacks(self._markets), f"minimum_matches is {self.minimum_matches}"
        if len(training) < self.minimum_matches:
            cause = f"{len(training)} matches to learn from; {needed}"
        elif lacking is not None:
            cause = f"no match to learn from ended in {lacking!r}"
        elif not used.any():
            cause = f"no feature of {', '.join(self.features)} is known of so many matches; {needed}"
        else:
            return True
        if self._fitted is None and not self._silent:
            self._silent = True
            self.act("has no opinion yet", cause=cause)
        return False

    def _fit(self, training: Training, market: Market, names: Sequence[str]) -> tuple[Any, ...]:
        fitted = []
        for k in range(self.repeats):
            estimator, unfinished = fit(self.make(self._seed + k), training, market, who=self._who, features=names)
            if unfinished:
                self.act("used an unfinished fit", cause=f"{market.name} had not converged when the iterations ran out")
            fitted.append(estimator)
        return tuple(fitted)

    def _probabilities(self, rows: pd.DataFrame) -> Array:
        """Average the estimators of each market; NaN before the first fit."""
        if self._fitted is None:
            return np.full((len(rows), sum(len(market.selections) for market in self._markets)), np.nan)
        inputs = self._inputs(rows)
        told = [
            np.mean([self._ask(each, inputs, market) for each in self._fitted.estimators[market.name]], axis=0)
            for market in self._markets
        ]
        return np.concatenate(told, axis=1)

    def _inputs(self, rows: pd.DataFrame) -> Array:
        """Pick the features of the latest fit."""
        return rows[[] if self._fitted is None else list(self._fitted.features)].to_numpy()

    def _explained(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Answer a day's features, and with ``novelty`` how unlike the past ones they are."""
        if not self.novelty:
            return rows
        novelty = None if self._fitted is None else self._fitted.novelty
        return pd.concat([rows, novelty_columns(novelty, self._inputs(rows), rows.index)], axis=1)

    def _ask(self, estimator: Any, inputs: Array, market: Market) -> Array:
        assert self._fitted is not None
        return ask(estimator, inputs, market, who=self._who, features=self._fitted.features)

    @property
    def _who(self) -> str:
        return f"Learner {self.name!r}"
