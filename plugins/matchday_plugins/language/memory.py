"""What a model is shown of the matchdays before: the last ones whole, a line each of older ones, as far as they fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from matchday.environment import views
from matchday.ledger import Settlement
from matchday.money import to_units
from matchday_plugins.language.context import CHARACTERS

#: The part of the room that matchdays shown whole may take; the rest is for lines.
WHOLE = 0.75

#: Characters of what the model said on a matchday that are kept.
LONGEST_WORDS = 1500


@dataclass(frozen=True, slots=True)
class Past:
    """A matchday that is over, whole and in a line."""

    whole: str
    line: str

    @classmethod
    def of(cls, results: pd.DataFrame, settlement: Settlement, *, words: str) -> Past:
        """Tell a matchday: ``words`` is what the model said, the rest is how it ended."""
        said = f"You said: {words[:LONGEST_WORDS]}\n" if words else ""
        return cls(said + views.settled(settlement, results), _line(settlement))


class Memory:
    """The matchdays of one season; ``recent`` is how many are shown whole."""

    def __init__(self, recent: int) -> None:
        self._recent = recent
        self._past: list[Past] = []

    def add(self, past: Past) -> None:
        """Keep a matchday."""
        self._past.append(past)

    def recall(self, tokens: int) -> str:
        """Tell what fits into so many tokens; "": nothing."""
        newest_first = self._past[::-1]
        room = tokens * CHARACTERS
        whole = list(_fitting((each.whole for each in newest_first[: self._recent]), int(WHOLE * room)))
        lines = list(_fitting((each.line for each in newest_first[len(whole) :]), room - sum(map(len, whole))))
        left_out = len(self._past) - len(whole) - len(lines)
        told = [f"[{left_out} earlier matchdays are left out]"] if left_out else []
        told += ["\n".join(["Your earlier matchdays:", *lines[::-1]])] if lines else []
        return "\n\n".join([*told, *whole[::-1]])


def _fitting(texts: Iterable[str], room: int) -> Iterator[str]:
    """Answer texts as long as there is room for them."""
    for text in texts:
        room -= len(text) + 2
        if room < 0:
            return
        yield text


def _line(settlement: Settlement) -> str:
    bets, won = settlement.bets, sum(each.profit > 0 for each in settlement.bets)
    money = f"{to_units(settlement.before):.2f} -> {to_units(settlement.after):.2f}"
    staked = f"{len(bets)} bets, {won} won, {to_units(settlement.staked):.2f} staked" if bets else "no bet"
    return f"{settlement.matchday}, {settlement.date}: {staked}, {money}"
