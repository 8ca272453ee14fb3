"""The body of a chat completion, read with patience: endpoints of other makers leave things out, and add others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, Field, field_validator

from matchday_plugins.language.replies import Reply, ToolCall

#: Tokens of a completion beyond which no count is believed.
MOST_TOKENS = 10**9


class _Function(BaseModel):
    name: str = ""
    arguments: str | dict[str, Any] | None = None

    @property
    def written(self) -> str:
        """The arguments as text."""
        return json.dumps(self.arguments) if isinstance(self.arguments, dict) else self.arguments or ""


class _Called(BaseModel):
    id: str | int | None = None
    function: _Function = Field(default_factory=_Function)


class _Said(BaseModel):
    content: Any = None
    refusal: str | None = None
    tool_calls: list[_Called] | None = None

    @property
    def words(self) -> str:
        """The text, of which some make a list of parts, or what is said in place of one."""
        parts = self.content if isinstance(self.content, list) else [self.content or self.refusal]
        texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
        return "".join(each for each in texts if isinstance(each, str)).replace("\x00", "")


class _Choice(BaseModel):
    message: _Said
    finish_reason: Any = None


class Completion(BaseModel):
    """What is read of a completion; the first choice is the answer."""

    choices: list[_Choice] = Field(min_length=1)
    usage: Any = None

    @field_validator("choices", mode="before")
    @classmethod
    def _first(cls, choices: Any) -> Any:
        return choices[:1] if isinstance(choices, list) else choices

    def reply(self, *, calls: int, price_in: float, price_out: float) -> Reply:
        """Make the reply that took so many requests, at prices per million tokens."""
        choice, used = self.choices[0], self.usage if isinstance(self.usage, dict) else {}
        read, wrote = _count(used.get("prompt_tokens")), _count(used.get("completion_tokens"))
        return Reply(
            text=choice.message.words,
            tool_calls=tuple(_named(choice.message.tool_calls or ())),
            finish_reason=choice.finish_reason if isinstance(choice.finish_reason, str) else "",
            calls=calls,
            tokens_in=read,
            tokens_out=wrote,
            cost=(read * price_in + wrote * price_out) / 1e6,
        )


def _named(called: Sequence[_Called]) -> Iterator[ToolCall]:
    """Give each call an id of its own: its answer is sent back under that."""
    taken: set[str] = set()
    for number, each in enumerate(called, 1):
        ident = "" if each.id is None else str(each.id)
        while not ident or ident in taken:
            ident = f"{ident or 'call'}_{number}"
        taken.add(ident)
        yield ToolCall(ident, each.function.name, each.function.written)


def _count(tokens: object) -> int:
    """Read a number of tokens; what is none, or could be none, counts nothing.

    >>> [_count(each) for each in (100, "100", 99.6, None, -1, 10**30, "many", float("nan"))]
    [100, 100, 100, 0, 0, 0, 0, 0]
    """
    try:
        count = round(float(tokens))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0
    return count if 0 <= count <= MOST_TOKENS else 0
