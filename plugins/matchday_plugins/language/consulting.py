"""What components that ask a language model share: where, at what price, within what budget, and what is on record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, field_validator

from matchday import Component, Matchday, hookimpl
from matchday.actions import Consultation
from matchday.events import SeasonOpened
from matchday.replay import on_record
from matchday_plugins.language.answers import Answers, answers_folder
from matchday_plugins.language.budget import Budget, Limits
from matchday_plugins.language.endpoint import Endpoint
from matchday_plugins.language.replies import EndpointFailed, Message, NoAnswer, Reply


class Consulting(Component):
    """The base of components that ask a model behind an endpoint, by ``_ask``.

    An answer is kept, with what it took, and a play that asks the same in the same place has it from there: it makes no
    call and decides the same. A run that is resumed has its failures again too, from its own record; a new play asks
    again what failed. Every question is on record with its answer, its tokens and its cost, or with the reason why
    there is none.
    """

    effects: ClassVar[frozenset[str]] = frozenset({"network"})

    model: str = Field(min_length=1, description="the model's name, as the endpoint has it")
    base_url: str | None = Field(
        None, description="address of the endpoint, as https://host/v1; none: OPENAI_BASE_URL's, or OpenAI's own"
    )
    key_variable: str = Field(
        "OPENAI_API_KEY", min_length=1, description="environment variable with the key; on this machine it may be unset"
    )
    temperature: float | None = Field(None, ge=0, le=2, description="sampling temperature; none: the endpoint's own")
    max_tokens: int | None = Field(None, ge=1, description="most tokens of an answer; none: the endpoint's own limit")
    options: dict[str, Any] = Field(default_factory=dict, description="further fields of each request")
    answers_as: Literal["schema", "json", "text"] = Field(
        "schema", description="how JSON is asked for: by its schema, as JSON of any shape, or by words alone"
    )
    seconds: float = Field(60.0, gt=0, le=3600, description="seconds that a request may take")
    retries: int = Field(2, ge=0, le=10, description="how often a request that failed is tried again")
    price_in: float = Field(0.0, ge=0, allow_inf_nan=False, description="price of a million tokens read")
    price_out: float = Field(0.0, ge=0, allow_inf_nan=False, description="price of a million tokens written")
    cache: Path | None = Field(None, description="folder where answers are kept; none: answers in the user's cache")
    matchday_calls: int | None = Field(None, ge=0, description="most requests a matchday")
    matchday_tokens: int | None = Field(None, ge=0, description="tokens a matchday after which nothing is asked")
    matchday_cost: float | None = Field(None, ge=0, description="cost a matchday after which nothing is asked")
    season_calls: int | None = Field(None, ge=0, description="most requests a season")
    season_tokens: int | None = Field(None, ge=0, description="tokens a season after which nothing is asked")
    season_cost: float | None = Field(None, ge=0, description="cost a season after which nothing is asked")
    patience: int | None = Field(
        3, ge=1, description="failures in a row after which nothing is asked that season; none: any number"
    )

    _answers: Answers | None = PrivateAttr(default=None)
    _budget: Budget | None = PrivateAttr(default=None)

    @field_validator("base_url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("rule: an address as https://host/v1")
        if parts.username or parts.password or parts.query:
            raise ValueError("rule: an address without a key; put that into the environment variable key_variable")
        return url

    @property
    def endpoint(self) -> Endpoint:
        """Where it asks."""
        names = Endpoint.__dataclass_fields__
        return Endpoint(**{name: getattr(self, name) for name in names})

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Begin a budget, and a count of what was asked."""
        self._answers = Answers(answers_folder(self.cache), seed=season.seed)
        self._budget = Budget(
            matchday=Limits(self.matchday_calls, self.matchday_tokens, self.matchday_cost),
            season=Limits(self.season_calls, self.season_tokens, self.season_cost),
            patience=self.patience,
        )

    def _ask(
        self,
        day: Matchday,
        messages: Sequence[Message],
        *,
        cause: str,
        tools: Sequence[Mapping[str, Any]] | None = None,
        schema: Mapping[str, Any] | None = None,
        asked: str | None = None,
    ) -> Reply:
        """Ask, within the budget, and put it on record; raises ``NoAnswer`` where there is no answer.

        ``asked`` is what goes on record as the question; by default the last message's words.
        """
        assert self._budget is not None, "season_opened comes first"
        words = str(messages[-1].get("content", "")) if asked is None else asked
        recorded = on_record(day.number, words)
        try:
            left = self._budget.check(day.number)
            reply = self._answered(messages, tools=tools, schema=schema, left=left, recorded=recorded)
        except NoAnswer as none:
            reply = Reply(calls=0, failure=none.reason)
        else:
            self._budget.spend(reply)
        self.consulted(_consultation(self.name, self.model, cause, words, reply))
        if reply.failure:
            raise NoAnswer(reply.failure)
        return reply

    def _answered(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Mapping[str, Any]] | None,
        schema: Mapping[str, Any] | None,
        left: int | None,
        recorded: Consultation | None,
    ) -> Reply:
        """Answer what is kept or on record, or ask, and keep what is answered."""
        assert self._answers is not None
        endpoint = self.endpoint
        question = {"endpoint": endpoint.address, **endpoint.request(messages, tools=tools, schema=schema)}
        key = self._answers.key(question)
        if (known := self._answers.again(key, recorded)) is not None:
            return known
        try:
            retries = None if left is None else left - 1
            reply = endpoint.ask(messages, tools=tools, schema=schema, retries=retries)
        except EndpointFailed as failed:
            return Reply(calls=failed.calls, failure=failed.reason)
        return self._answers.keep(key, reply)


def _consultation(component: str, model: str, cause: str, asked: str, reply: Reply) -> Consultation:
    """Write a question and what became of it for the record."""
    called = [{"tool": each.name, "arguments": each.arguments} for each in reply.tool_calls]
    answered = "\n".join([reply.text, *map(json.dumps, called)]).strip()
    return Consultation(
        component,
        f"asked {model}",
        cause,
        asked,
        answered,
        reply.calls,
        reply.tokens_in,
        reply.tokens_out,
        reply.cost,
        reply.failure,
    )
