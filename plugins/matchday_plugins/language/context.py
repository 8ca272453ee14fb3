"""What a model's context holds: today's conversation, and what it is shown of the matchdays before.

Tokens are estimated, a token being four characters of a message as JSON: near enough for English and figures, and the
same for every model, which a tokenizer is not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from matchday_plugins.language.replies import Message

#: Characters that count as a token.
CHARACTERS = 4

#: What stands in place of a tool's answer that was taken out to make room.
GONE = "[taken out to make room; call the tool again to see it]"


def tokens_of(parts: Sequence[Any]) -> int:
    """Estimate the tokens of messages, or of anything else that is sent as JSON.

    >>> tokens_of([{"role": "user", "content": "Who wins?"}])
    10
    """
    return sum(len(json.dumps(part, ensure_ascii=False)) for part in parts) // CHARACTERS


def cut(text: str, tokens: int, *, remedy: str) -> str:
    """Cut a text that is longer, behind a whole line if there is one, and say so, and what to do about it."""
    most = tokens * CHARACTERS
    if len(text) <= most:
        return text
    shown = text[: text.rfind("\n", 0, most)] if "\n" in text[:most] else text[:most]
    return f"{shown}\n[cut after {len(shown):,} of {len(text):,} characters; {remedy}]"


class Conversation:
    """The messages of one matchday, of which requests hold at most ``most`` tokens, but for the first.

    ``told`` is how many of the first ``messages`` are on record already.
    """

    def __init__(self, messages: Sequence[Message], *, most: int, told: int = 0) -> None:
        self._messages, self._most, self._told = list(messages), most, told
        self._opening = len(self._messages)

    def add(self, message: Message) -> None:
        """Add what was said, or answered."""
        self._messages.append(message)

    @property
    def words(self) -> str:
        """What the model has said today, beside calling tools."""
        said = [str(each["content"]).strip() for each in self._messages if each["role"] == "assistant"]
        return "\n".join(filter(None, said))

    def news(self) -> str:
        """Write what it was told since this was asked for last, as JSON; what it said is on record as its answers."""
        new, self._told = self._messages[self._told :], len(self._messages)
        return json.dumps([each for each in new if each["role"] != "assistant"], ensure_ascii=False)

    def request(self) -> list[Message] | None:
        """Answer the messages that are sent; the oldest answers of tools make room for newer ones. None: no room."""
        sent = list(self._messages)
        latest = max((place for place, each in enumerate(sent) if each["role"] == "assistant"), default=0)
        older = (place for place in range(latest) if sent[place]["role"] == "tool")
        while tokens_of(sent) > self._most and len(sent) > self._opening:
            place = next(older, None)
            if place is None:
                return None
            sent[place] = {**sent[place], "content": GONE}
        return sent
