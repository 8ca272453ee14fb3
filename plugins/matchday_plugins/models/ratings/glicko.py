"""Glicko-2 ratings: a rating, how unsure it is, and how volatile the club.

    μ = (R − 1500) / 173.7178,  φ = RD / 173.7178          g(φ) = 1 / √(1 + 3φ²/π²)
    E_j = 1 / (1 + exp(−g(φ_j)(μ − μ_j ± η)))              η home advantage, + at home
    v = 1 / Σ g(φ_j)² E_j (1 − E_j)                        δ = Σ g(φ_j)(s_j − E_j)
    σ' solves f(log σ'²) = 0 (step 5 of the source)        how far v·δ is beyond what φ and v explain
    φ*² = φ² + t·σ'²,  φ'² = 1 / (1/φ*² + 1/v),  μ' = μ + φ'²·δ

t is the time since the club's last match in rating periods, of which parts count: a club that does not play grows more
unsure by σ² a period. Sums are over the club's matches of a date, by the ratings of that morning.

Glickman, M. E. (2001). Dynamic paired comparison models with stochastic variances. Journal of Applied Statistics
28(6), 673-689; and Example of the Glicko-2 system (2013), whose numbers the tests reproduce.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from matchday_plugins.models.ratings.table import Played, scores

#: Where an average club stands, and how many points one of Glicko-2's own units has.
START, POINTS = 1500.0, 173.7178

#: σ is found to within this (of log σ²), as in the source.
TOLERANCE = 1e-6

#: No result is expected more surely than e^20 to 1, or the surprise would have no size.
CERTAIN = 20.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A club's μ, φ² and σ, in Glicko-2's own units, after its last match on ``day``."""

    mu: float
    variance: float
    volatility: float
    day: int | None = None


class GlickoTable:
    """Glicko-2 ratings, in points.

    Clubs begin at ``deviation`` points and ``volatility`` σ (own units); ``tau`` is how freely σ moves; ``period_days``
    is a rating period; ``home_advantage`` is in points. ``summer_regression`` is the share of the way to the average
    that clubs lose over a summer.
    """

    columns: ClassVar[tuple[str, ...]] = ("home_glicko", "home_deviation", "away_glicko", "away_deviation")
    parts: ClassVar[tuple[str, ...]] = ("rating", "deviation", "volatility")

    def __init__(
        self,
        *,
        deviation: float = 80.0,
        volatility: float = 0.03,
        tau: float = 0.5,
        period_days: float = 7.0,
        home_advantage: float = 60.0,
        summer_regression: float = 0.1,
        scale: float = 335.0,
    ) -> None:
        self._tau, self._period, self._eta = tau, period_days, home_advantage / POINTS
        self._regression, self.scale = summer_regression, scale
        self._standings: dict[str, Standing] = {}
        self._newcomer = Standing(0.0, (deviation / POINTS) ** 2, volatility)
        self._today: int | None = None

    @property
    def ratings(self) -> Mapping[str, float]:
        """The clubs that are present, in points."""
        return {club: START + POINTS * standing.mu for club, standing in self._standings.items()}

    def rating_of(self, club: str) -> tuple[float, float, float]:
        """Answer a club's rating and its deviation of today, in points, and σ; a newcomer's, if it is not known."""
        known = self._of(club)
        deviation = math.sqrt(known.variance + self._periods(known) * known.volatility**2)
        return START + POINTS * known.mu, POINTS * deviation, known.volatility

    def gap(self, home: str, away: str) -> float:
        """Answer R_home − R_away, in points."""
        return POINTS * (self._of(home).mu - self._of(away).mu)

    def values(self, home: str, away: str) -> tuple[float, float, float, float]:
        """Answer both ratings, and both deviations as of today."""
        return self.rating_of(home)[:2] + self.rating_of(away)[:2]

    def update(self, played: Sequence[Played]) -> None:
        """Rate every club that played on a date by all its matches of it."""
        met: dict[str, list[tuple[Standing, float, float]]] = {}
        for match, score in scores(played):
            met.setdefault(match.home, []).append((self._of(match.away), self._eta, score))
            met.setdefault(match.away, []).append((self._of(match.home), -self._eta, 1.0 - score))
        self._standings |= {club: self._rated(self._of(club), games) for club, games in met.items()}

    def _of(self, club: str) -> Standing:
        return self._standings.get(club, self._newcomer)

    def _periods(self, known: Standing) -> float:
        if known.day is None or self._today is None:
            return 0.0
        return (self._today - known.day) / self._period

    def _rated(self, before: Standing, games: Sequence[tuple[Standing, float, float]]) -> Standing:
        information = surprise = 0.0
        for other, advantage, score in games:
            weight = 1.0 / math.sqrt(1.0 + 3.0 * other.variance / math.pi**2)
            ahead = weight * (before.mu - other.mu + advantage)
            expected = 1.0 / (1.0 + math.exp(-max(-CERTAIN, min(ahead, CERTAIN))))
            information += weight**2 * expected * (1.0 - expected)
            surprise += weight * (score - expected)
        volatility = new_volatility(before, surprise / information, 1.0 / information, tau=self._tau)
        grown = before.variance + self._periods(before) * volatility**2
        variance = 1.0 / (1.0 / grown + information)
        return Standing(before.mu + variance * surprise, variance, volatility, self._today)

    def admit(self, club: str, strength: float, *, sd: float | None = None) -> None:
        """Let a club in at the average plus ``scale`` points a log goal of strength, as unsure as ``sd`` says."""
        entrant = replace(self._newcomer, mu=self._newcomer.mu + self.scale * strength / POINTS, day=self._today)
        if sd is not None:
            entrant = replace(entrant, variance=(self.scale * sd / POINTS) ** 2)
        self._standings[club] = entrant

    def move_to(self, day: int) -> None:
        """Let time pass: deviations of today grow with it."""
        self._today = day

    def summer(self, staying: Collection[str]) -> None:
        """Keep the clubs that stay, drawn towards their average; how unsure they are grows with time, as ever."""
        kept = {club: known for club, known in self._standings.items() if club in staying}
        average = sum(known.mu for known in kept.values()) / len(kept) if kept else 0.0
        share = self._regression
        self._standings = {c: replace(known, mu=known.mu + share * (average - known.mu)) for c, known in kept.items()}
        if kept:
            self._newcomer = replace(self._newcomer, mu=average)


def new_volatility(before: Standing, error: float, variance: float, *, tau: float) -> float:
    """Answer σ' by the Illinois variant of regula falsi: ``error`` v·δ, its ``variance`` v."""
    a, squared = math.log(before.volatility**2), error**2

    def f(x: float) -> float:
        e, total = math.exp(x), before.variance + variance + math.exp(x)
        return e * (squared - total) / (2.0 * total * total) - (x - a) / tau**2

    low, high = a, _other_side(f, a, squared - before.variance - variance, tau)
    at_low, at_high = f(low), f(high)
    while abs(high - low) > TOLERANCE:
        middle = low + (low - high) * at_low / (at_high - at_low)
        at_middle = f(middle)
        if at_middle * at_high <= 0.0:
            low, at_low = high, at_high
        else:
            at_low /= 2.0
        high, at_high = middle, at_middle
    return math.exp(low / 2.0)


def _other_side(f: Callable[[float], float], a: float, excess: float, tau: float) -> float:
    """Answer an x on the other side of f's root than a."""
    if excess > 0.0:
        return math.log(excess)
    k = 1
    while f(a - k * tau) < 0.0:
        k += 1
    return a - k * tau
