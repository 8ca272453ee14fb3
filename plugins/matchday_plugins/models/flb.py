"""The favourite-longshot bias, learned: how much more a short price is to be believed than a long one.

    p_i = o_i^{−β} / Σ_j o_j^{−β}           β = 1: in proportion to 1/o;  β > 1: favourites win more often than that

One parameter a market, fitted to past prices and results by maximum a posteriori. With x_i = −log o_i, w the winner,
a = 2^(−age / half-life) the weight of a match and N(m, s²) the prior:

    ℓ(β) = Σ a (β x_w − log Σ_j e^{β x_j}) − (β − m)² / 2s²
    ℓ′ = Σ a (x_w − E_β[x]) − (β − m) / s²          −ℓ″ = Σ a Var_β[x] + 1/s²

which is concave, so that Newton's steps from yesterday's β arrive in two or three. The standard error is 1/√−ℓ″.

McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In Frontiers in Econometrics, 105-142.
Thaler, R. H. & Ziemba, W. T. (1988). Anomalies: parimutuel betting markets: racetracks and lotteries. Journal of
Economic Perspectives 2(2), 161-174 (the bias).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, PrivateAttr

from matchday import Component, Forecast, History, Matchday, hookimpl
from matchday.events import SeasonOpened
from matchday.markets import MARKETS, SELECTIONS, Array, Market
from matchday.scoring import winners
from matchday_plugins.models.quotes import overround, whole

#: Newton's method stops at a step this small; no step is longer than the other.
TOLERANCE, LONGEST_STEP, MAX_STEPS = 1e-10, 1.0, 100


@dataclass(frozen=True, slots=True)
class Bias:
    """A fitted β with its standard error, and how many priced matches of the past it was learned from."""

    beta: float
    standard_error: float
    matches: int


def fit_bias(
    odds: Array,
    won: npt.NDArray[np.int64],
    *,
    weight: Array | None = None,
    mean: float = 1.0,
    sd: float = np.inf,
    start: float | None = None,
) -> Bias:
    """Fit β to the decimal odds (n, k) of n complete markets and the positions (n,) of their winners.

    ``weight`` (n,) counts matches less; ``mean`` and ``sd`` are the prior's, by default none, which leaves β open where
    there are no matches or all prices are even: the standard error is infinite, and β stays at ``start`` or ``mean``.

    >>> fit_bias(np.array([[1.5, 3.0]] * 4), np.array([0, 0, 0, 1])).beta.__round__(4)
    1.585
    """
    x = _logs(odds)
    won_x = x[won, np.arange(len(won))]
    a = np.ones(len(won)) if weight is None else weight
    beta, precision = mean if start is None else start, sd**-2.0
    curvature = precision
    for _ in range(MAX_STEPS):
        p = _powers(x, beta)
        expected = (p * x).sum(axis=0)
        slope = a @ (won_x - expected) - (beta - mean) * precision
        curvature = float(a @ (p * (x - expected) ** 2).sum(axis=0)) + precision
        if curvature <= 0.0:
            break
        step = float(np.clip(slope / curvature, -LONGEST_STEP, LONGEST_STEP))
        beta += step
        if abs(step) < TOLERANCE:
            break
    return Bias(float(beta), float(curvature**-0.5) if curvature > 0.0 else np.inf, int(np.count_nonzero(a)))


def biased(odds: Array, beta: float) -> Array:
    """Answer p ∝ o^{−β} of markets (n, selections); NaN where a price is missing.

    >>> biased(np.array([[2.0, 4.0, 4.0]]), 2.0).round(4)
    array([[0.6667, 0.1667, 0.1667]])
    """
    return np.ascontiguousarray(_powers(_logs(odds), beta).T)


def _logs(odds: Array) -> Array:
    """Lay −log o out selection by selection, (selections, n): sums over a market then run over whole rows."""
    return np.ascontiguousarray(-np.log(odds.T))


def _powers(x: Array, beta: float) -> Array:
    logs = beta * x
    p = np.exp(logs - logs.max(axis=0))
    return np.asarray(p / p.sum(axis=0))


@dataclass(slots=True, eq=False)
class _Past:
    """The priced matches of one market, in order of play: dates as days since 1970, odds, winners."""

    market: Market
    days: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    odds: Array = field(init=False)
    won: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        self.odds = np.empty((0, len(self.market.selections)))

    def extend(self, matches: pd.DataFrame, odds: pd.DataFrame) -> None:
        """Take in matches and their odds; those whose market is not complete are left out."""
        table = prices(odds, self.market)
        priced = whole(table)
        fresh = matches.loc[priced]
        self.days = np.concatenate([self.days, fresh["date"].to_numpy().astype("datetime64[D]").astype(np.int64)])
        self.odds = np.concatenate([self.odds, table[priced]])
        self.won = np.concatenate([self.won, winners(fresh, self.market)])


def prices(odds: pd.DataFrame, market: Market) -> Array:
    """Answer the odds of a market (n, selections); NaN where they are not on offer."""
    return odds.reindex(columns=list(market.selections)).to_numpy(dtype=np.float64)


class FLB(Component):
    """Forecast p ∝ o^{−β} of the odds on offer, with β learned from past odds and results, refitted each matchday.

    Each market has its β, fitted to the matches of the past whose market was priced completely, those of the season
    among them. Without any, β is the prior's mean, which is put on record once a season. No opinion (NaN) where a
    market is not completely on offer. ``explanation`` has by market ``beta``, its ``beta_error`` and the ``overround``.
    The error of β is all that the model knows of its own, and far too little for a standard error of probabilities:
    there is none.
    """

    traits: ClassVar[frozenset[str]] = frozenset({"learns-in-season"})

    half_life_days: float | None = Field(1500.0, gt=0, description="a match this old counts half; None: all alike")
    window_days: int | None = Field(None, gt=0, description="older matches are not used; None: all are")
    prior_beta: float = Field(1.08, ge=0, le=3, description="prior mean of β; 1 believes prices in proportion")
    prior_sd: float = Field(0.05, ge=0.001, le=10, description="prior standard deviation of β")

    _past: dict[str, _Past] = PrivateAttr(default_factory=dict)
    _seen: int = PrivateAttr(default=0)
    _last: str = PrivateAttr(default="")
    _biases: dict[str, Bias] = PrivateAttr(default_factory=dict)
    _fitted_on: tuple[int, int] | None = PrivateAttr(default=None)  # day, and how many matches were known

    @hookimpl
    def season_opened(self, season: SeasonOpened) -> None:
        """Forget the last season, and take in the past; say so where it has no prices."""
        self._forget()
        self._follow(season.history)
        for name in [name for name, past in self._past.items() if not len(past.days)]:
            self.act(f"believes in β = {self.prior_beta:g} of {name}", cause="no past match has prices of it")

    @hookimpl
    def forecast(self, day: Matchday) -> Forecast:
        """Fit β as of this morning, and answer the odds on offer to its power."""
        self._follow(day.history)
        self._refit(int(np.datetime64(day.date, "D").astype(int)))
        probabilities, numbers = [], {}
        for market in MARKETS:
            odds, bias = prices(day.slate.odds, market), self._biases[market.name]
            probabilities.append(biased(odds, bias.beta))
            numbers[f"beta_{market.name}"] = np.full(len(odds), bias.beta)
            numbers[f"beta_error_{market.name}"] = np.full(len(odds), bias.standard_error)
            numbers[f"overround_{market.name}"] = overround(odds)
        index = day.slate.index
        frame = pd.DataFrame(np.hstack(probabilities), index=index, columns=list(SELECTIONS))
        return Forecast(frame, source=self.name, explanation=pd.DataFrame(numbers, index=index))

    @property
    def fitted(self) -> Mapping[str, Bias]:
        """The latest fit by market; empty before the first."""
        return dict(self._biases)

    def _forget(self) -> None:
        self._past = {market.name: _Past(market) for market in MARKETS}
        self._seen, self._last, self._biases, self._fitted_on = 0, "", {}, None

    def _follow(self, history: History) -> None:
        """Take in the rows of a history that are new; where it is no continuation, begin again."""
        matches, seen = history.matches, self._seen
        if not self._past or seen > len(matches) or (seen and matches.index[seen - 1] != self._last):
            self._forget()
            seen = 0
        if seen < len(matches):
            fresh, odds = matches.iloc[seen:], history.odds.iloc[seen:]
            for past in self._past.values():
                past.extend(fresh, odds)
            self._seen, self._last = len(matches), str(matches.index[-1])

    def _refit(self, today: int) -> None:
        """Fit each market's β to what is known this morning, once."""
        if self._fitted_on == (today, self._seen):
            return
        self._fitted_on = today, self._seen
        for name, past in self._past.items():
            first = 0 if self.window_days is None else int(np.searchsorted(past.days, today - self.window_days))
            age, known = today - past.days[first:], self._biases.get(name)
            weight = None if self.half_life_days is None else np.exp2(-age / self.half_life_days)
            self._biases[name] = fit_bias(
                past.odds[first:],
                past.won[first:],
                weight=weight,
                mean=self.prior_beta,
                sd=self.prior_sd,
                start=None if known is None else known.beta,
            )
