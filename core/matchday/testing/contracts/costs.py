"""Contracts on what a component does besides deciding: files, sockets, processes; and the time it takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from matchday.testing.contract import Broken, contract
from matchday.testing.differing import first_difference
from matchday.testing.effects import Effect, watched
from matchday.testing.specimen import Played, Specimen
from matchday.wording import listed


@contract("it declares what files, sockets and processes it opens")
def declares_its_effects(specimen: Specimen) -> str:
    """Listen to the interpreter while the plain season is played; what is declared has to replay from a cache."""
    declared = sorted({effect for each in specimen.components for effect in type(each).effects})
    first, seen = _listened(specimen)
    if not declared:
        if seen:
            word = "stdin" if seen[0].kind == "stdin" else "network"
            raise Broken(
                f"{seen[0]}{_and_more(seen)}. Do it before the season, in a source or a parameter; or declare it, "
                f"effects = frozenset({{{word!r}}}), and answer from a cache the second time."
            )
        _ = specimen.honest
        return "none seen"
    return f"declares {listed(declared)}; {_replayed(specimen, first)}"


def _replayed(specimen: Specimen, first: Played) -> str:
    """Play again: the decisions are the first play's, and nothing but files is opened."""
    second, seen = _listened(specimen)
    cached = "The first play fills its cache, and every other one answers from that."
    if (parting := first_difference(first.lines(), second.lines())) is not None:
        raise Broken(f"the second play differs: {parting}. {cached}")
    _ = specimen.honest
    outside = [each for each in seen if each.kind != "file"]
    if outside:
        raise Broken(f"the second play goes outside again: {outside[0]}{_and_more(outside)}. {cached}")
    return (
        f"{len(second.events)} events alike in a second play, which opened files alone" if seen else "none seen again"
    )


def _listened(specimen: Specimen) -> tuple[Played, list[Effect]]:
    agent, season = specimen.agent(), specimen.season
    with watched() as effects:
        played = specimen.play(season, agent=agent)
    return played, effects


def _and_more(effects: list[Effect]) -> str:
    return f", and {len(effects) - 1} more" if len(effects) > 1 else ""


@contract("what a matchday costs is known")
def costs_are_known(specimen: Specimen) -> str:
    """Time the hooks in the plain season; it is told, and never judged."""
    _ = specimen.honest
    timer = _Timer()
    specimen.play(agent=specimen.agent_observed(timer.around))
    days = specimen.season.matchdays
    opening = timer.spent.pop("season_opened", 0.0)
    hooks = max(timer.spent, key=lambda hook: timer.spent[hook], default="")
    most = f", most of it in {hooks}" if len(timer.spent) > 1 else ""
    a_day = 1e3 * sum(timer.spent.values()) / days
    past = specimen.season.first
    return f"{a_day:.2g} ms a matchday{most}; {1e3 * opening:.2g} ms to open a season after {past} matches"


class _Timer:
    """Adds up the seconds that each hook takes."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def around(self, hook: str, _arguments: Mapping[str, Any]) -> Iterator[None]:
        """Time a call."""
        began = time.perf_counter()
        yield
        self.spent[hook] = self.spent.get(hook, 0.0) + time.perf_counter() - began
