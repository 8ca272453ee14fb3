"""Match statistics that follow the run of play: shots, corners, fouls, cards, the score at half-time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchday_data.synthetic.scorelines import Floats, Ints

# Means a side and match, and spreads, measured on the EPL 2012-13 to 2023-24 and rounded.
_SAVED, _WIDE, _CORNERS, _FOULS, _YELLOW, _RED, _FIRST_HALF = 3.0, 7.45, 4.75, 10.7, 1.64, 0.063, 0.445
#: Standard deviation of a match's run of play beyond what abilities say: one side's log shots up, the other's down.
_RUN_OF_PLAY = 0.19
#: How much a side's log shots fall, and the other's rise, for each goal of its lead.
_SITS_BACK = 0.06
#: How far shots follow expected goals: an exponent.
_FOLLOWS = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class MatchStatistics:
    """Counts of each match and side, int64 (matches, 2), home and away."""

    half_time_goals: Ints
    shots: Ints
    shots_on_target: Ints
    corners: Ints
    fouls: Ints
    yellow_cards: Ints
    red_cards: Ints


def draw_statistics(rng: np.random.Generator, *, intensities: Floats, goals: Ints) -> MatchStatistics:
    """Draw statistics that agree with the ``goals`` (matches, 2): goals ≤ shots on target ≤ shots.

    Every goal is a shot on target; further shots and corners are Poisson about ``intensities``, the log expected
    goals, and the run of play; fouls and cards go the other way.
    """
    swing = _RUN_OF_PLAY * rng.standard_normal(len(goals)) - _SITS_BACK * (goals[:, 0] - goals[:, 1])
    pressure = np.exp(_FOLLOWS * intensities + np.stack([swing, -swing], axis=1))
    on_target = goals + rng.poisson(_SAVED * _level(pressure, 1.0))
    shots = on_target + rng.poisson(_WIDE * _level(pressure, 1.0))
    return MatchStatistics(
        half_time_goals=rng.binomial(goals, _FIRST_HALF),
        shots=shots,
        shots_on_target=on_target,
        corners=rng.poisson(_CORNERS * _level(pressure, 1.1)),
        fouls=rng.poisson(_FOULS * rng.gamma(60.0, 1.0 / 60.0, size=goals.shape)),
        yellow_cards=rng.poisson(_YELLOW * _level(pressure, -0.4)),
        red_cards=rng.binomial(1, np.minimum(1.0, _RED * _level(pressure, -0.7))),
    )


def _level(pressure: Floats, power: float) -> Floats:
    """Scale pressure to about 1 between average sides, with a given exponent."""
    return np.asarray((pressure / 1.25) ** power)
