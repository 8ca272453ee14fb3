"""Drift: has the market begun to forecast better than the model, by more than luck explains?

    R_i = (1 + R_{i−1}) · q_i / p_i,   R_0 = 0        q_i, p_i: what market and model gave the winner of match i

This is the Shiryaev-Roberts detector. Where the model's probabilities are the true ones, E[q_i / p_i] = 1 whatever the
market says, so that R_i − i is a martingale, and R reaches a threshold A after A matches or more on average: an alarm
at R ≥ A is a false one only once in A matches. Where the market is better from some match on, log R grows by the
difference of their log-losses with each match from then on; nobody has to say when.

Shiryaev, A. N. (1963). On optimum methods in quickest detection problems. Theory of Probability and its Applications
8(1), 22-46. Roberts, S. W. (1966). A comparison of some control chart procedures. Technometrics 8(3), 411-430. Shin,
J., Ramdas, A. & Rinaldo, A. (2024). E-detectors: a nonparametric framework for sequential change detection. New England
Journal of Statistics in Data Science 2(2), 229-260.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field, PrivateAttr

from matchday import Diagnosis
from matchday.markets import MARKETS, Array
from matchday.scoring import log_loss
from matchday_plugins.diagnostics.watch import Watch


class Drift(Watch):
    """Watch a forecast's log-loss against the market's, one market of each match, and raise an alarm.

    Measures, each morning after the first result: ``log_loss_gap``, the mean log-loss of the last ``window`` matches
    less the market's, in nats a match; and ``evidence``, R. The alarm is raised on the morning after R has reached
    ``false_alarm_matches``, and R begins anew at 0. As long as the forecast's probabilities are the true ones there
    are, on average, at least so many matches from any alarm to the next.

    The market is the slate's odds with the margin taken out by proportion. Matches without a price or an opinion are
    left out; where there has been neither, nothing is said. Matches of one day are taken as independent.
    """

    market: Literal["match_result", "total_goals_2_5"] = Field("match_result", description="market that is watched")
    false_alarm_matches: float = Field(3800.0, gt=1, description="matches between false alarms, at least, on average")
    window: int = Field(100, ge=1, description="matches whose log-loss is compared")

    _gaps: Array = PrivateAttr(default_factory=lambda: np.zeros(0))
    _evidence: float = PrivateAttr(default=0.0)
    _peak: float | None = PrivateAttr(default=None)

    @property
    def evidence(self) -> float:
        """R by now: 0 where nothing has been seen since the season opened or the last alarm."""
        return self._evidence

    def _forget(self) -> None:
        self._gaps, self._evidence, self._peak = np.zeros(0), 0.0, None

    def _learn(self, settled: int) -> None:
        market = next(each for each in MARKETS if each.name == self.market)
        p, q, won = self._lately(market, settled)
        priced = ~np.isnan(q).any(axis=1)
        gaps = log_loss(p[priced], won[priced]) - log_loss(q[priced], won[priced])
        self._gaps = np.concatenate([self._gaps, gaps])[-self.window :]
        self._peak = None
        self._evidence, peak = detected(self._evidence, gaps, threshold=self.false_alarm_matches)
        if peak >= self.false_alarm_matches:
            self._peak = peak

    def _findings(self) -> list[Diagnosis]:
        if not len(self._gaps):
            return []
        gap, alarm = float(self._gaps.mean()), self._peak is not None
        seen = f"last {len(self._gaps)} matches"
        evidence = self._evidence if self._peak is None else self._peak
        message = (
            f"the market forecasts {self.market} better than {self._subject} by {gap:.3f} nats a match, {seen}; "
            f"a sound forecast would seem so once in {self.false_alarm_matches:g} matches"
        )
        return [
            Diagnosis(self.name, "log_loss_gap", gap, message=f"{self.market}, {seen}"),
            Diagnosis(self.name, "evidence", evidence, alarm=alarm, message=message if alarm else ""),
        ]


def detected(evidence: float, gaps: Array, *, threshold: float) -> tuple[float, float]:
    """Carry R over matches whose log-loss exceeds the market's by ``gaps`` (n,): R now, and the most it has been.

    Where R reaches the threshold it begins anew at 0.

    >>> detected(0.0, np.zeros(3), threshold=10.0), detected(0.0, np.zeros(3), threshold=3.0)
    ((3.0, 3.0), (0.0, 3.0))
    """
    peak = evidence
    with np.errstate(over="ignore"):
        ratios = np.exp(gaps)
    for ratio in ratios.tolist():
        evidence = (1.0 + evidence) * ratio
        peak = max(peak, evidence)
        if evidence >= threshold:
            evidence = 0.0
    return evidence, peak
