"""``FlatSeason-v0``: the season for continuous control, as vectors between -1 and 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from matchday.episode import Episode
from matchday.errors import MatchdayError
from matchday.gym.acting import numbers
from matchday.gym.env import SeasonEnv
from matchday.markets import Array
from matchday.slate import Matchday


class FlatSeasonEnv(SeasonEnv):
    """``Season-v0`` as vectors: what policies of continuous control expect, of numbers of like size.

    Observation: float32 in [-1, 1]. In order, each table row by row: the inverse of the odds (0: not on offer), the
    implied probabilities, each model's probabilities; then x / (1 + abs(x)) of x, the log of bankroll / starting
    bankroll; then the share of the season's matches that are settled.

    Action: float32 in [-1, 1], one number for each cell of the table of shares, row by row. Zero and less is no bet; 1
    is ``bet_limit`` of the bankroll, which the rules set, and what lies between is in proportion.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        cells = int(np.prod(self._observer.shape))
        length = cells * (2 + len(self._models.names)) + 2
        self.observation_space = spaces.Box(-1.0, 1.0, (length,), np.float32)
        self.action_space = spaces.Box(-1.0, 1.0, (cells,), np.float32)

    def _observation(self, episode: Episode) -> npt.NDArray[np.float32]:
        tables = super()._observation(episode)
        odds, growth = tables["odds"], tables["log_bankroll"]
        parts = [
            np.divide(1.0, odds, out=np.zeros_like(odds), where=odds > 0.0),
            tables["implied"],
            tables.get("probabilities", odds[:0]),
            growth / (1.0 + np.abs(growth)),
            tables["played"],
        ]
        return np.concatenate([part.ravel() for part in parts], dtype=np.float32)

    def _shares(self, action: Any, day: Matchday) -> Array:
        flat = numbers(action)
        if flat.shape != self.action_space.shape:
            raise MatchdayError(
                f"Action: its shape is {flat.shape}; rule: {self.action_space.shape}, as in the action space."
            )
        return super()._shares(flat.clip(0.0, 1.0).reshape(self._observer.shape) * self.rules.bet_limit, day)
