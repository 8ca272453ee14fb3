"""``Season-v0``: each step is a matchday, its reward the log growth of the bankroll."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from matchday.episode import Episode
from matchday.errors import MatchdayError, did_you_mean
from matchday.events import MatchdaySettled, SlipPlaced
from matchday.gym import acting
from matchday.gym.models import Listed, Models
from matchday.gym.observing import Observer
from matchday.gym.programme import plan
from matchday.gym.rendering import evening, morning
from matchday.markets import Array
from matchday.money import log_growth, to_pence, to_units
from matchday.rules import Rules
from matchday.season import Season
from matchday.slate import Matchday
from matchday.source import Source

#: Leagues are drawn by seeds below this.
SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class Past:
    """The matchday that was settled last; ``asked`` is the sum of the shares that the policy asked for."""

    day: Matchday
    asked: float
    placed: SlipPlaced
    settled: MatchdaySettled


class SeasonEnv(gymnasium.Env[Any, Any]):
    """A season as a Gymnasium environment, one matchday a step.

    Observation: a dictionary of tables (``matchday.gym.observing.Observer``). Action: shares of the bankroll, float32
    in [0, 1], a row a match and a column a selection; ``matchday.gym.acting`` brings them within the rules. Reward:
    r_t = log W_{t+1} - log W_t, where a bankroll below a penny counts as a penny, so that it is finite at ruin. An
    episode terminates at the season's end or at ruin, and is never truncated.

    ``season`` is a name that the source can load (default: its latest), a ``Season``, or a list of these, of which
    each episode draws one. ``source`` is a source's name (default: ``synthetic``), with ``source_parameters``, or a
    ``Source``. ``scenario`` names season, source and bankroll together. ``rules`` are ``Rules``, or some of their
    fields; ``bankroll`` is in currency units. ``models`` are names of components, components, or agents, whose
    forecasts are part of the observation.

    ``reset(seed=7)`` plays what ``matchday play --seed 7`` does: where the source is random the seed makes the league,
    and a reset without one draws another, unless ``source_parameters`` fix the seed. ``league_seed`` is that of the
    episode. ``reset(options={"season": "2020-21"})`` names the season of the episode.

    Raises ``MatchdayError`` for what cannot be played, in one line.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012 - as Gymnasium declares it

    def __init__(
        self,
        *,
        season: str | Season | Sequence[str | Season] | None = None,
        source: str | Source | None = None,
        source_parameters: Mapping[str, Any] | None = None,
        scenario: str | None = None,
        rules: Rules | Mapping[str, Any] | None = None,
        bankroll: float | None = None,
        models: Listed | Sequence[Listed] = (),
        render_mode: str | None = None,
    ) -> None:
        if render_mode not in {None, *self.metadata["render_modes"]}:
            raise MatchdayError(f"render_mode is {render_mode!r}; rule: 'ansi', or None.")
        self.render_mode = render_mode
        self._programme, self.rules = plan(
            season,
            source=source,
            parameters=source_parameters or {},
            scenario=scenario,
            rules=rules,
            bankroll=bankroll,
        )
        self._models = Models(models)
        self._observer = Observer(
            self._programme.rows,
            self.rules.selections,
            models=len(self._models.names),
            start=to_pence(self.rules.bankroll),
        )
        self.observation_space: spaces.Space[Any] = self._observer.space()
        self.action_space: spaces.Space[Any] = spaces.Box(0.0, 1.0, self._observer.shape, np.float32)
        self.league_seed = 0
        self._episode: Episode | None = None
        self._past: Past | None = None
        self._settled_matches = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode; ``options`` may name its ``season``."""
        super().reset(seed=seed)
        for key in options or {}:
            if key != "season":
                raise MatchdayError(f"reset takes no option {key!r}; {did_you_mean(key, ['season'])}")
        self.league_seed = int(self.np_random.integers(SEEDS)) if seed is None else seed
        season = self._programme.draw(self.np_random, self.league_seed, season=(options or {}).get("season"))
        self._episode = episode = Episode(season, self.rules)
        self._past, self._settled_matches = None, 0
        self._models.season_opened(episode.begin(seed=self.league_seed))
        episode.open()
        return self._observation(episode), self._info(episode)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Bet on the matchday that is open, settle it, and open the next.

        Raises ``MatchdayError``, with nothing changed, for an action that is no table of numbers of the right shape.
        """
        episode = self._episode
        if episode is None or episode.day is None:
            raise MatchdayError("Season: no matchday is open; call reset() first, and after an episode is over.")
        day, shares = episode.day, self._shares(action, episode.day)
        placed = acting.place(episode, acting.within(shares, self.rules))
        settled = episode.settle()
        self._past = Past(day, float(shares.sum()), placed, settled)
        self._settled_matches += len(day.slate)
        if self._models.names:
            self._models.matchday_settled(day, episode.results(), settled)
        over = episode.state == "over"
        if over:
            self._models.season_closed(episode.close())
        else:
            episode.open()
        return self._observation(episode), settled.settlement.log_growth, over, False, self._info(episode)

    def render(self) -> str | None:
        """Answer, in render mode "ansi", the last matchday's bets and what is on offer now."""
        if self.render_mode is None or self._episode is None:
            return None
        lines = evening(self._past.settled) if self._past else []
        if self._episode.day is not None:
            lines.append(morning(self._episode.day, self._bankroll))
        return "\n".join(lines)

    def _shares(self, action: Any, day: Matchday) -> Array:
        """Read an action as shares of the bankroll, in [0, 1], of the matches of a day."""
        return acting.asked(action, shape=self._observer.shape, slate=day.slate)

    def _observation(self, episode: Episode) -> Any:
        """Write down what may be known now; models are asked for their forecasts."""
        day, played = episode.day, self._settled_matches / len(episode.season.played)
        forecasts = () if day is None else self._models.forecasts(day)
        return self._observer.observe(day, forecasts, bankroll=self._bankroll, played=played)

    @property
    def _bankroll(self) -> int:
        """The bankroll in pence."""
        return self._past.settled.settlement.after if self._past else to_pence(self.rules.bankroll)

    def _info(self, episode: Episode) -> dict[str, Any]:
        """Say in words what the rows are, and in money what became of the last matchday."""
        day, past = episode.day, self._past
        shown = past.day if day is None and past else day
        assert shown is not None
        return {
            "season": episode.season.name,
            "matchday": shown.number,
            "date": shown.date.isoformat(),
            "matches": () if day is None else tuple(day.slate.index),
            "selections": self.rules.selections,
            "bankroll": to_units(self._bankroll),
            "log_growth": log_growth(to_pence(self.rules.bankroll), self._bankroll),
            "asked": past.asked if past else 0.0,
            "staked": to_units(past.settled.settlement.staked) if past else 0.0,
            "paid": to_units(past.settled.settlement.paid) if past else 0.0,
            "bets": len(past.placed.bets) if past else 0,
            "forced": sum(bet.forced for bet in past.placed.bets) if past else 0,
            "dropped": len(past.placed.dropped) if past else 0,
        }
