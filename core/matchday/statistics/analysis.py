"""The statistics of a comparison, all of them, from its frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from matchday.errors import MatchdayError, did_you_mean
from matchday.statistics import differences as contrasts
from matchday.statistics import leaderboard as board
from matchday.statistics.conclusions import conclusions
from matchday.statistics.estimates import Ratio, estimate
from matchday.statistics.panel import Panel
from matchday.statistics.superior import spa


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What the plays say.

    ``leaderboard`` has a row an agent, ``differences`` one for each but the baseline; ``spa`` are the p-values of
    Hansen's test, None where there is nothing to test; ``conclusions`` are sentences. Intervals hold ``level``, from
    ``resamples`` resamples. docs/statistics.md describes every figure.
    """

    leaderboard: pd.DataFrame
    differences: pd.DataFrame
    spa: dict[str, float] | None
    conclusions: list[str]
    resamples: int
    level: float


def analyse(
    *,
    plays: pd.DataFrame,
    matchdays: pd.DataFrame,
    calibration: pd.DataFrame,
    baseline: str,
    agents: Sequence[str],
    tried: int = 1,
    resamples: int = 50_000,
    level: float = 0.95,
    seed: int = 0,
) -> Analysis:
    """Work out the statistics of a comparison, from its frames (docs/comparing.md has their columns).

    ``agents`` are all that were compared, ``tried`` how many were tried in all, those that left no trace here
    included; it is taken for as many as are compared where it is fewer. The same frames and ``seed`` give the same
    figures, and an agent's intervals do not depend on who else is compared. Raises ``MatchdayError`` where the baseline
    is not among the agents, a play is there twice, or ``level`` or ``resamples`` makes no sense.
    """
    _check(baseline, agents, resamples=resamples, level=level)
    tried = max(tried, len(agents))
    panel = Panel.of(plays, matchdays, agents=agents)
    own, paired = board.ratios(panel), contrasts.ratios(panel, baseline=baseline)
    asked: dict[tuple[str, str], Ratio] = {**own, **{(agent, "difference"): each for agent, each in paired.items()}}
    found = estimate(asked, seed=seed, resamples=resamples, level=level)
    leaderboard = board.leaderboard(
        panel, plays=plays, matchdays=matchdays, calibration=calibration, estimates=found, tried=tried
    )
    differences = contrasts.differences(
        panel, baseline=baseline, estimates={agent: found[agent, "difference"] for agent in paired}, tried=tried
    )
    tested = spa(panel, baseline=baseline, seed=seed)
    told = conclusions(leaderboard, differences, plays=plays, baseline=baseline, tried=tried, spa=tested, level=level)
    return Analysis(leaderboard, differences, tested, told, resamples, level)


def _check(baseline: str, agents: Sequence[str], *, resamples: int, level: float) -> None:
    if baseline not in agents:
        raise MatchdayError(f"Baseline {baseline!r} is not among the agents compared; {did_you_mean(baseline, agents)}")
    if not 0.0 < level < 1.0 or resamples < 1:
        raise MatchdayError(f"Intervals of {level} from {resamples} resamples; rule: between 0 and 1, and at least 1.")
