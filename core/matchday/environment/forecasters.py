"""Models as a tool: any model of the catalogue, asked at any time, says what it would have said all along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from pydantic import ValidationError

from matchday.assembly import implementations
from matchday.calls import Calls
from matchday.catalogue import Catalogue
from matchday.component import Component
from matchday.environment.parameters import check_plain, check_size
from matchday.environment.patience import within
from matchday.errors import MatchdayError, did_you_mean, explain
from matchday.events import SeasonOpened
from matchday.forecast import Forecast
from matchday.forecastcache.key import shareable
from matchday.ledger import Settlement
from matchday.slate import Matchday

#: How many models, or sets of parameters, one season may ask; each of them keeps what it has learned.
MOST = 16

_News = tuple[str, dict[str, Any]]


def check_models(names: Iterable[str]) -> None:
    """Raise ``MatchdayError`` for a name of what is not installed, or no model."""
    catalogue = Catalogue()
    for name in names:
        if "forecast" not in implementations(catalogue.load("component", name)):
            raise MatchdayError(f"{name!r} is no model; models are components that answer 'forecast', as dixon-coles.")


class Forecasters:
    """Models of one season. ``allowed`` names those that may be asked; None: every model that is installed.

    An answer that takes more than ``seconds`` is not waited for, and the model forgotten; None: however long it takes.
    A model that is first asked in mid-season lives through the season up to then, matchday by matchday, so that its
    answer does not depend on when it was asked, and is what it would say in an agent that lists it.
    """

    def __init__(self, allowed: Sequence[str] | None = None, *, seconds: float | None = None) -> None:
        self._allowed, self._seconds = allowed, seconds
        self._news: list[_News] = []
        self._models: dict[str, _Model] = {}

    @property
    def offered(self) -> bool:
        """Whether any may be asked."""
        return self._allowed is None or bool(self._allowed)

    def season_opened(self, season: SeasonOpened) -> None:
        """Forget everything; a season begins."""
        self._news, self._models = [("season_opened", {"season": season})], {}

    def matchday_opened(self, day: Matchday) -> None:
        """Note that a matchday begins, on which every model is asked."""
        self._news += [("matchday_opened", {"day": day}), ("forecast", {"day": day})]

    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """Note what became of the day; of the money, nothing is told."""
        idle = Settlement(settlement.matchday, settlement.date, settlement.before, settlement.before, ())
        self._news.append(("matchday_settled", {"day": day, "results": results, "settlement": idle}))

    def forecast(self, name: str, parameters: Mapping[str, Any]) -> Forecast:
        """Ask a model about the matchday; raises ``MatchdayError`` for what is no model, and where one fails."""
        check_plain(name, parameters)
        key = json.dumps([name, parameters], sort_keys=True)
        model = self._models.pop(key, None) or self._new(name, parameters)
        said = self._live(model)  # one that fails, or takes too long, is in no state to be asked again
        self._models[key] = model
        return said

    def _live(self, model: _Model) -> Forecast:
        if self._seconds is None:
            return model.live(self._news)
        try:
            return within(self._seconds, lambda: model.live(self._news))
        except TimeoutError as error:
            told = f"model {model.name!r}: no answer within {self._seconds:g} s"
            raise MatchdayError(f"{told}; ask one that has less to do.") from error

    def _new(self, name: str, parameters: Mapping[str, Any]) -> _Model:
        if len(self._models) >= MOST:
            raise MatchdayError(f"model {name!r}: {MOST} models have been asked this season; rule: at most {MOST}.")
        return _Model(name, self._made(name, parameters))

    def _made(self, name: str, parameters: Mapping[str, Any]) -> Component:
        if self._allowed is not None and name not in self._allowed:
            raise MatchdayError(f"model {name!r} is not on offer; offered: {', '.join(self._allowed) or 'none'}.")
        catalogue = Catalogue()
        if name not in (installed := catalogue.names("component")):
            raise MatchdayError(f"there is no model {name!r}; {did_you_mean(name, installed)}")
        kind = catalogue.load("component", name)
        try:
            component: Component = kind(**parameters)
        except ValidationError as error:
            raise MatchdayError(f"model {name!r}: {explain(error, kind)}") from error
        except TypeError as error:
            raise MatchdayError(f"model {name!r}: {error}") from error
        if not shareable(component):
            raise MatchdayError(f"{name!r} is no model that can be asked by itself; ask one as dixon-coles or elo.")
        check_size(name, component)
        return component


class _Model:
    """A model, and how much of the season it has lived through."""

    def __init__(self, name: str, component: Component) -> None:
        component.rename(name)
        self.name = name
        self._calls = Calls("the forecast tool", {name: component}, defaults={})
        self._component = component
        self._lived = 0
        self._said: Forecast | None = None

    def live(self, news: Sequence[_News]) -> Forecast:
        """Live through what is new, and answer what it says of the last matchday it was asked about."""
        while self._lived < len(news):
            hook, arguments = news[self._lived]
            if hook == "forecast":
                self._said = self._calls.collect("forecast", **arguments)[self.name]
            else:
                self._calls.all(hook, **arguments)
            self._component.drain()
            self._lived += 1
        assert self._said is not None
        return self._said.copy()
