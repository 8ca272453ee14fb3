"""The cache of forecasts: one comparison's in memory, and in a folder on request."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from functools import partial
from pathlib import Path

from matchday.agent import Agent
from matchday.component import Component
from matchday.folders import make_writable
from matchday.forecastcache.key import forecast_key, shareable
from matchday.forecastcache.recording import Recording
from matchday.forecastcache.standin import StandIn
from matchday.nesting import AgentOfAgents
from matchday.rules import Rules
from matchday.season import Season


class ForecastCache:
    """Forecasts, with their standard errors, explanations and actions on record, of every model that has been played.

    ``folder`` keeps them on disk too, a file a model and season. Raises ``MatchdayError`` where it cannot be written.

        cache = ForecastCache()
        for agent in agents:  # each distinct model among them is fitted once
            events = play(cache.lend(agent, season, rules, seed=0), season, rules, seed=0)

    Events are those that the agent itself would give, byte for byte.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = None if folder is None else Path(folder)
        self._kept: dict[str, Recording] = {}
        if self.folder is not None:
            make_writable(self.folder, "Forecast cache")

    def lend(
        self,
        agent: Agent,
        season: Season,
        rules: Rules | None = None,
        *,
        seed: int = 0,
        awake: Collection[Component] = (),
    ) -> Agent:
        """Answer an agent that plays one season as this one does, its models' forecasts being shared.

        So are those of the agents inside it, among one another too. It shares its components with ``agent``, so that
        one of the two plays at a time. Where the rules limit what a call takes, every call is made, and nothing shared.
        Models that are to learn and forecast in any case, to be looked into after the play, are ``awake``.
        """
        rules = rules or Rules()
        if not rules.reproducible:
            return agent
        kept_awake = frozenset(map(id, awake))
        return self._lend(agent, season=season, rules=rules, seed=seed, awake=kept_awake, played={})

    def _lend(
        self,
        agent: Agent,
        *,
        season: Season,
        rules: Rules,
        seed: int,
        awake: frozenset[int],
        played: dict[str, Recording],
        worlds: tuple[str, ...] = (),
    ) -> Agent:
        """Lend an agent of a play in which ``played`` are the recordings at work, by key; ``worlds`` are around it.

        ``awake`` are the identities of components for which nobody stands in.
        """
        stand_ins: dict[str, object] = {}
        for name, component in agent.components.items():
            if isinstance(component, AgentOfAgents):
                around = component.worlds(worlds)
                lend = partial(
                    self._lend, season=season, rules=rules, seed=seed, awake=awake, played=played, worlds=around
                )
                stand_ins[name] = component.lent(lend)
            elif shareable(component) and id(component) not in awake:
                assert isinstance(component, Component)
                key = forecast_key(agent, name, season=season, rules=rules, seed=seed, worlds=worlds)
                follows = key in played
                stand_ins[name] = StandIn(
                    name,
                    component,
                    agent=agent.name,
                    lent_for=(season.name, seed, rules.prices, rules.selections),
                    recording=played.setdefault(key, self._recall(key)),
                    keep=partial(self._keep, key),
                    follows=follows,
                )
        return agent.with_stand_ins(stand_ins)

    def _recall(self, key: str) -> Recording:
        """Look a recording up, and copy it: a play may add to it."""
        if key not in self._kept and self.folder is not None:
            found = Recording.load(self._file(key))
            if found is not None:
                self._kept[key] = found
        kept = self._kept.get(key)
        return Recording() if kept is None else Recording(dict(kept.days))

    def _keep(self, key: str, recording: Recording) -> None:
        """Keep the longer of two recordings: a play may have ended in ruin."""
        kept = self._kept.get(key)
        if kept is not None and len(kept.days) >= len(recording.days):
            return
        self._kept[key] = Recording(dict(recording.days))
        if self.folder is not None:
            try:
                recording.save(self._file(key))
            except OSError as error:  # the play itself is sound
                warnings.warn(f"Forecast cache {str(self.folder)!r} cannot be written: {error}.", stacklevel=2)

    def _file(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{key}.npz"
