"""Scorelines: the joint distribution of two sides' goals, and draws from it.

Dixon, M. J. & Coles, S. G. (1997). Modelling association football scores and inefficiencies in the football betting
market. Applied Statistics 46(2), 265-280.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: The grid holds 0 to 15 goals a side; what lies beyond is shared out in proportion.
GOALS = np.arange(16)
_LOG_FACTORIALS = np.concatenate([[0.0], np.cumsum(np.log(GOALS[1:]))])


def scorelines(log_intensities: Floats, *, rho: float) -> Floats:
    """Spread matches (n, 2) of log expected goals, home and away, over the grid: (n, 16, 16), each adding up to 1.

    P(x, y) ∝ τ(x, y) Pois(x; λ) Pois(y; μ) with τ(0,0) = 1−λμρ, τ(0,1) = 1+λρ, τ(1,0) = 1+μρ, τ(1,1) = 1−ρ.
    Where ``rho`` is beyond the bounds max(−1/λ, −1/μ) ≤ ρ ≤ min(1/λμ, 1), the match takes the nearest bound.
    """
    goals = _poisson(log_intensities)
    grid = goals[:, 0, :, None] * goals[:, 1, None, :]
    home, away = np.exp(log_intensities).T
    bounded = np.clip(rho, -1.0 / np.maximum(home, away), np.minimum(1.0 / (home * away), 1.0))
    grid[:, 0, 0] *= 1.0 - home * away * bounded
    grid[:, 0, 1] *= 1.0 + home * bounded
    grid[:, 1, 0] *= 1.0 + away * bounded
    grid[:, 1, 1] *= 1.0 - bounded
    return np.asarray(grid / grid.sum(axis=(1, 2), keepdims=True))


def _poisson(log_intensities: Floats) -> Floats:
    """Poisson probabilities (n, 2, 16) of 0 to 15 goals."""
    logs = log_intensities[..., None]
    return np.asarray(np.exp(GOALS * logs - np.exp(logs) - _LOG_FACTORIALS))


def draw_scores(rng: np.random.Generator, grid: Floats) -> Ints:
    """Draw one score from each match's grid by inverting its distribution function: goals (n, 2), home and away."""
    cumulative = grid.reshape(len(grid), -1).cumsum(axis=1)
    drawn = rng.random(len(grid)) * cumulative[:, -1]
    cell = (cumulative <= drawn[:, None]).sum(axis=1)
    return np.stack(np.divmod(cell, len(GOALS)), axis=1).astype(np.int64)
