"""What one unit staked on each bet of a slate may return, match by match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from matchday.markets import MARKET_OF, Array

#: What float64 arithmetic may add to a product that ought to be exactly fair.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class MatchPayoffs:
    """The outcomes of one match that its bets tell apart.

    ``probability`` (A,), adding up to 1; ``net`` (A, K), the profit of a unit staked on each bet: odds − 1 or −1.
    """

    probability: Array
    net: Array

    def only(self, bets: list[int]) -> MatchPayoffs:
        """Leave some of the bets."""
        return MatchPayoffs(self.probability, self.net[:, bets])


@dataclass(frozen=True, slots=True, eq=False)
class Payoffs:
    """The matches of a slate, independent of one another, as arrays of one size.

    ``probability`` (n, A), ``net`` (n, A, K), ``real`` (n, K): which bets there are. The padding changes nothing:
    an outcome that fills up has probability 0 and the returns of another, a bet that fills up always loses.
    """

    probability: Array
    net: Array
    real: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, matches: Sequence[MatchPayoffs]) -> Payoffs:
        """Put matches side by side."""
        outcomes = max(len(match.probability) for match in matches)
        bets = max(match.net.shape[1] for match in matches)
        probability = np.zeros((len(matches), outcomes))
        net = np.full((len(matches), outcomes, bets), -1.0)
        real = np.zeros((len(matches), bets), dtype=bool)
        for i, match in enumerate(matches):
            a, k = match.net.shape
            probability[i, :a] = match.probability
            net[i, :a, :k] = match.net
            net[i, a:, :k] = match.net[0]
            real[i, :k] = True
        return cls(probability, net, real)

    @property
    def expected(self) -> Array:
        """The expected profit of a unit on each bet (n, K), which is its edge; −1 for padding."""
        return np.asarray(np.matmul(self.probability[:, None, :], self.net)[:, 0, :])

    def added(self, shares: Array) -> Array:
        """What each outcome of each match adds to a bankroll of 1 (n, A), at shares (n, K)."""
        return np.asarray(np.matmul(self.net, shares[:, :, None])[:, :, 0])


def of_market(probability: Array, odds: Array) -> MatchPayoffs:
    """Describe bets (K,) on selections of one market: one of them wins at its odds, or none.

    What their probabilities lack to 1 is the chance of none.
    """
    k = len(odds)
    net = np.full((k + 1, k), -1.0)
    np.fill_diagonal(net, odds - 1.0)
    rest = 1.0 - float(probability.sum())
    everything = np.array([*probability, rest if rest > ROUNDING else 0.0])
    return _possible(everything / everything.sum(), net)


def of_independent(one: MatchPayoffs, other: MatchPayoffs) -> MatchPayoffs:
    """Combine bets on two markets of a match as if they were independent."""
    probability = np.outer(one.probability, other.probability).ravel()
    net = np.hstack([np.repeat(one.net, len(other.net), axis=0), np.tile(other.net, (len(one.net), 1))])
    return MatchPayoffs(probability, net)


@dataclass(frozen=True, slots=True, eq=False)
class ScorePatterns:
    """The ways in which scores settle some selections: ``won`` and ``back`` (A, K) are the shares of a stake that win
    at the odds and that are given back; ``which`` (G·G,) is each score's way.
    """

    won: Array
    back: Array
    which: npt.NDArray[np.intp]

    def probability(self, scores: Array) -> Array:
        """The chance of each way (A,), under a scoreline distribution (G, G) that adds up to 1."""
        return np.bincount(self.which, weights=scores.ravel(), minlength=len(self.won)).astype(np.float64)


@cache
def score_patterns(selections: tuple[str, ...], goals: int) -> ScorePatterns:
    """Find the ways in which the scores of a grid of ``goals`` × ``goals`` settle some selections."""
    home, away = (axis.ravel() for axis in np.indices((goals, goals)))
    settled = np.hstack(
        [MARKET_OF[name].settle(home, away)[:, MARKET_OF[name].selections.index(name)] for name in selections]
    )
    ways, which = np.unique(settled, axis=0, return_inverse=True)
    return ScorePatterns(ways[:, 0::2], ways[:, 1::2], which.ravel())


def of_scores(scores: Array, patterns: ScorePatterns, odds: Array) -> MatchPayoffs:
    """Describe bets (K,) on any markets of a match by its scoreline distribution (G, G)."""
    probability = patterns.probability(scores)
    return _possible(probability / probability.sum(), patterns.won * odds + patterns.back - 1.0)


def _possible(probability: Array, net: Array) -> MatchPayoffs:
    """Leave out what cannot happen: a bet that cannot lose is one."""
    happens = probability > 0.0
    return MatchPayoffs(probability, net) if happens.all() else MatchPayoffs(probability[happens], net[happens])
