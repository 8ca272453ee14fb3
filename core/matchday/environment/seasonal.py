"""One season of one agent from outside: every tool, the clock with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matchday.environment import views
from matchday.environment.answer import Answer, refused
from matchday.environment.arguments import NextMatchday
from matchday.environment.prompt import prompt
from matchday.environment.seat import Seat
from matchday.environment.tools import NEXT, Tool
from matchday.episode import Episode
from matchday.errors import MatchdayError, RuleBroken
from matchday.events import Event, MatchdayOpened, SeasonClosed
from matchday.money import to_units
from matchday.rules import Rules
from matchday.season import Season

#: For how many seconds a model's answer is waited for: the longest that a call can take.
PATIENCE = 120.0


class SeasonEnvironment:
    """A season as an environment: ``call`` a tool, and read its answer.

    The first matchday is open when the environment is made; ``next_matchday`` settles it and opens the next, until the
    season is over or the bankroll is gone. The reward of a matchday is log(bankroll after / bankroll before); a
    bankroll below a penny counts as a penny, so that ruin has a finite one. ``listen`` is told every event. Calls from
    several threads wait for each other. Raises ``SourceError`` where the season has no price to play at.
    """

    def __init__(
        self,
        season: Season,
        rules: Rules | None = None,
        *,
        name: str = "outside",
        seed: int = 0,
        models: Sequence[str] | None = None,
        listen: Callable[[Event], None] | None = None,
    ) -> None:
        self._episode = Episode(season, rules)
        self._seat = Seat(models=models, patience=PATIENCE)
        self._listen = listen or (lambda _: None)
        self._lock = threading.Lock()
        self._closed: SeasonClosed | None = None
        opened = self._episode.begin(agent=outside_agent(name), seed=seed)
        self._listen(opened)
        self._seat.season_opened(opened)
        self.prompt = prompt(opened, self.tools)
        self._open()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, each with a name, a description and a JSON schema."""
        return self._seat.tools

    @property
    def finished(self) -> bool:
        """Whether the season is over for this agent."""
        return self._closed is not None

    @property
    def bankroll(self) -> float:
        """The bankroll in currency units, open stakes included."""
        return self._episode.bankroll

    @property
    def cumulative_reward(self) -> float:
        """The sum of the rewards so far: log(bankroll / starting bankroll)."""
        return self._seat.account.reward

    def call(self, name: str, arguments: Mapping[str, Any] | None = None) -> Answer:
        """Call a tool; a mistake is answered with what was wrong, and changes nothing."""
        with self._lock:
            answer = self._answer(name, arguments)
            figures = {**self._figures(), **answer.figures}
        return Answer(answer.text, answer.ok, answer.reward, self.finished, figures)

    def _answer(self, name: str, arguments: Mapping[str, Any] | None) -> Answer:
        if self._closed is not None:
            return refused(f"{name}: the season is over, {self._end()}")
        try:
            tool, asked = self._seat.read(name, arguments)
            if tool.name != NEXT:
                return self._seat.use(tool, asked)
            assert isinstance(asked, NextMatchday)
            return self._next(asked.matchday)
        except MatchdayError as error:
            return refused(str(error))

    def _next(self, matchday: int | None) -> Answer:
        """End the matchday, and open the next one; a call that repeats an earlier one moves nothing."""
        now = self._episode.number
        if matchday is not None and matchday < now:
            return Answer(f"Matchday {matchday} is played already; matchday {now} is open.")
        if matchday is not None and matchday > now:
            raise RuleBroken(f"next_matchday: matchday {matchday} is not open; matchday {now} is.")
        day = self._seat.desk.day
        self._listen(self._episode.place(self._seat.desk.slip()))
        settled = self._episode.settle()
        self._listen(settled)
        results = self._episode.results()
        self._seat.matchday_settled(day, results, settled.settlement)
        text = views.settled(settled.settlement, results)
        after = self._open() if self._episode.state == "waiting" else self._close()
        return Answer(f"{text}\n\n{after}", reward=settled.settlement.log_growth)

    def _open(self) -> str:
        opened: MatchdayOpened = self._episode.open()
        self._listen(opened)
        self._seat.matchday_opened(opened.day, opened.bankroll)
        return views.matches(self._seat)

    def _close(self) -> str:
        self._closed = self._episode.close()
        self._listen(self._closed)
        return f"The season is over: {self._end()}"

    def _end(self) -> str:
        assert self._closed is not None
        start, end = to_units(self._closed.bankroll_start), to_units(self._closed.bankroll_end)
        return (
            f"{self._closed.reason} after {self._closed.matchdays} matchdays, bankroll {start:.2f} -> {end:.2f}, "
            f"log growth {self._closed.log_growth:+.4f}."
        )

    def _figures(self) -> dict[str, Any]:
        return {
            "matchday": self._episode.number,
            "bankroll": round(self.bankroll, 2),
            "cumulative_reward": self.cumulative_reward,
            "finished": self.finished,
        }


def outside_agent(name: str) -> dict[str, Any]:
    """Describe an agent that plays from outside: it has a name, and no components that anybody here knows."""
    return {"name": name, "component": []}
