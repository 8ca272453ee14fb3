"""Multiplicative weights: every forecast's weight shrinks by what it has lost.

    w_m ← w_m · exp(−η ℓ_m),   ℓ_m = −log p_m(winner);   then   w ← (1 − s) w + s · prior

With η = 1 and s = 0 the weights are the posterior probabilities of a Bayesian mixture, and with one match a day the
blend's total log-loss exceeds that of forecast m by at most log(1 / prior_m), whatever happens. The matches of one day
are all forecast with the morning's weights; the bound is then log(1 / prior_m) / η for η ≤ 1 / the most matches of a
day. s > 0 follows the best forecast of late instead of the best of all.

Vovk, V. (1990). Aggregating strategies. COLT '90, 371-383. Freund, Y. & Schapire, R. E. (1997). A decision-theoretic
generalization of on-line learning and an application to boosting. Journal of Computer and System Sciences 55(1),
119-139. Herbster, M. & Warmuth, M. K. (1998). Tracking the best expert. Machine Learning 32(2), 151-178. Freund, Y.,
Schapire, R. E., Singer, Y. & Warmuth, M. K. (1997). Using and combining predictors that specialize. STOC '97, 334-343
(forecasts that have no opinion on every match).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field, PrivateAttr

from matchday.markets import MARKETS, Array, Market
from matchday.scoring import Ints, log_loss
from matchday_plugins.blends.against_market import MarketBlend, listing, moved
from matchday_plugins.track_record import PRICE


class Hedge(MarketBlend):
    """Blend the models and the market in a linear pool, each weighted by how little it has lost in the run so far.

    The market has ``market_weight`` to begin with and the models share the rest equally. Weights are kept for each
    market apart. A forecast that has called a winner impossible is not heard again, unless ``switching`` lets it back.

    A model without an opinion on a match leaves it to the others: their weights are scaled up to 1 for this match, and
    its own changes as the blend's loss bids. A match on which all have lost everything teaches nothing. What else
    happens where something is missing: see ``MarketBlend``.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"learns-in-season"})

    market_weight: float = Field(0.95, gt=0, le=1, description="weight of the market before any result")
    learning_rate: float = Field(1.0, gt=0, le=10, description="η, per nat of log-loss; 1: a Bayesian mixture")
    switching: float = Field(0.0, ge=0, le=1, description="share of the weights given back to the prior each matchday")

    _weights: dict[str, dict[str, float]] = PrivateAttr(default_factory=dict)
    _told: dict[str, dict[str, float]] = PrivateAttr(default_factory=dict)

    @property
    def fitted(self) -> dict[str, dict[str, float]]:
        """The latest weights: market -> forecast ("price" is the market's) -> weight; empty before the first result."""
        named = {market: weights.items() for market, weights in self._weights.items()}
        return {market: {name or "price": weight for name, weight in items} for market, items in named.items()}

    def _forget(self) -> None:
        self._weights, self._told = {}, {}

    def _learn(self, settled: int) -> None:
        names = [*(name for name in self._record.names if name != PRICE), PRICE]
        prior = self._prior(names)
        for market in MARKETS:
            p = np.stack([self._record.said(name, market)[-settled:] for name in names])
            known = self._weights.get(market.name, {})
            before = np.array([known.get(name, prior[i]) for i, name in enumerate(names)])
            after = learned(before / before.sum(), p, self._record.won(market)[-settled:], rate=self.learning_rate)
            shared = (1.0 - self.switching) * after + self.switching * prior
            self._tell(market, dict(zip(names, shared.tolist(), strict=True)))

    def _tell(self, market: Market, weights: dict[str, float]) -> None:
        self._weights[market.name] = weights
        if moved(weights, self._told.setdefault(market.name, weights)):
            self._told[market.name] = weights
            self.act(f"weighed {market.name}: {listing(weights)}", cause=f"{len(self._record)} settled matches")

    def _prior(self, names: list[str]) -> Array:
        """Answer the prior weights, the market's last."""
        models = len(names) - 1
        rest = [(1.0 - self.market_weight) / models] * models if models else []
        return np.array([*rest, self.market_weight if models else 1.0])

    def _pool(self, market: Market, models: list[str], p: Array, q: Array) -> Array:
        weights, prior = self._weights[market.name], self._prior([*models, PRICE])
        w = np.array([weights.get(name, prior[i]) for i, name in enumerate([*models, PRICE])])
        return mixed(w, np.concatenate([p[: len(models)], q[None]]), otherwise=q)


def mixed(w: Array, p: Array, *, otherwise: Array) -> Array:
    """Mix forecasts p (m, n, k) with weights (m,) over those with an opinion; ``otherwise`` where none has a weight."""
    awake = ~np.isnan(p)
    heard = np.where(awake, w[:, None, None], 0.0)
    total = heard.sum(axis=0)
    said = (heard * np.where(awake, p, 0.0)).sum(axis=0)
    return np.asarray(np.divide(said, total, out=otherwise.copy(), where=total > 0.0))


def learned(w: Array, p: Array, won: Ints, *, rate: float = 1.0) -> Array:
    """Answer the weights (m,) after a matchday on which p (m, n, k) was said and ``won`` (n,) came true.

    ``w`` are the morning's, adding up to 1.
    """
    blend = mixed(w, p, otherwise=np.full(p.shape[1:], np.nan))
    blend_loss = log_loss(blend, won)
    loss = np.stack([log_loss(said, won) for said in p])
    loss = np.where(np.isnan(loss), blend_loss, loss)[:, np.isfinite(blend_loss)]
    with np.errstate(divide="ignore"):
        logs = np.log(w) - rate * loss.sum(axis=1)
    if logs.max() == -np.inf:  # each has been wrong of something, if not all of the same
        return w
    raised = np.exp(logs - logs.max())
    return np.asarray(raised / raised.sum())
