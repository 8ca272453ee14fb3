"""Isotonic calibration: any correction at all, as long as a higher forecast stays a higher one.

    p'_j ∝ (n · g_j(p_j) + c · p_j) / (n + c)        g_j non-decreasing, least Σ_i (1[j won] − g_j(p_ij))²

So free a curve wants a thousand cases or more; c = ``prior_cases`` keeps it near the identity until it has them.

Zadrozny, B. & Elkan, C. (2002). Transforming classifier scores into accurate multiclass probability estimates. KDD '02,
694-699. Niculescu-Mizil, A. & Caruana, R. (2005). Predicting good probabilities with supervised learning. ICML '05,
625-632 (how many cases it takes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import PrivateAttr

from matchday.markets import MARKETS, Array, Market
from matchday.scoring import Ints
from matchday_plugins.calibration.calibrator import Calibrator


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A selection's curve g, non-decreasing: ``y`` at forecasts ``x``, straight between and level beyond them."""

    x: Array
    y: Array

    def __call__(self, p: Array) -> Array:
        """Answer g(p); NaN for NaN."""
        return np.asarray(np.interp(p, self.x, self.y))


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """One market's curves by selection, fitted on so many ``matches``."""

    by_selection: dict[str, Curve]
    matches: int


class Isotonic(Calibrator):
    """Correct each selection's probability by a non-decreasing curve, then scale each market to add up to 1.

    See ``Calibrator`` for what the fit sees. Standard errors are not known afterwards (NaN): steps have no slope.
    """

    _curves: dict[str, Curves] = PrivateAttr(default_factory=dict)

    @property
    def fitted(self) -> dict[str, Curves]:
        """The latest curves by market, before they are drawn towards the identity; empty before the first result."""
        return {market.name: self._curves[market.name] for market in MARKETS if self._knows(market)}

    def _forget(self) -> None:
        self._curves = {}

    def _knows(self, market: Market) -> bool:
        return market.name in self._curves

    def _fit(self, market: Market, p: Array, won: Ints) -> None:
        curves = {name: increasing(p[:, j], won == j) for j, name in enumerate(market.selections)}
        self._curves[market.name] = Curves(curves, len(p))

    def _correct(self, market: Market, p: Array) -> Array:
        curves = self._curves[market.name]
        g = np.column_stack([curve(p[:, j]) for j, curve in enumerate(curves.by_selection.values())])
        drawn = curves.matches * g + self.prior_cases * p
        return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))

    def _slopes(self, market: Market, p: Array, corrected: Array) -> Array:  # noqa: ARG002
        return np.full((*p.shape, p.shape[1]), np.nan)


def increasing(p: Array, happened: Array) -> Curve:
    """Fit the non-decreasing curve of least squares to what ``happened`` (n,) at forecasts ``p`` (n,)."""
    from sklearn.isotonic import isotonic_regression

    x, place = np.unique(p, return_inverse=True)
    cases = np.bincount(place).astype(np.float64)
    share = np.bincount(place, weights=happened) / cases
    y = np.asarray(isotonic_regression(share, sample_weight=cases), dtype=np.float64)
    corner = np.ones(len(x), dtype=bool)
    corner[1:-1] = (y[1:-1] != y[:-2]) | (y[1:-1] != y[2:])  # the rest lies on a level between two corners
    return Curve(x[corner], y[corner])
