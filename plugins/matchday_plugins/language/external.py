"""Somebody outside decides: a program that is started for it, whoever is at the other end of a pipe, or a person."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, PrivateAttr

from matchday import BetSlip, Decision, Forecast, Matchday, hookimpl
from matchday.actions import Consultation
from matchday.errors import MatchdayError
from matchday.events import SeasonClosed, SeasonOpened
from matchday.ledger import Settlement
from matchday.money import to_pence, to_units
from matchday.nesting import AgentOfAgents, Composition
from matchday.placing import offer_of, place, without_bet
from matchday.replay import on_record
from matchday_plugins.language.answers import Answers, answers_folder
from matchday_plugins.language.channels import Channel, Program, Streams
from matchday_plugins.language.exchange import Asked, asked, read_slip, readable
from matchday_plugins.language.replies import NoAnswer, Reply


class External(AgentOfAgents):
    """Let a program or a person decide, line by line: a matchday in JSON goes out, the bets come back.

    With a ``command`` a program is started when it is first needed, and ended with the season. Without one the lines go
    over this process's own standard output and input: a person at a terminal reads a table and answers in short form.
    An answer that cannot be read, or breaks a rule, is answered with the reason and asked for again, ``tries`` times in
    all; then the matchday is sat out. What ``agents`` forecast is told too; they bet nothing.

    Answers are kept. The same question in the same place of the same run has the same answer, and nobody is asked; a
    program that is started in the middle of a season is told the earlier questions first, and its answers to them are
    not used. Every line and its answer is on record. The forecast of the whole is that of the first agent.
    """

    effects: ClassVar[frozenset[str]] = frozenset({"stdin"})

    agents: tuple[Composition, ...] = Field(
        (), description="agents whose forecasts are told: bundled names, TOML files, or tables as in one"
    )
    command: tuple[str, ...] = Field((), description="the program and its arguments; none: standard input and output")
    seconds: float = Field(
        60.0, gt=0, le=86_400, description="seconds to answer in; a person at a terminal has any time"
    )
    tries: int = Field(3, ge=1, le=20, description="how often an answer is asked for before the matchday is sat out")
    on_failure: Literal["stop", "sit-out"] = Field(
        "stop", description="where nobody answers, the run stops, to be resumed, or the matchday is sat out"
    )
    cache: Path | None = Field(None, description="folder where answers are kept; none: answers in the user's cache")
    keep: bool = Field(True, description="whether answers are kept; false: every play asks anew")

    _season: SeasonOpened | None = PrivateAttr(default=None)
    _answers: Answers | None = PrivateAttr(default=None)
    _channel: Channel | None = PrivateAttr(default=None)
    _exchanged: list[str] = PrivateAttr(default_factory=list)
    _so_far: str = PrivateAttr(default="")
    _told: int = PrivateAttr(default=0)
    _settled: Settlement | None = PrivateAttr(default=None)

    def _begin(self, season: SeasonOpened) -> None:
        self._season, self._channel, self._exchanged, self._settled = season, None, [], None
        self._answers = Answers(answers_folder(self.cache), seed=season.seed)
        self._so_far = _digest(_identity(self.command))
        seasons = season.history.matches["season"].tolist()
        self._told = seasons.index(seasons[-1]) if seasons else 0

    @hookimpl
    def decide(self, day: Matchday, bankroll: float) -> Decision:
        """Answer the slip that was decided outside."""
        assert self._season is not None
        decisions = {name: self._ask(name, day, None) for name in self.members}
        forecasts = {name: each.blended for name, each in decisions.items() if each.blended is not None}
        question = asked(
            day,
            bankroll,
            season=self._season,
            offer=offer_of(day.slate),
            forecasts=forecasts,
            results=day.history.matches.iloc[self._told :],
            settled=self._settled,
        )
        self._told, self._settled = len(day.history), None
        return self._answer(day, decisions, Decision(self._slip(question)))

    @hookimpl
    def matchday_settled(self, day: Matchday, results: Any, settlement: Settlement) -> None:
        """Remember what became of the bets, and tell every agent."""
        self._settled = settlement
        super().matchday_settled(day, results, settlement)

    @hookimpl
    def season_closed(self, closed: SeasonClosed) -> None:
        """Say so to whoever was asked, and tell every agent."""
        if self._channel is not None:
            bankroll = to_units(closed.bankroll_end)
            told = {"event": "season_closed", "reason": closed.reason, "bankroll": bankroll}
            over = f"\nThe season is {closed.reason}. Bankroll {bankroll:.2f}."
            self._channel.close(over if self._channel.is_person else json.dumps(told))
            self._channel = None
        super().season_closed(closed)

    def _slip(self, question: Asked) -> BetSlip:
        """Ask until there is a slip that the rules allow, or until it has been tried often enough."""
        line, problem = question.line, ""
        for left in range(self.tries - 1, -1, -1):
            reply = self._reply(question, line, problem)
            if reply.failure:
                self.act("sits out", cause=reply.failure)
                return BetSlip.empty().noted(f"{self.name}: {reply.failure}")
            try:
                return self._allowed(reply.text, question)
            except MatchdayError as error:
                problem = str(error)
                line = json.dumps({"event": "error", "error": problem, "tries_left": left}, ensure_ascii=False)
        self.act("sits out", cause=problem)
        return BetSlip.empty().noted(f"{self.name}: {problem}")

    def _allowed(self, line: str, question: Asked) -> BetSlip:
        """Read a slip, and hold it against the rules; raises ``MatchdayError`` with what is wrong."""
        assert self._season is not None
        offer, rules = offer_of(question.day.slate), self._season.rules
        slip = read_slip(line, question, offer=offer)
        if not place(slip, offer=offer, rules=rules, bankroll=to_pence(question.bankroll)).bets:
            without_bet(offer, rules=rules, matchday=question.day.number)
        return slip

    def _reply(self, question: Asked, line: str, problem: str) -> Reply:
        """Answer what is kept, or ask; on record either way. Raises ``MatchdayError`` where a failure stops the run."""
        assert self._answers is not None
        key = self._answers.key({"so_far": self._so_far, "asked": line})
        recorded = on_record(question.day.number, line)
        failed = recorded is not None and recorded.failure
        reply = self._answers.again(key, recorded) if self.keep or failed else None
        if reply is None:
            reply = self._asked(question, line, problem)
            if self.keep and not reply.failure:
                reply = self._answers.keep(key, reply)
        who = self.command[0] if self.command else "standard input"
        cause = problem or f"a slate of {len(question.day.slate)}"
        self.consulted(Consultation(self.name, f"asked {who}", cause, line, reply.text, 0, failure=reply.failure))
        self._so_far = _digest([self._so_far, line, reply.text])
        if not reply.failure:
            self._exchanged.append(line)
        return reply

    def _asked(self, question: Asked, line: str, problem: str) -> Reply:
        """Ask somebody who is there; who fails is not asked again before they have been told everything anew."""
        try:
            channel = self._channel = self._channel or self._opened()
            shown = (problem or readable(question.told)) if channel.is_person else line
            return Reply(channel.ask(shown, self.seconds, again=bool(problem)), calls=0)
        except NoAnswer as none:
            self._channel = None
            if self.on_failure == "stop":
                raise MatchdayError(f"matchday {question.day.number}: {none.reason}; resume the run to go on") from None
            return Reply(calls=0, failure=none.reason)

    def _opened(self) -> Channel:
        """Start the program, and tell it what was asked before."""
        if not self.command:
            return Streams()
        program = Program(self.command)
        for line in self._exchanged:
            program.ask(line, self.seconds)
        return program

    def _parts(self, settlement: Settlement) -> Mapping[str, Settlement]:  # noqa: ARG002
        return {}

    def _whole(self, day: Matchday, forecasts: Mapping[str, Forecast]) -> Forecast | None:  # noqa: ARG002
        return next(iter(forecasts.values()), None)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]


def _identity(command: tuple[str, ...]) -> list[str]:
    """Say which program a command is: its words, and what is in the files among them; not what those read."""
    found = [shutil.which(word) if place == 0 else word for place, word in enumerate(command)]
    files = [Path(each) for each in found if each and os.path.isfile(each) and os.access(each, os.R_OK)]
    return [*command, *(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)]
