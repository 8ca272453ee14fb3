"""A model's own notes: what it wrote down last, shown to it on every matchday."""

from __future__ import annotations

from pydantic import Field

from matchday import MatchdayError
from matchday.environment import Tool
from matchday.environment.arguments import Arguments


class WriteNotes(Arguments):
    """What to keep."""

    text: str = Field(description="your notes, whole: they take the place of those that are there; empty: none")


WRITE_NOTES = Tool(
    "write_notes",
    "Write your notes anew; you are shown them on every matchday from the next one on.",
    WriteNotes,
)


class Notes:
    """The notes of one season, of at most ``most`` characters; 0: there are none, and no tool to write them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.text = ""

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools that are offered for them."""
        return (WRITE_NOTES,) if self.most else ()

    def write(self, asked: WriteNotes) -> str:
        """Write them anew; raises ``MatchdayError``, with the old ones kept, where they are too long."""
        text = asked.text.strip()
        if len(text) > self.most:
            raise MatchdayError(f"write_notes: {len(text):,} characters; rule: at most {self.most:,}; shorten them.")
        self.text = text
        return f"Noted: {len(text):,} of at most {self.most:,} characters."
