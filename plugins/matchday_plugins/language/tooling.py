"""The tools in a model's hands: those of its seat and its notes. What it calls is done, or it is told what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from matchday import MatchdayError
from matchday.environment import Seat, Tool
from matchday.environment.answer import Answer, refused
from matchday.environment.arguments import Arguments, NextMatchday
from matchday.environment.tools import NEXT, read
from matchday.errors import RuleBroken
from matchday.placing import offer_of, without_bet
from matchday_plugins.language.context import cut
from matchday_plugins.language.notes import Notes, WriteNotes
from matchday_plugins.language.replies import ToolCall

#: Characters of a tool's name that endpoints take.
LONGEST_NAME = 64

SHORTER = "ask for less: fewer rows a page, some columns, some clubs"


@dataclass(frozen=True, slots=True)
class Tooling:
    """A seat, and notes; an answer is cut behind ``answer_tokens``."""

    seat: Seat
    notes: Notes
    answer_tokens: int

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools that are offered."""
        return (*self.seat.tools, *self.notes.tools)

    def use(self, call: ToolCall) -> Answer:
        """Do what is called for; the answer to a call that ends the matchday is ``finished``."""
        try:
            tool, asked = read(self.tools, call.name, arguments_of(call))
            answer = self._used(tool, asked)
        except MatchdayError as error:
            answer = refused(str(error))
        return Answer(cut(answer.text, self.answer_tokens, remedy=SHORTER), answer.ok, finished=answer.finished)

    def _used(self, tool: Tool, asked: Arguments) -> Answer:
        if isinstance(asked, WriteNotes):
            return Answer(self.notes.write(asked))
        if isinstance(asked, NextMatchday):
            self._check_end(asked)
            return Answer("The matchday is over; you are told how it ended when the next one opens.", finished=True)
        return self.seat.use(tool, asked)

    def _check_end(self, asked: NextMatchday) -> None:
        """Raise ``RuleBroken`` where another matchday is meant, or where the rules want a bet first."""
        desk, now = self.seat.desk, self.seat.desk.day.number
        if asked.matchday not in {None, now}:
            raise RuleBroken(f"{NEXT}: matchday {asked.matchday} is not open; matchday {now} is.")
        if not desk.wagers:
            without_bet(offer_of(desk.day.slate), rules=desk.rules, matchday=now)


def arguments_of(call: ToolCall) -> Mapping[str, Any]:
    """Read the arguments as the model wrote them; raises ``MatchdayError`` where they are no JSON object.

    >>> arguments_of(ToolCall("1", "view_matches", '{"quotes": true}')), arguments_of(ToolCall("1", "view_matches", ""))
    ({'quotes': True}, {})
    """
    try:
        read_as = from_json(call.arguments.strip() or "{}", allow_inf_nan=False)
    except ValueError as error:
        raise MatchdayError(f"{call.name}: the arguments are no JSON ({error})") from error
    if not isinstance(read_as, dict):
        raise MatchdayError(f"{call.name}: the arguments are {call.arguments.strip()[:80]!r}; rule: a JSON object")
    return read_as


def as_told(call: ToolCall) -> ToolCall:
    """Answer a call as it may be sent back: endpoints refuse names of other letters, and arguments that are no object.

    >>> as_told(ToolCall("1", "bet it all", "lots"))
    ToolCall(id='1', name='bet_it_all', arguments='{}')
    """
    name = re.sub(r"[^a-zA-Z0-9_-]", "_", call.name)[:LONGEST_NAME] or "_"
    try:
        arguments_of(call)
    except MatchdayError:
        return ToolCall(call.id, name, "{}")
    return ToolCall(call.id, name, call.arguments.strip() or "{}")
