"""A budget: how many requests, tokens and how much money a matchday and a season may take.

Nothing is asked once any of it is spent. A question that is being answered is not cut off, so that tokens and cost may
be overrun by one answer; requests are not.
"""

from __future__ import annotations

from dataclasses import dataclass

from matchday_plugins.language.replies import NoAnswer, Reply


class OverBudget(NoAnswer):
    """Nobody was asked, for the budget is spent."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent: ``calls`` requests, ``tokens`` read and written, ``cost`` in currency units; None: any."""

    calls: int | None = None
    tokens: int | None = None
    cost: float | None = None


@dataclass(slots=True)
class Spent:
    """What has been spent."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0

    def add(self, reply: Reply) -> None:
        """Add what an answer took."""
        self.calls += reply.calls
        self.tokens += reply.tokens_in + reply.tokens_out
        self.cost += reply.cost

    def reached(self, limits: Limits) -> str:
        """Say which limit is reached, "": none."""
        if limits.calls is not None and self.calls >= limits.calls:
            return f"{self.calls} of {limits.calls} calls"
        if limits.tokens is not None and self.tokens >= limits.tokens:
            return f"{self.tokens} of {limits.tokens} tokens"
        if limits.cost is not None and self.cost >= limits.cost:
            return f"{self.cost:.4f} of {limits.cost:g} of cost"
        return ""


class Budget:
    """The budget of one season.

    ``patience``: after so many failures in a row nothing is asked any more, so that a season does not wait for an
    endpoint that is gone.
    """

    def __init__(self, *, matchday: Limits, season: Limits, patience: int | None = None) -> None:
        self._limits = {"matchday": matchday, "season": season}
        self._spent = {"matchday": Spent(), "season": Spent()}
        self._patience, self._failures = patience, 0
        self._number = 0

    def check(self, matchday: int) -> int | None:
        """Answer how many requests a question may take on a matchday, None: any; raises ``OverBudget`` for none."""
        if matchday != self._number:
            self._number, self._spent["matchday"] = matchday, Spent()
        if self._patience is not None and self._failures >= self._patience:
            raise OverBudget(f"not asked: {self._failures} failures in a row")
        for span, limits in self._limits.items():
            if reached := self._spent[span].reached(limits):
                raise OverBudget(f"not asked: {reached} a {span} are spent")
        left = [each.calls - self._spent[span].calls for span, each in self._limits.items() if each.calls is not None]
        return min(left, default=None)

    def spend(self, reply: Reply) -> None:
        """Take an answer, or a failure, into account."""
        for spent in self._spent.values():
            spent.add(reply)
        self._failures = self._failures + 1 if reply.failure else 0
