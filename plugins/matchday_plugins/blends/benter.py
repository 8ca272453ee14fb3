"""The market and the models in one log pool, with weights that the run's own forecasts have earned.

    c ∝ q^β · Π_m f_m^{α_m}        q the market's probabilities, f_m those of model m, market by market

α and β maximise the log-likelihood of the results so far, less a Gaussian penalty around "all is in the price".

Benter, W. (1994). Computer based horse race handicapping and wagering systems: a report. In Hausch, D. B., Lo, V. S. Y.
& Ziemba, W. T. (eds.), Efficiency of Racetrack Betting Markets, Academic Press, 183-198.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday.markets import MARKETS, Array, Market
from matchday.scoring import Ints
from matchday_plugins.ascent import Summit
from matchday_plugins.blends.against_market import MarketBlend, agreeing, listing, moved
from matchday_plugins.conditional_logit import Choices, Prior, fit_logit, probabilities
from matchday_plugins.track_record import PRICE


@dataclass(frozen=True, slots=True, eq=False)
class BenterWeights:
    """One market's weights after so many ``matches``.

    ``weights`` has a row a model, and one named "price": ``weight`` (α_m, β) and its ``standard_error``, that of the
    posterior, by the curvature at its mode.
    """

    weights: pd.DataFrame
    matches: int


class _Fit(NamedTuple):
    """The fit of one market: whose weights come before the price's, the weights, and the number of matches."""

    models: list[str]
    summit: Summit
    matches: int


class Benter(MarketBlend):
    """Blend the models with the market as c ∝ q^β Π f_m^{α_m}, refitted after every matchday.

    The weights of each market are the mode of the likelihood of the run's record times a normal prior of standard
    deviation ``weight_sd`` for each of them: α_m around ``weight``, shared equally by the models, β around the rest.
    No α is negative: a model may have nothing to say, but it is not bet against; nor is β. A model that has never had
    an opinion on a market has no weight in it.

    A model without an opinion on a match is taken to say what the price says, and so is one that calls a selection
    impossible, since 0 has no logarithm; where the price itself is 0 the blend is the price. What else happens where
    something is missing is said in ``MarketBlend``.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"calibrates", "learns-in-season"})

    weight: float = Field(
        0.0, ge=0, le=1, description="prior mean of the models' weights together; the price has the rest"
    )
    weight_sd: float = Field(0.1, ge=1e-3, le=10, description="prior standard deviation of each weight")

    _fits: dict[str, _Fit] = PrivateAttr(default_factory=dict)
    _told: dict[str, dict[str, float]] = PrivateAttr(default_factory=dict)

    @property
    def fitted(self) -> dict[str, BenterWeights]:
        """The latest weights by market; empty before the first result."""
        return {name: _readable(fit) for name, fit in self._fits.items()}

    def _forget(self) -> None:
        self._fits, self._told = {}, {}

    def _learn(self, settled: int) -> None:  # noqa: ARG002
        for market in MARKETS:
            self._refit(market)

    def _refit(self, market: Market) -> None:
        q = self._record.said(PRICE, market)
        priced = (q > 0.0).all(axis=1)
        if not priced.any():
            return
        q, won, models = q[priced], self._record.won(market)[priced], self._opinionated(market)
        said = [self._record.said(name, market)[priced] for name in models]
        last = self._fits.get(market.name)
        start = last.summit.weights if last is not None and last.models == models else None
        summit = fit_weights(said, q, won, prior=self._prior(len(models)), start=start)
        self._fits[market.name] = _Fit(models, summit, len(q))
        self._tell(market, dict(zip([*models, PRICE], summit.weights.tolist(), strict=True)), matches=len(q))

    def _prior(self, models: int) -> Prior:
        mean = np.append(np.full(models, self.weight / max(models, 1)), 1.0 - self.weight * (models > 0))
        return Prior(mean, np.full(models + 1, self.weight_sd**-2.0), np.zeros(models + 1))

    def _tell(self, market: Market, weights: dict[str, float], *, matches: int) -> None:
        told = self._told.get(market.name, {PRICE: 1.0 - self.weight})
        if moved(weights, told):
            self._told[market.name] = weights
            self.act(f"weighed {market.name}: {listing(weights)}", cause=f"{matches} settled matches")

    def _unlearned(self, models: list[str], p: Array, q: Array) -> Array:
        if self.weight == 0.0 or not models:
            return q
        return pool(p, q, self._prior(len(models)).mean)

    def _pool(self, market: Market, models: list[str], p: Array, q: Array) -> Array:
        fit = self._fits.get(market.name)
        if fit is None:
            return self._unlearned(models, p, q)
        earned = dict(zip([*fit.models, PRICE], fit.summit.weights.tolist(), strict=True))
        alpha = [earned.get(name, 0.0) for name in models]
        return pool(p[: len(models)], q, np.array([*alpha, earned[PRICE]]))


def pool(p: Array, q: Array, theta: Array) -> Array:
    """Answer c (n, k) of forecasts p (m, n, k) and prices q (n, k), θ = (α_1 … α_m, β)."""
    x, sound = _logs(p, q), (q > 0.0).all(axis=1, keepdims=True)
    return np.where(sound, probabilities(np.where(np.isfinite(x), x, 0.0), theta, np.zeros_like(q)), q)


def fit_weights(said: list[Array], q: Array, won: Ints, *, prior: Prior, start: Array | None = None) -> Summit:
    """Fit θ = (α_1 … α_m, β) to forecasts (n, k) of each model, prices q > 0 (n, k) and winners (n,)."""
    p = np.stack(said) if said else np.empty((0, *q.shape))
    return fit_logit(Choices(_logs(p, q), np.eye(q.shape[1])[won], np.zeros_like(q)), prior, start=start)


def _readable(fit: _Fit) -> BenterWeights:
    index = pd.Index([*fit.models, "price"], name="forecast", dtype="str")
    columns = {"weight": fit.summit.weights, "standard_error": fit.summit.standard_error}
    return BenterWeights(pd.DataFrame(columns, index=index), fit.matches)


def _logs(p: Array, q: Array) -> Array:
    """Answer the features (n, k, m + 1): logarithms of the forecasts, the price's last."""
    sound = (p > 0.0).all(axis=2, keepdims=True)
    heard = agreeing(np.where(sound, p, np.nan), q)
    with np.errstate(divide="ignore"):
        return np.moveaxis(np.log(np.concatenate([heard, q[None]])), 0, 2)
