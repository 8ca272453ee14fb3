"""Calibration: does each selection win as often as the forecast says?

    gap = mean(y) − mean(p),   z = Σ(y − p) / √Σ p(1 − p)        y = 1 where the selection won, p its probability
    E = mean over d of Π_i (1 + λ_i (y_i − p_i)),   1 + λ_i (y_i − p_i) = e^{d y_i} / (1 − p_i + p_i e^d)

E is what a gambler has made of 1 who bets, at the forecast's own odds, that the log-odds of a selection are off by d,
one share of the money on each of several d of either sign. Where the probabilities are the true ones, E is a
non-negative martingale, so the chance that it ever reaches 1/a is at most a (Ville's inequality): one may look every
day, and stop at will.

Ville, J. (1939). Étude critique de la notion de collectif. Gauthier-Villars, Paris. Waudby-Smith, I. & Ramdas, A.
(2024). Estimating means of bounded random variables by betting. Journal of the Royal Statistical Society B 86(1), 1-27.
Arnold, S., Henzi, A. & Ziegel, J. (2023). Sequentially valid tests for forecast calibration. Annals of Applied
Statistics 17(3), 1909-1935.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from pydantic import Field, PrivateAttr

from matchday import Diagnosis
from matchday.markets import MATCH_RESULT, SELECTIONS, Array, Market, complete_markets
from matchday.scoring import Ints
from matchday_plugins.diagnostics.watch import Watch

#: The errors d in log-odds that are bet on, each with the same share of the money.
TILTS = np.array([-0.8, -0.4, -0.2, -0.1, 0.1, 0.2, 0.4, 0.8])

LONGSHOT = "longshot"
GROUPS = (*SELECTIONS, LONGSHOT)


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How often something was forecast and how often it happened; ``fortune`` (8,) is the log of each bet's money."""

    cases: int = 0
    claimed: float = 0.0
    observed: float = 0.0
    variance: float = 0.0
    fortune: Array = field(default_factory=lambda: np.zeros(len(TILTS)))

    def after(self, p: Array, happened: Array) -> Tally:
        """Count more cases: probabilities (n,) and whether each came true (n,)."""
        odds = TILTS * happened[:, None] - np.log1p(p[:, None] * np.expm1(TILTS))
        return Tally(
            self.cases + len(p),
            self.claimed + float(p.sum()),
            self.observed + float(happened.sum()),
            self.variance + float((p * (1.0 - p)).sum()),
            self.fortune + odds.sum(axis=0),
        )

    @property
    def evidence(self) -> float:
        """E: the money made of 1."""
        return float(np.exp(self.fortune).mean())

    @property
    def gap(self) -> float:
        """Observed less claimed frequency; NaN without cases."""
        return (self.observed - self.claimed) / self.cases if self.cases else float("nan")

    @property
    def z(self) -> float:
        """The gap in standard errors; NaN where nothing was uncertain."""
        return (self.observed - self.claimed) / float(np.sqrt(self.variance)) if self.variance else float("nan")


class CalibrationWatch(Watch):
    """Watch how often each selection wins against how often the forecast says, and raise an alarm that may be believed.

    Draws have a tally of their own, as every selection has, and so have longshots: home and away sides given less than
    ``longshot``. Measures of each, every morning once it has a case: ``draw_gap``, ``draw_z``, ``draw_evidence`` (E)
    and so on. An alarm stands on the evidence, from the morning after it has been raised until the season is over.

    Where the forecast's probabilities are the true ones, the chance that any alarm is ever raised in a season is at
    most ``level``: the six tallies have a sixth of it each. Matches without an opinion are left out, and matches of one
    day are taken as independent.
    """

    level: float = Field(0.05, gt=0, lt=1, description="chance of any false alarm in a season, at most")
    longshot: float = Field(0.2, gt=0, lt=0.5, description="home and away sides below this probability are longshots")

    _tallies: dict[str, Tally] = PrivateAttr(default_factory=dict)
    _raised: dict[str, Tally] = PrivateAttr(default_factory=dict)

    @property
    def tallies(self) -> dict[str, Tally]:
        """The tallies so far, by selection, and ``longshot``; empty before the first result."""
        return dict(self._tallies)

    def _forget(self) -> None:
        self._tallies, self._raised = {}, {}

    def _learn(self, settled: int) -> None:
        for market in complete_markets(SELECTIONS):
            p, _, won = self._lately(market, settled)
            for name, column, happened in self._groups(market, p, won):
                self._tallies[name] = self._tallies.get(name, Tally()).after(column, happened)
        for name, tally in self._tallies.items():
            if tally.evidence >= len(GROUPS) / self.level:
                self._raised.setdefault(name, tally)

    def _groups(self, market: Market, p: Array, won: Ints) -> list[tuple[str, Array, Array]]:
        """Sort a market's forecasts (n, k) into tallies: name, probabilities and whether each came true."""
        hit = (won[:, None] == np.arange(p.shape[1])).astype(np.float64)
        groups = [(name, p[:, j], hit[:, j]) for j, name in enumerate(market.selections)]
        if market is MATCH_RESULT:
            long = (p < self.longshot) & (np.array(market.selections) != "draw")
            some = long.any(axis=1)  # where both sides are, it is one case that either wins
            groups.append((LONGSHOT, (p * long).sum(axis=1)[some], (hit * long).sum(axis=1)[some]))
        return [group for group in groups if len(group[1])]

    def _findings(self) -> list[Diagnosis]:
        return [finding for name in GROUPS if name in self._tallies for finding in self._told(name)]

    def _told(self, name: str) -> list[Diagnosis]:
        tally, first = self._tallies[name], self._raised.get(name)
        message = "" if first is None else self._message(name, tally, first)
        return [
            Diagnosis(self.name, f"{name}_gap", tally.gap),
            Diagnosis(self.name, f"{name}_z", tally.z),
            Diagnosis(self.name, f"{name}_evidence", tally.evidence, alarm=first is not None, message=message),
        ]

    def _message(self, name: str, tally: Tally, first: Tally) -> str:
        claimed, observed = tally.claimed / tally.cases, tally.observed / tally.cases
        return (
            f"{name}: {self._subject} said {claimed:.1%} and {observed:.1%} came true of {tally.cases} cases; "
            f"miscalibrated at level {self.level:g} since case {first.cases}"
        )
