"""The look-ahead detector: would the agent decide the same if the future were another one?

A season is played as it is, twice in one process. Then it is played again, each time in a fresh process, with all that
scrambled which nobody can know as a matchday is decided. Up to and including that decision nothing may differ; what
differs first, and who answered it, is named.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from matchday.agent import Agent
from matchday.assembly import answering
from matchday.auditing.changes import Chain, Change
from matchday.auditing.futures import another_future
from matchday.auditing.replaying import Record, Replay, source_spec
from matchday.component import Component
from matchday.episode import Episode
from matchday.errors import MatchdayError
from matchday.nesting import AgentOfAgents
from matchday.rules import Rules
from matchday.season import Season
from matchday.source import Source
from matchday.testing.effects import Effect

#: Into how many parts a season is divided, from each of which one matchday is taken.
PARTS = 4


@dataclass(frozen=True, slots=True)
class Leak:
    """A decision that changed: the first that differs where the future is another one ``after`` a matchday.

    ``after`` None: where the season was played a second time in the same process. ``component`` is the first in the
    chain whose answer differs; what it knew, another one may have told it. It is the agent where only its slip does.
    """

    after: int | None
    change: Change

    @property
    def component(self) -> str:
        """Who is responsible, an agent's name before that of its component."""
        return self.change.component


