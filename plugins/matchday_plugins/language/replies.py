"""What comes back from outside: a reply, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matchday.errors import MatchdayError
from matchday.wording import printable

#: A message of a conversation, as the protocol has it: ``{"role": "user", "content": "..."}``.
Message = Mapping[str, Any]

#: Characters of a reason that are kept.
LONGEST_REASON = 300


def in_one_line(text: str) -> str:
    r"""Write what was said outside in one line, without what no screen and no file can take.

    >>> in_one_line("late,\n\x1b[31mtwice \ud800")
    'late, [31mtwice'
    """
    return " ".join(printable(text).split())


def short_line(text: str) -> str:
    """Write it in one line of bounded length."""
    line = in_one_line(text)
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"


class NoAnswer(MatchdayError):
    """Nobody answered, or nobody was asked; ``reason`` says why, in one line."""

    def __init__(self, reason: str) -> None:
        self.reason = short_line(reason)
        super().__init__(self.reason)


class EndpointFailed(NoAnswer):
    """An endpoint gave no answer; ``calls`` counts the requests that it took to know: 0 where none was made."""

    def __init__(self, reason: str, calls: int = 0) -> None:
        super().__init__(reason)
        self.calls = calls


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that a model wants called; ``arguments`` is JSON as the model wrote it, which need not be sound."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered; ``failure`` says why there is no answer, "": there is one.

    ``calls`` counts requests, those that failed too; ``cost`` is in currency units of the price list.
    """

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str = ""
    calls: int = 1
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    failure: str = ""

    @property
    def message(self) -> dict[str, Any]:
        """The reply as a message, for a conversation that goes on."""
        said: dict[str, Any] = {"role": "assistant", "content": self.text}
        if self.tool_calls:
            said["tool_calls"] = [
                {"id": each.id, "type": "function", "function": {"name": each.name, "arguments": each.arguments}}
                for each in self.tool_calls
            ]
        return said
