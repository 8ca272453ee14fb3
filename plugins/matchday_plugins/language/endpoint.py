"""A client of OpenAI-compatible endpoints: one question, one reply, in chat completions with tools and schemas.

The ``openai`` package does the talking (``pip install 'matchday[llm]'``); it is imported when the first question is
asked. Keys are taken from the environment at that moment, and are kept nowhere.
"""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from matchday.errors import one_line
from matchday_plugins.language.completion import Completion
from matchday_plugins.language.replies import EndpointFailed, Message, Reply

#: Bytes of an answer that are read.
LARGEST = 10_000_000

#: What stands for a key where an endpoint on this machine needs none.
NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked, and how.

    ``base_url`` None is the package's own. ``key_variable`` names the environment variable with the key, which an
    endpoint on this machine need not have. ``temperature`` and ``max_tokens`` None are the endpoint's own; ``options``
    are further fields of the request. ``answers_as`` is how JSON is asked for: by its schema, as JSON of any shape, or
    by words alone. A request may take ``seconds``, and is tried again ``retries`` times where that may help, after
    ever longer waits, or as long as the endpoint asks for, up to two minutes. Prices are per million tokens.
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
            body["max_completion_tokens" if self.base_url is None else "max_tokens"] = self.max_tokens
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
        sent: list[object] = []
        openai, key, body = _package(), self._key(), b""
        request = self.request(messages, tools=tools, schema=schema)
        try:
            body = self._body(openai, request, key=key, sent=sent, retries=retries)
            read = Completion.model_validate_json(_plain(body.decode("utf-8", "replace"), key))
            return read.reply(calls=len(sent), price_in=self.price_in, price_out=self.price_out)
        except EndpointFailed:
            raise
        except ValidationError:
            start = _plain(body[:80].decode("utf-8", "replace"), key)
            raise EndpointFailed(f"what came is no chat completion: {start!r}", len(sent)) from None
        except Exception as error:  # whatever goes wrong out there, the season goes on
            raise EndpointFailed(_plain(self._said(openai, error), key), len(sent)) from None

    def _key(self) -> str:
        key = os.environ.get(self.key_variable, "").strip()
        if not key and not self._is_local:
            wanted = "put the endpoint's key into it"
            raise EndpointFailed(f"environment variable {self.key_variable} is not set; {wanted}")
        return key or NO_KEY

    @property
    def _is_local(self) -> bool:
        return self.base_url is not None and is_local(self.base_url)

    def _body(
        self, openai: Any, request: dict[str, Any], *, key: str, sent: list[object], retries: int | None
    ) -> bytes:
        """Send a request, each attempt noted in ``sent``, and answer what came, if all of it came in time."""
        asked = {name: request.pop(name) for name in ("model", "messages")}
        secure = self.base_url is None or not self.base_url.startswith("http://")
        with openai.OpenAI(
            api_key=key,
            base_url=self.base_url,
            timeout=self.seconds,
            max_retries=self.retries if retries is None else min(retries, self.retries),
            http_client=openai.DefaultHttpxClient(
                event_hooks={"request": [sent.append]},
                trust_env=not self._is_local,
                verify=secure,  # certificates take long to load, and plain HTTP has none; so it leads nowhere else
                follow_redirects=secure,
            ),
        ) as client:
            chat = client.chat.completions.with_streaming_response
            with chat.create(**asked, extra_body=request) as answer:
                late, body = time.monotonic() + self.seconds, bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if time.monotonic() > late:
                        raise TimeoutError
                    if len(body) > LARGEST:
                        raise EndpointFailed(f"the answer is longer than {LARGEST:,} bytes", len(sent))
        return bytes(body)

    def _said(self, openai: Any, error: Exception) -> str:
        """Say what went wrong."""
        if isinstance(error, openai.APITimeoutError) or "Timeout" in type(error).__name__:
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


def _plain(text: str, key: str) -> str:
    """Take out the key, if it came back."""
    return text if key == NO_KEY else text.replace(key, "…")
