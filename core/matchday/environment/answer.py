"""What a tool answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: The longest text of a refusal; what an agent sends may be long, and is quoted in it.
LONGEST_REFUSAL = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one call of a tool.

    ``ok`` is False where the call was refused and has changed nothing; ``text`` says why. ``reward`` is the log growth
    of the matchday that the call ended, finite even at ruin; None where it ended none. ``finished``: the season is over
    for this agent. ``figures`` are numbers for programs: ``matchday``, ``bankroll`` (currency units),
    ``cumulative_reward``.
    """

    text: str
    ok: bool = True
    reward: float | None = None
    finished: bool = False
    figures: dict[str, Any] = field(default_factory=dict)


def refused(reason: str) -> Answer:
    """Answer a mistake: what was wrong, and that nothing has changed.

    >>> refused("Stake -1: must be positive.").text
    'Refused: Stake -1: must be positive. Nothing has changed.'
    """
    short = reason if len(reason) <= LONGEST_REFUSAL else f"{reason[:LONGEST_REFUSAL]} [...]"
    end = "" if short.endswith((".", "?", "!", ".)")) else "."
    return Answer(f"Refused: {short}{end} Nothing has changed.", ok=False)
