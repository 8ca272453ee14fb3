"""What a component did beside answering: what it made of what it saw, and whom it asked outside.

Every component knows this, so nothing heavy is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """What a component did about what it saw, and why."""

    component: str
    action: str
    cause: str


@dataclass(frozen=True, slots=True)
class Consultation(Action):
    """The action of asking somebody outside, such as a language model: what was asked, and what was answered.

    ``calls`` counts requests, those that failed too; ``tokens_in`` and ``tokens_out`` are what the other side says it
    read and wrote, ``cost`` what that comes to, in currency units of its price list. An answer that is kept from an
    earlier play has the figures of the time it was given. ``failure`` says why there is no answer; "": there is one.
    """

    asked: str
    answered: str = ""
    calls: int = 1
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    failure: str = ""
