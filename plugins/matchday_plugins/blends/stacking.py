"""The mixture of the market and the models that would have forecast the run best.

    p = Σ_m w_m p_m        w ≥ 0, Σ w = 1, maximising Σ_i Σ_j t_ij log p_ij

with t_ij = 1[j won] + (prior_cases / n) q_ij, q the market's probabilities: the results of n matches, and as many more
as ``prior_cases`` that went exactly as the market said. Adding − T Σ w, T = Σ t, makes Σ w = 1 a property of the
maximum instead of a constraint, which leaves w ≥ 0 to be seen to.

Wolpert, D. H. (1992). Stacked generalization. Neural Networks 5(2), 241-259. Yao, Y., Vehtari, A., Simpson, D. &
Gelman, A. (2018). Using stacking to average Bayesian predictive distributions. Bayesian Analysis 13(3), 917-1007. Kim,
Y., Carbonetto, P., Stephens, M. & Anitescu, M. (2020). A fast algorithm for maximum likelihood estimation of mixture
proportions using sequential quadratic programming. Journal of Computational and Graphical Statistics 29(2), 261-273.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field, PrivateAttr

from matchday.markets import MARKETS, Array, Market
from matchday.scoring import Ints
from matchday_plugins.ascent import Slope, ascend
from matchday_plugins.blends.against_market import MarketBlend, agreeing, listing, moved
from matchday_plugins.track_record import PRICE


class Stacking(MarketBlend):
    """Blend the models and the market in a linear pool, with the weights of least log-loss on the run's record.

    Weights are fitted anew after every matchday, for each market apart. The prior's matches went as the market said, so
    that few results move the weights little; the more ``prior_cases``, the less.

    A model without an opinion on a match is taken to say what the price says. A match whose winner nobody, not even the
    price, had thought possible teaches nothing. What else happens where something is missing: see ``MarketBlend``.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"learns-in-season"})

    prior_cases: float = Field(1000.0, ge=0, le=1e6, description="matches gone as the market said that are added")

    _weights: dict[str, dict[str, float]] = PrivateAttr(default_factory=dict)
    _told: dict[str, dict[str, float]] = PrivateAttr(default_factory=dict)

    @property
    def fitted(self) -> dict[str, dict[str, float]]:
        """The latest weights: market -> forecast ("price" is the market's) -> weight; empty before the first result."""
        return {market: _renamed(weights) for market, weights in self._weights.items()}

    def _forget(self) -> None:
        self._weights, self._told = {}, {}

    def _learn(self, settled: int) -> None:  # noqa: ARG002
        for market in MARKETS:
            self._refit(market)

    def _refit(self, market: Market) -> None:
        q, won = self._record.said(PRICE, market), self._record.won(market)
        priced = ~np.isnan(q).any(axis=1)
        if not priced.any():
            return
        names = [*self._opinionated(market), PRICE]
        p = agreeing(np.stack([self._record.said(name, market)[priced] for name in names]), q[priced])
        last = self._weights.get(market.name, {PRICE: 1.0})
        w = stack(p, won[priced], prior_cases=self.prior_cases, start=np.array([last.get(name, 0.0) for name in names]))
        weights = dict(zip(names, w.tolist(), strict=True))
        self._weights[market.name] = weights
        if moved(weights, self._told.get(market.name, {PRICE: 1.0})):
            self._told[market.name] = weights
            self.act(f"weighed {market.name}: {listing(weights)}", cause=f"{int(priced.sum())} settled matches")

    def _pool(self, market: Market, models: list[str], p: Array, q: Array) -> Array:
        weights = self._weights.get(market.name, {PRICE: 1.0})
        w = np.array([weights.get(name, 0.0) for name in models])
        pooled = np.einsum("m,mnk->nk", w, agreeing(p[: len(models)], q))
        return np.asarray(max(1.0 - w.sum(), 0.0) * q + pooled)


def stack(p: Array, won: Ints, *, prior_cases: float = 0.0, start: Array | None = None) -> Array:
    """Answer the weights (m,) of the linear pool of p (m, n, k) that gives the winners (n,) the most log-likelihood.

    The last of the m is the market, which the prior's matches went by. ``start`` is where to begin, by default at
    equal weights.
    """
    m, n, k = p.shape
    t = (np.eye(k)[won] + prior_cases / n * p[-1]).ravel()
    said = p.reshape(m, -1)
    possible = (t > 0.0) & (said > 0.0).any(axis=0)
    t, said = t[possible], said[:, possible]
    if not len(t):
        return np.asarray(np.eye(m)[-1])
    if start is None or not (start @ said > 0.0).all():
        start = np.full(m, 1.0 / m)
    w = ascend(lambda w: _slope(w, said, t), start, np.zeros(m)).weights
    return np.asarray(w / w.sum())


def _slope(w: Array, said: Array, t: Array) -> Slope:
    """Answer Σ t log(w · p) − T Σ w, its gradient and minus its Hessian."""
    total, pooled = float(t.sum()), w @ said
    if not (pooled > 0.0).all():
        return Slope(-np.inf, np.zeros(len(w)), np.eye(len(w)))
    scaled = said * (np.sqrt(t) / pooled)
    value, gradient = float(t @ np.log(pooled) - total * w.sum()), np.asarray(said @ (t / pooled) - total)
    return Slope(value, gradient, scaled @ scaled.T)


def _renamed(weights: dict[str, float]) -> dict[str, float]:
    return {name or "price": weight for name, weight in weights.items()}
