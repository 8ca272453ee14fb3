"""A client of OpenAI-compatible endpoints: one question, one reply, in chat completions with tools and schemas.

The ``openai`` package does the talking (``pip install 'matchday[llm]'``); it is imported when the first question is
asked. Keys are taken from the environment at that moment, and are kept nowhere.
"""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from matchday.errors import one_line
from matchday_plugins.language.completion import Completion
from matchday_plugins.language.replies import EndpointFailed, Message, Reply, ToolCall
from matchday_plugins.language.sending import Deadline, Late, send, wait_before_another

#: Where ``base_url`` leads that is not set.
OPENAI = "https://api.openai.com/v1"

#: Characters below which a key is no secret, but a word that stands for one.
SHORTEST_KEY = 8

#: What stands for a key where an endpoint on this machine needs none.
NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked, and how.

    ``base_url`` None is where OPENAI_BASE_URL leads, or OpenAI's own. ``key_variable`` names the environment variable
    with the key, which an endpoint on this machine need not have. ``temperature`` and ``max_tokens`` None are the
    endpoint's own; ``options`` are further fields of the request. ``answers_as`` is how JSON is asked for: by its
    schema, as JSON of any shape, or by words alone. A request may take ``seconds``, and is tried again ``retries``
    times where that may help, after ever longer waits, or as long as the endpoint asks for, up to two minutes. Prices
    are per million tokens.
    """

    model: str
    base_url: str | None = None
    key_variable: str = "OPENAI_API_KEY"
    temperature: float | None = None
    max_tokens: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    answers_as: Literal["schema", "json", "text"] = "schema"
    seconds: float = 60.0
    retries: int = 2
    price_in: float = 0.0
    price_out: float = 0.0

    def request(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write a request, without the key: what decides the answer, and nothing else."""
        body: dict[str, Any] = {"model": self.model, "messages": [dict(each) for each in messages]}
        if tools:
            body["tools"] = [dict(each) for each in tools]
        if schema is not None and self.answers_as == "schema":
            named = {"name": "answer", "schema": dict(schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif schema is not None and self.answers_as == "json":
            body["response_format"] = {"type": "json_object"}
        if self.temperature is not None:
            body["temperature"] = self.temperature
        if self.max_tokens is not None:  # endpoints of other makers know the older name alone
            body["max_completion_tokens" if self.address == OPENAI else "max_tokens"] = self.max_tokens
        return body | dict(self.options)

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        schema: Mapping[str, Any] | None = None,
        retries: int | None = None,
    ) -> Reply:
        """Ask, and wait for the reply; raises ``EndpointFailed`` where there is none, whatever the reason.

        ``tools`` are as the protocol has them; ``schema`` is the JSON schema of the answer wanted; ``retries``, where
        given and fewer, takes the place of the endpoint's own. The key stands in no reply and in no reason.
        """
        openai, key = _package(), self._key()
        request = self.request(messages, tools=tools, schema=schema)
        most = 1 + (self.retries if retries is None else min(retries, self.retries))
        tried, sent = 0, 0
        while True:
            tried, deadline = tried + 1, Deadline(self.seconds)
            try:
                body = send(openai, request, deadline, address=self.address, key=key, local=is_local(self.address))
                reply = _completion(body).reply(
                    calls=sent + deadline.sent, price_in=self.price_in, price_out=self.price_out
                )
                return _without(reply, key)
            except Exception as error:  # whatever goes wrong out there, the season goes on
                sent += deadline.sent
                wait = wait_before_another(openai, error, tried) if tried < most and deadline.sent else None
                if wait is None:
                    raise EndpointFailed(_plain(self._said(openai, error), key), sent) from None
            time.sleep(wait)

    @property
    def address(self) -> str:
        """Where it is: ``base_url``, or where OPENAI_BASE_URL leads, or OpenAI's own."""
        return self.base_url or os.environ.get("OPENAI_BASE_URL", "").strip() or OPENAI

    def _key(self) -> str:
        key = os.environ.get(self.key_variable, "").strip()
        if not key and not is_local(self.address):
            wanted = "put the endpoint's key into it"
            raise EndpointFailed(f"environment variable {self.key_variable} is not set; {wanted}")
        return key or NO_KEY

    def _said(self, openai: Any, error: Exception) -> str:
        """Say what went wrong."""
        if isinstance(error, EndpointFailed):
            return error.reason
        if isinstance(error, Late | openai.APITimeoutError) or "Timeout" in type(error).__name__:
            return f"no answer within {self.seconds:g} s"
        if isinstance(error, openai.APIStatusError):
            return f"status {error.status_code}: {_message(error.body) or error.message}"
        if isinstance(error, openai.APIConnectionError):
            return f"no connection: {one_line(error.__cause__ or error)}"
        return one_line(error)


def is_local(url: str) -> bool:
    """Whether an address is on this machine.

    >>> is_local("http://127.0.0.1:8080/v1"), is_local("http://localhost/v1"), is_local("https://example.org/v1")
    (True, True, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _package() -> Any:
    try:
        import openai
    except Exception as error:  # a package that is broken raises anything
        raise EndpointFailed(f"package openai is missing ({one_line(error)}); pip install 'matchday[llm]'") from None
    return openai


def _message(body: object) -> str:
    """Find the words in the body of an error."""
    inside = body.get("error", body) if isinstance(body, dict) else body
    found = inside.get("message", "") if isinstance(inside, dict) else inside
    return found if isinstance(found, str) else ""


def _completion(body: bytes) -> Completion:
    text = body.decode("utf-8", "replace")
    try:
        return Completion.model_validate_json(text)
    except ValidationError:
        raise EndpointFailed(f"what came is no chat completion: {text[:80]!r}") from None


def _without(reply: Reply, key: str) -> Reply:
    """Take the key out of a reply, if it came back."""
    called = [
        ToolCall(*(_plain(part, key) for part in (each.id, each.name, each.arguments))) for each in reply.tool_calls
    ]
    return replace(reply, text=_plain(reply.text, key), tool_calls=tuple(called))


def _plain(text: str, key: str) -> str:
    """Take out the key, if it came back; what is shorter than a key is, as "x" for who needs none, is none."""
    return text if len(key) < SHORTEST_KEY else text.replace(key, "…")