@dataclass(frozen=True, slots=True)
class LookaheadReport:
    """What came of an audit.

    ``after`` are the matchdays from whose matches on the future was another one, ``decided`` how many were played,
    ``leaks`` the first decision that changed in each replay, if any did. ``effects`` are the files, sockets and
    processes that were opened in any of the plays: what came through them was not scrambled.
    """

    agent: str
    source: str
    competition: str
    season: str
    seed: int
    decided: int
    after: tuple[int, ...]
    leaks: tuple[Leak, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def first(self) -> Leak | None:
        """The leak that shows first in the season; None: nothing was found."""
        return min(self.leaks, key=lambda leak: leak.change.matchday, default=None)


def lookahead(
    agent: Agent,
    source: Source,
    season: str,
    *,
    after: Sequence[int] = (),
    rules: Rules | None = None,
    seed: int = 0,
    partial: bool = False,
    follow: Callable[[str], None] = lambda _: None,
) -> LookaheadReport:
    """Replay an agent with another future, and tell whether a decision changes.

    ``after`` are matchdays: what becomes known once each is decided is scrambled. By default one is taken from each
    quarter of what is played: that with most matches. ``follow`` is told what has been played.

    The agent and the source are made anew in each process, of their specs; so their classes must be importable. Raises
    ``MatchdayError`` where they are not, for a matchday that is not played, and for an agent that fails or, without any
    change, does not decide twice alike.
    """
    _check_importable(agent, source)
    rules, loaded = rules or Rules(), source.season(season, partial=partial)
    Episode(loaded, rules)  # which refuses a season that has no such prices
    task = Replay(agent.spec(), source_spec(source), season, loaded.fingerprint, rules, seed=seed, partial=partial)
    audit = _Audit(agent, loaded, task, follow)
    honest = audit.honest()
    decided = honest.plays[0].decided
    days = _chosen(loaded, decided, after, agent=agent.name)
    leaks, effects = audit.leaks(honest, days)
    leaks = [_inside(agent, leak, source, season, rules=rules, seed=seed, partial=partial) for leak in leaks]
    return LookaheadReport(
        agent.name,
        loaded.source,
        loaded.competition,
        loaded.name,
        seed,
        decided,
        tuple(days),
        tuple(leaks),
        tuple(dict.fromkeys(effects)),
    )


@dataclass(frozen=True, slots=True)
class _Audit:
    """One agent on one season."""

    agent: Agent
    season: Season
    task: Replay
    follow: Callable[[str], None]

    def honest(self) -> Record:
        """Play the season as it is, twice; raises ``MatchdayError`` where the agent fails on it."""
        record = dataclasses.replace(self.task, times=2).run()
        if record.plays[0].failure:
            raise MatchdayError(record.plays[0].failure)
        self.follow("the season as it is, twice")
        return record

    def leaks(self, honest: Record, days: Sequence[int]) -> tuple[list[Leak], list[Effect]]:
        """Compare the second play with the first, and every replay with it; answers the effects of all of them too."""
        first, second = (play.lines for play in honest.plays)
        again = self._chain.first_change(first, second)
        found, effects = [Leak(None, again)] if again else [], list(honest.effects)
        for after, record in self._replays(days):
            change = self._chain.first_change(first, record.plays[0].lines)
            found += [Leak(after, change)] if change else []
            effects += record.effects
        if found:
            self._check_repeatable(first, max(leak.change.matchday for leak in found))
        return found, effects

    def _replays(self, days: Sequence[int]) -> Iterator[tuple[int, Record]]:
        """Replay the season with each of the futures."""
        from joblib import cpu_count

        def replay(after: int) -> Record:
            future = another_future(self.season, after, prices=self.task.rules.prices)
            return dataclasses.replace(self.task, until=after, future=future).run()

        with ThreadPoolExecutor(cpu_count()) as pool:
            for after, record in zip(days, pool.map(replay, days), strict=True):
                self.follow(f"another future after matchday {after}")
                yield after, record

    def _check_repeatable(self, first: Sequence[str], until: int) -> None:
        """Raise ``MatchdayError`` where the agent does not decide twice alike, whatever the future."""
        lines = dataclasses.replace(self.task, until=until).run().plays[0].lines
        change = self._chain.first_change(first, lines)
        if change:
            raise MatchdayError(
                f"Agent {self.agent.name!r} decides otherwise each time it is played, first on matchday "
                f"{change.matchday} ({change.what} of {change.component!r}): nothing can be told of it; draw random "
                "numbers from season.generator, and read no clock."
            )

    @property
    def _chain(self) -> Chain:
        components = self.agent.components
        models = {*answering(components, "forecast"), *_members(self.agent)}
        return Chain(models, next(iter(answering(components, "decide")), self.agent.name))


def _members(agent: Agent) -> dict[str, Agent]:
    """Find the agents inside an agent, by the names that they have there."""
    found = {name: each for name, each in agent.components.items() if isinstance(each, Agent)}
    for each in agent.components.values():
        if isinstance(each, AgentOfAgents):
            found |= each.members
    return found


def _inside(agent: Agent, leak: Leak, source: Source, season: str, *, rules: Rules, seed: int, partial: bool) -> Leak:
    """Name the component of an agent inside that is responsible, if that agent shows it when it plays alone."""
    member = _members(agent).get(leak.component)
    if member is None:
        return leak
    after = [leak.after or leak.change.matchday]
    try:
        alone = lookahead(member, source, season, after=after, rules=rules, seed=seed, partial=partial)
    except MatchdayError:
        return leak
    for found in alone.leaks:
        if found.after == leak.after:
            if found.component == member.name:
                return leak
            inner = dataclasses.replace(found.change, component=f"{leak.component}/{found.component}")
            return Leak(leak.after, inner)
    return leak


def _chosen(season: Season, decided: int, after: Sequence[int], *, agent: str) -> list[int]:
    """Check the matchdays asked for, or take the busiest of each part of the season."""
    for day in after:
        if not 1 <= day <= decided:
            over = "" if decided == season.matchdays else f", of {season.matchdays}, when the bankroll was gone"
            raise MatchdayError(f"Agent {agent!r}: matchday {day} is not played; played: 1 to {decided}{over}.")
    if after:
        return sorted(set(after))
    matches = season.played.groupby("date").size().to_numpy()[:decided]
    parts = [part for part in np.array_split(np.arange(decided), PARTS) if len(part)]
    return [int(part[matches[part].argmax()]) + 1 for part in parts]


def _check_importable(agent: Agent, source: Source) -> None:
    """Refuse classes that a fresh process could not import."""
    kinds = [type(source), *(type(each) for each in agent.components.values() if isinstance(each, Component))]
    for member in _members(agent).values():
        _check_importable(member, source)
    for kind in kinds:
        if kind.__module__ == "__main__" or "<locals>" in kind.__qualname__:
            raise MatchdayError(
                f"{kind.__name__} is defined in a program or a function, where no fresh process finds it; put it into "
                "a module."
            )
