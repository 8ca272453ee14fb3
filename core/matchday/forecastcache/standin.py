"""What stands in for a model in an agent: it says what the model said, and wakes the model where that is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matchday.actions import Action
from matchday.calls import Calls
from matchday.component import Component
from matchday.errors import MatchdayError
from matchday.forecast import Forecast
from matchday.forecastcache.recording import Recording, Remembered
from matchday.hooks import hookimpl
from matchday.slate import Matchday

if TYPE_CHECKING:
    import pandas as pd

    from matchday.events import SeasonClosed, SeasonOpened
    from matchday.ledger import Settlement


class StandIn:
    """Answers for one model through one season.

    As long as the recording goes, the model sleeps and is told nothing. On the first matchday that is not recorded it
    is told all that has happened, in order, forecasts the days that it has missed, and answers from then on; what it
    says is recorded. It refuses another season than it was ``lent_for``. ``keep`` is called with the recording when the
    season closes, if the model has been woken.

    One that ``follows`` shares the recording of another that is asked before it, every day of the same play.
    """

    def __init__(
        self,
        name: str,
        model: Component,
        *,
        agent: str,
        lent_for: tuple[object, ...],
        recording: Recording,
        keep: Callable[[Recording], None],
        follows: bool = False,
    ) -> None:
        self._name, self._model, self._recording, self._keep = name, model, recording, keep
        self._lent_for, self._follows = lent_for, follows
        self._calls = Calls(agent, {name: model}, defaults={})
        self._missed: list[tuple[str, dict[str, Any]]] = []
        self._awake = False
        self._said: tuple[int, Forecast] | None = None
        self._recalled: list[Action] = []

    def drain(self) -> list[Action]:
        """Hand over the actions that the model put on record, or had put on record that day; see ``Component``."""
        if not self._awake:
            actions, self._recalled = self._recalled, []
            return actions
        actions = self._model.drain()
        if self._said is not None:
            number, forecast = self._said
            said = tuple((each.action, each.cause) for each in actions)
            self._recording.days[number], self._said = Remembered(forecast, said), None
        return actions

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Begin the recording anew; a model of which there is none is awake from the start."""
        played = season.name, season.seed, season.rules.prices, season.rules.selections
        if played != self._lent_for:
            raise MatchdayError(
                f"its forecasts were lent for season, seed, prices and selections {self._lent_for}, and {played} is "
                "played; give ForecastCache.lend the season, rules and seed of the play"
            )
        self._missed, self._awake, self._said, self._recalled = [], False, None, []
        if not self._recording.days and not self._follows:
            self._wake()
        self._tell("season_opened", season=season)

    @hookimpl
    def matchday_opened(self, day: Matchday) -> None:
        """Tell the model, or note it down for it."""
        self._tell("matchday_opened", day=day)

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Answer what is recorded, else what the model says."""
        if not self._awake:
            remembered = self._recording.recall(day.number, day.slate.index)
            if remembered is not None:
                self._missed.append(("forecast", {"day": day}))
                self._recalled = [Action(self._name, *said) for said in remembered.actions]
                return remembered.forecast.copy()
            self._wake()
        answer = self._ask(day)
        self._said = day.number, answer.copy()
        return answer

    @hookimpl
    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """Tell the model, or note it down for it."""
        self._tell("matchday_settled", day=day, results=results, settlement=settlement)

    @hookimpl
    def season_closed(self, closed: SeasonClosed) -> None:
        """Tell the model, if it is awake, and keep what it has said."""
        self._tell("season_closed", closed=closed)
        if self._awake:
            self._keep(self._recording)
        self._missed = []

    def _tell(self, hook: str, **news: Any) -> None:
        if self._awake:
            self._calls.all(hook, **news)
        else:
            self._missed.append((hook, news))

    def _ask(self, day: Matchday) -> Forecast:
        answer: Forecast = self._calls.collect("forecast", day=day)[self._name]
        return answer

    def _wake(self) -> None:
        """Let the model live through what it has missed; what it puts on record of it is on record already."""
        self._awake, missed, self._missed = True, self._missed, []
        self._model.drain()
        for hook, news in missed:
            if hook == "forecast":
                self._ask(**news)
                self._model.drain()
            else:
                self._calls.all(hook, **news)
