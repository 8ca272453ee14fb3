"""Calibration by intercepts and a slope on the log probabilities; ``temperature``, ``platt``, ``draw_calibration``.

    p'_j ∝ exp(a_j) · p_j^b        a = 0 and b = 1 change nothing
    (a, b) maximises Σ_i Σ_j t_ij log p'_ij,   t_ij = 1[j won] + (prior_cases / n) · p_ij

The second part of t are imaginary matches that went exactly as forecast: their likelihood is at its best where nothing
is changed, and n results move the correction about n / (n + prior_cases) of the way to their own optimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import PrivateAttr

from matchday.markets import MARKETS, Array, Market
from matchday.scoring import Ints
from matchday_plugins.ascent import Summit
from matchday_plugins.calibration.calibrator import Calibrator
from matchday_plugins.conditional_logit import Choices, Prior, fit_logit, probabilities

#: b is at least this: a forecast worse than chance is flattened, and never turned round.
LEAST_SLOPE = 0.05

#: A parameter that has moved by so much since it was last put on record is put on record again.
MATERIAL = 0.05


@dataclass(frozen=True, slots=True)
class Correction:
    """A fitted correction of one market: the ``intercepts`` a by selection, the ``slope`` b, on so many ``matches``."""

    intercepts: dict[str, float]
    slope: float
    matches: int

    def __str__(self) -> str:
        """Write what is changed: the slope, and the intercepts that are not 0."""
        moved = [f"{name} {a:+.2f}" for name, a in self.intercepts.items() if a != 0.0]
        return ", ".join([f"slope {self.slope:.2f}", *moved])


class LogitCalibrator(Calibrator):
    """Correct probabilities to p' ∝ exp(a_j) p_j^b. Subclasses say which of the parameters are free.

    A forecast of 0 stays 0, and a match with one does not take part in the fit: 0 has no logarithm. Standard errors are
    carried over by the delta method, with the correction taken as known.
    """

    #: Whether b is free.
    sloped: ClassVar[bool] = False

    _fits: dict[str, tuple[Summit, int]] = PrivateAttr(default_factory=dict)
    _told: dict[str, Array] = PrivateAttr(default_factory=dict)

    @property
    def fitted(self) -> dict[str, Correction]:
        """The latest correction by market; empty before the first result."""
        return {market.name: self._readable(market) for market in MARKETS if self._knows(market)}

    def _free(self, market: Market) -> list[int]:
        """Say which selections' intercepts are free, by position; at most all but one, only differences matter."""
        raise NotImplementedError

    def _forget(self) -> None:
        self._fits, self._told = {}, {}

    def _knows(self, market: Market) -> bool:
        return market.name in self._fits

    def _fit(self, market: Market, p: Array, won: Ints) -> None:
        sound = (p > 0.0).all(axis=1)
        matches, design = int(sound.sum()), self._design(market, np.log(p[sound]))
        if not matches or not design.shape[2]:
            return
        targets = np.eye(p.shape[1])[won[sound]] + self.prior_cases / matches * p[sound]
        offset = np.zeros_like(targets) if self.sloped else np.log(p[sound])
        start = self._fits[market.name][0].weights if self._knows(market) else None
        fit = fit_logit(Choices(design, targets, offset), self._bounds(design.shape[2]), start=start)
        self._fits[market.name] = fit, matches
        self._tell(market, fit.weights)

    def _design(self, market: Market, logs: Array) -> Array:
        """Answer the features (n, k, p): a constant for each free intercept, and the log probability if b is free."""
        constants = np.broadcast_to(
            np.eye(logs.shape[1])[:, self._free(market)], (*logs.shape, len(self._free(market)))
        )
        return np.concatenate([constants, logs[:, :, None]], axis=2) if self.sloped else constants

    def _bounds(self, parameters: int) -> Prior:
        """No prior but the imaginary matches; where nothing is changed is where the fit begins."""
        identity, least = np.zeros(parameters), np.full(parameters, -np.inf)
        if self.sloped:
            identity[-1], least[-1] = 1.0, LEAST_SLOPE
        return Prior(identity, np.zeros(parameters), least)

    def _parameters(self, market: Market) -> tuple[Array, float]:
        """Answer the fitted intercepts (k,) and slope."""
        theta, a = self._fits[market.name][0].weights, np.zeros(len(market.selections))
        a[self._free(market)] = theta[: len(self._free(market))]
        return a, float(theta[-1]) if self.sloped else 1.0

    def _correct(self, market: Market, p: Array) -> Array:
        a, b = self._parameters(market)
        with np.errstate(divide="ignore"):
            return probabilities(np.log(p)[:, :, None], np.array([b]), a)

    def _slopes(self, market: Market, p: Array, corrected: Array) -> Array:
        b, steps = self._parameters(market)[1], np.eye(p.shape[1])[None] - corrected[:, None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(b * corrected[:, :, None] * steps / p[:, None, :])

    def _tell(self, market: Market, theta: Array) -> None:
        told = self._told.get(market.name, self._bounds(len(theta)).mean)
        if np.abs(theta - told).max() >= MATERIAL:
            self._told[market.name] = theta
            correction = self._readable(market)
            self.act(f"corrects {market.name}: {correction}", cause=f"{correction.matches} settled matches")

    def _readable(self, market: Market) -> Correction:
        a, b = self._parameters(market)
        named = dict(zip(market.selections, a.tolist(), strict=True))
        return Correction(named, b, self._fits[market.name][1])
