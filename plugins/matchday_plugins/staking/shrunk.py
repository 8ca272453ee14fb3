"""Shrunk stakes: what is left of Kelly when the probability is an estimate.

Baker, R. D. & McHale, I. G. (2013). Optimal betting under parameter uncertainty: improving the Kelly criterion.
Decision Analysis 10(3), 189-199.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import ClassVar

import numpy as np
from pydantic import Field

from matchday import BetSlip, Component, Edges, hookimpl
from matchday.markets import Array
from matchday_plugins.staking.factors import of_bets, with_hedges


def shrinkage(p: Array, odds: Array, error: Array) -> Array:
    """Answer the factor in [0, 1] that shrinks the Kelly stakes of bets (k,), each alone.

    k = f*² / (f*² + ((b + 1)/b)² σ²), with b = o − 1, f* = (p·o − 1)/b, and σ the standard error of p. It is the
    second-order approximation of the paper to the factor with the largest expected growth. Meant for p·o > 1.

    >>> shrinkage(np.array([0.55, 0.55]), np.array([2.0, 2.0]), np.array([0.05, 0.02])).round(3).tolist()
    [0.5, 0.862]
    """
    kelly_squared = ((p * odds - 1.0) / (odds - 1.0)) ** 2
    noise = (odds / (odds - 1.0) * error) ** 2
    return np.asarray(kelly_squared / np.maximum(kelly_squared + noise, np.finfo(np.float64).tiny))


class Shrunk(Component):
    """Shrink each share by how uncertain its probability is, after Baker & McHale.

    The standard error is that of the forecast, for the match and the selection, times ``scale``; where the forecast
    gives none it is ``standard_error``, as it stands. A forecast's own errors say how well its parameters are known,
    and nothing of how wrong the model is, so they tend to be too small; docs/models.md measures it. The default
    of 0.05 is the standard error of a frequency of one half in a hundred trials.

    A bet without an edge of its own, a hedge, is shrunk as the bets it hedges; one that hedges nothing has no Kelly
    stake to be shrunk, and is off the slip. A bet without a probability stays.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"estimation-error"})

    standard_error: float = Field(
        0.05, ge=0, le=0.5, description="of a probability, where the forecast does not give its own"
    )
    scale: float = Field(1.0, ge=0, allow_inf_nan=False, description="multiplies the forecast's own standard errors")

    @hookimpl(wrapper=True)
    def size_stakes(self, edges: Edges) -> Generator[None, BetSlip, BetSlip]:
        """Answer the slip, shrunk."""
        slip = yield
        if not len(slip):
            return slip
        bets = slip.bets
        own = self.scale * of_bets(edges.forecast.standard_error, bets)
        error = np.where(np.isnan(own), self.standard_error, own)
        p, odds = bets["probability"].to_numpy(dtype=np.float64), bets["odds"].to_numpy(dtype=np.float64)
        factors = with_hedges(shrinkage(p, odds, error), bets)
        whose = np.where(np.isnan(own), "assumed", "own" if self.scale == 1.0 else f"{self.scale:g} times its own")
        reasons = [
            f"{self.name}: × {factor:.2f} ({_why(edge, factor, f'{said} standard error {each:.3f}')})"
            for factor, said, each, edge in zip(factors, whose, error, p * odds, strict=True)
        ]
        return slip.with_shares(factors * bets["share"], reason=reasons)


def _why(worth: float, factor: float, error: str) -> str:
    """Say what a factor rests on; ``worth`` is p·o."""
    if worth > 1.0:
        return error
    return "a hedge" if factor > 0.0 else "no edge, and none to hedge"
