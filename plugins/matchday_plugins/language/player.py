"""A language model that plays by itself: it is shown each matchday, uses tools, and places its bets by them.

A matchday is a conversation: the game's rules, what is kept of earlier matchdays, the slate; then the model calls tools
and is told what they answer, until it calls ``next_matchday``. Every reply is kept by content, so that a run that is
cut off, or is played again, asks nothing twice and goes on as it did.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pydantic import Field, PrivateAttr, field_validator

from matchday import Catalogue, Decision, Matchday, MatchdayError, hookimpl
from matchday.actions import Consultation
from matchday.environment import Seat, views
from matchday.environment.answer import refused
from matchday.environment.desk import Desk
from matchday.environment.prompt import prompt
from matchday.errors import did_you_mean
from matchday.events import SeasonOpened
from matchday.ledger import Settlement
from matchday.money import to_pence
from matchday_plugins.language.consulting import Consulting
from matchday_plugins.language.context import CHARACTERS, Conversation, tokens_of
from matchday_plugins.language.endpoint import Endpoint
from matchday_plugins.language.memory import Memory, Past
from matchday_plugins.language.notes import Notes
from matchday_plugins.language.replies import Message, NoAnswer, Reply
from matchday_plugins.language.tooling import Tooling, as_told

HOW = """\
You act by calling tools and by nothing else. On a matchday you have {calls} replies at most; when they are spent, or \
when you call no tool, the bets that you have placed by then stand and the matchday ends. Long answers of tools are \
cut. Of earlier matchdays you know what you are told when a matchday opens, and what you have noted."""

GO_ON = "You called no tool. Place bets, or call next_matchday to end this matchday."
AFTER_THE_END = refused("you had ended the matchday before that call")

#: Calls of one reply that are done.
MOST_CALLS = 100
TOO_MANY = refused(f"a reply calls at most {MOST_CALLS} tools")


class LanguageModel(Consulting):
    """Let a language model play the season by itself, by the tools of the environment, within a budget.

    On each matchday it is shown the slate, the last matchdays, older ones in a line each, and its notes, and calls
    tools: the past, its money, the ``models`` that it may ask, bets. What it places by the time it calls
    ``next_matchday`` is the slip. Where an answer fails to come, it calls no tool twice in a row, or the budget or the
    context is spent, the bets placed by then stand, a note says why, and the next matchday begins.

    Every message is on record, as a consultation. Replies are kept: a run that is resumed or played again makes no call
    for what was answered. Another seed is another sample. Where nobody could be asked at all, since no model is named,
    its key is not set or the package is missing, the play stops, in one line.
    """

    model: str = Field("", description="the model's name, as the endpoint has it; it has to be set")
    models: tuple[str, ...] | None = Field(
        (), description="statistical models that it may ask, by name; none: all that are installed"
    )
    instructions: str = Field("", description="what else it is told, at the end of its instructions")
    context_tokens: int = Field(16_000, ge=4_000, description="most tokens of a request, at four characters a token")
    answer_tokens: int = Field(2_000, ge=200, description="tokens of a tool's answer, behind which it is cut")
    recent_matchdays: int = Field(5, ge=0, description="earlier matchdays that it is shown whole; older ones in a line")
    notes_tokens: int = Field(500, ge=0, description="most tokens of its notes; 0: it keeps none")
    matchday_calls: int = Field(20, ge=1, le=500, description="most requests a matchday")
    sends_seed: bool = Field(False, description="whether requests carry the run's seed, for endpoints that take one")

    _tooling: Tooling | None = PrivateAttr(default=None)
    _memory: Memory = PrivateAttr(default_factory=lambda: Memory(0))
    _talk: Conversation | None = PrivateAttr(default=None)
    _functions: list[dict[str, Any]] = PrivateAttr(default_factory=list)
    _system: str = PrivateAttr(default="")
    _seed: int = PrivateAttr(default=0)
    _told: int = PrivateAttr(default=0)

    @field_validator("models")
    @classmethod
    def _known(cls, models: tuple[str, ...] | None) -> tuple[str, ...] | None:
        installed = Catalogue().names("component")
        for name in models or ():
            if name not in installed:
                raise ValueError(f"there is no model {name!r}; {did_you_mean(name, installed)}")
        return models

    @property
    def endpoint(self) -> Endpoint:
        """Where it asks, the run's seed in each request if it is to be sent."""
        plain = super().endpoint
        return dataclasses.replace(plain, options={"seed": self._seed, **plain.options}) if self.sends_seed else plain

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Take a seat, with no memory and no notes; raises ``MatchdayError`` where no model is named."""
        if not self.model:
            raise MatchdayError(
                f"no model is named; set it, and where it is: --set {self.name}.model=NAME "
                f"--set {self.name}.base_url=http://HOST/v1"
            )
        super().season_opened(season)
        seat, notes = Seat(models=self.models), Notes(self.notes_tokens * CHARACTERS)
        seat.season_opened(season)
        self._tooling = Tooling(seat, notes, self.answer_tokens)
        self._functions = [tool.as_function() for tool in self._tooling.tools]
        self._memory, self._talk, self._seed, self._told = Memory(self.recent_matchdays), None, season.seed, 0
        told = [prompt(season, self._tooling.tools), HOW.format(calls=self.matchday_calls), self.instructions]
        self._system = "\n\n".join(filter(None, told))

    @hookimpl
    def matchday_opened(self, day: Matchday) -> None:
        """Take note of the day, also where another agent bets on it."""
        self._talk = None
        self._hands.seat.matchday_opened(day, 0)

    @hookimpl
    def decide(self, day: Matchday, bankroll: float) -> Decision:
        """Let the model use its tools until the matchday is over, and answer the bets that it has placed."""
        seat = self._hands.seat
        seat.desk = Desk(day, to_pence(bankroll), seat.desk.rules)
        why = self._played(day, self._begun())
        notes = (f"{self.name}: {why}; the bets placed by then stand",) if why else ()
        return Decision(seat.desk.slip(), notes=notes)

    @hookimpl
    def matchday_settled(self, day: Matchday, results: pd.DataFrame, settlement: Settlement) -> None:
        """Remember how the matchday ended, if it played it."""
        self._hands.seat.matchday_settled(day, results, settlement)
        if self._talk is not None:
            self._memory.add(Past.of(results, settlement, words=self._talk.words))

    @property
    def _hands(self) -> Tooling:
        assert self._tooling is not None, "season_opened comes first"
        return self._tooling

    def _begun(self) -> Conversation:
        """Begin the matchday's conversation: earlier matchdays have half of the room that the slate leaves them."""
        slate = views.matches(self._hands.seat)
        notes = f"Your notes:\n{self._hands.notes.text}" if self._hands.notes.text else ""
        most = self.context_tokens - tokens_of(self._functions)
        left = most - tokens_of([self._system, notes, slate])
        shown = "\n\n".join(filter(None, [self._memory.recall(max(left, 0) // 2), notes, slate]))
        opening = [{"role": "system", "content": self._system}, {"role": "user", "content": shown}]
        self._talk = Conversation(opening, most=most, told=self._told)
        self._told = 1
        return self._talk

    def _played(self, day: Matchday, talk: Conversation) -> str:
        """Let the model go on until it ends the matchday; answers what ended it otherwise, "": nothing did."""
        silent = 0
        while silent < 2:
            messages = talk.request()
            if messages is None:
                return "its context is full"
            try:
                reply = self._ask(
                    day, messages, cause=f"matchday {day.number}", tools=self._functions, asked=talk.news()
                )
            except NoAnswer as none:
                return none.reason
            if self._heard(talk, reply):
                return ""
            silent = 0 if reply.tool_calls else silent + 1
        return "it called no tool"

    def _heard(self, talk: Conversation, reply: Reply) -> bool:
        """Do what a reply asks for, and tell what came of it; answers whether it ended the matchday."""
        said = dataclasses.replace(reply, tool_calls=tuple(map(as_told, reply.tool_calls))).message
        if not reply.tool_calls:
            talk.add(said | {"content": reply.text or "…"})
            talk.add({"role": "user", "content": GO_ON})
            return False
        talk.add(said)
        over = False
        for number, call in enumerate(reply.tool_calls):
            done = TOO_MANY if number >= MOST_CALLS else AFTER_THE_END if over else None
            answer = done or self._hands.use(call)
            over = over or answer.finished
            talk.add({"role": "tool", "tool_call_id": call.id, "content": answer.text})
        return over

    def _answered(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Mapping[str, Any]] | None,
        schema: Mapping[str, Any] | None,
        left: int | None,
        recorded: Consultation | None,
    ) -> Reply:
        """Answer as others do who ask, but stop the play where no request can be made: it is nothing without one."""
        reply = super()._answered(messages, tools=tools, schema=schema, left=left, recorded=recorded)
        if reply.failure and not reply.calls:
            raise MatchdayError(reply.failure)
        return reply
