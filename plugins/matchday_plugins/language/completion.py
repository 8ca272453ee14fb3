"""The body of a chat completion, read with patience: endpoints of other makers leave things out, and add others."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, Field, NonNegativeInt

from matchday_plugins.language.replies import Reply, ToolCall


class _Function(BaseModel):
    name: str
    arguments: str | dict[str, Any] = ""

    @property
    def written(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


class _Called(BaseModel):
    id: str = ""
    function: _Function


class _Said(BaseModel):
    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None
    tool_calls: list[_Called] | None = None

    @property
    def words(self) -> str:
        """The text, of which some make a list of parts, or what is said in place of one."""
        parts = self.content if isinstance(self.content, list) else [{"text": self.content or self.refusal or ""}]
        return "".join(str(part.get("text", "")) for part in parts).replace("\x00", "")


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: NonNegativeInt = 0
    completion_tokens: NonNegativeInt = 0


class Completion(BaseModel):
    """What is read of a completion; the first choice is the answer."""

    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None

    def reply(self, *, calls: int, price_in: float, price_out: float) -> Reply:
        """Make the reply that took so many requests, at prices per million tokens."""
        choice, used = self.choices[0], self.usage or _Usage()
        called = choice.message.tool_calls or ()
        return Reply(
            text=choice.message.words,
            tool_calls=tuple(ToolCall(each.id, each.function.name, each.function.written) for each in called),
            finish_reason=choice.finish_reason or "",
            calls=calls,
            tokens_in=used.prompt_tokens,
            tokens_out=used.completion_tokens,
            cost=(used.prompt_tokens * price_in + used.completion_tokens * price_out) / 1e6,
        )
