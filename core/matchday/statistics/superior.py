"""Hansen's test of superior predictive ability: could the best of all agents be no better than the baseline?

Losses are minus the log growth of matchdays. A small p says that some agent beats the baseline, however many were
looked at; it does not say which. The three p-values differ in what they take agents for that did worse than the
baseline: as good as it (upper), as bad as they look (lower), or the latter where they are clearly bad (consistent).

Each agent's differences are divided by their standard deviation first, so that the one that stakes most does not
drown the others. Blocks of the stationary bootstrap are three matchdays long on average, about a round: matchdays are
settled by different matches, and what makes neighbours alike all the same (bets held back or pressed, a model refitted
after a round) is over by the next. Longer blocks leave too few of them: with 20 agents without skill on 120 matchdays,
blocks of 2, 3, 5 and 11 find one at the level of 10 % in 11, 11.5, 12.6 and 15 cases of 100.

Hansen, P. R. (2005). A test for superior predictive ability. Journal of Business & Economic Statistics 23(4), 365-380.
Politis, D. N. & Romano, J. P. (1994). The stationary bootstrap. JASA 89(428), 1303-1313. The test itself is that of the
package arch.
"""

from __future__ import annotations

import numpy as np

from matchday.markets import Array
from matchday.statistics.panel import Panel
from matchday.statistics.performance import ROUNDING

#: Bootstrap samples of the test: a p of .05 is known to ± .004.
SAMPLES = 3000

#: The mean length of a block, in matchdays.
BLOCK = 3

#: Matchdays that it asks for.
MINIMUM_MATCHDAYS = 10

NOTHING_BETTER = {"consistent": 1.0, "lower": 1.0, "upper": 1.0}


def superior_predictive_ability(
    growth: Array, baseline: Array, *, seed: int = 0, samples: int = SAMPLES
) -> dict[str, float]:
    """Answer the p-values {"consistent", "lower", "upper"} that no column of ``growth`` beats ``baseline``.

    ``growth`` (matchdays, agents) and ``baseline`` (matchdays,) are log growth, in order of time. Agents whose
    differences do not vary are no evidence and are left out; where none is left every p is 1.
    """
    difference = growth - baseline[:, None]
    spread = difference.std(axis=0)
    varied = spread > ROUNDING
    if not varied.any():
        return dict(NOTHING_BETTER)
    from arch.bootstrap import SPA

    scaled = difference[:, varied] / spread[varied]
    test = SPA(np.zeros(len(scaled)), -scaled, block_size=BLOCK, reps=samples, bootstrap="stationary", seed=seed)
    test.compute()
    return {name: float(test.pvalues[name]) for name in NOTHING_BETTER}


def spa(panel: Panel, *, baseline: str, seed: int) -> dict[str, float] | None:
    """Test all agents of a panel against the baseline; None with fewer than two agents that have a play in common.

    Only plays that all of them finished count. A matchday's growth is the mean over the seeds of its schedule, which
    share its luck, and schedules follow one another.
    """
    ran = np.array([any(sheet.finished[place].any() for sheet in panel.sheets) for place in range(len(panel.agents))])
    if not panel.sheets or ran.sum() < 2 or not ran[panel.number(baseline)]:
        return None
    parts = [np.empty((int(ran.sum()), 0))]
    for sheet in panel.sheets:
        common = sheet.finished[ran].all(axis=0)
        if common.any():
            parts.append(sheet.column("log_growth")[ran][:, common].mean(axis=1))
    growth = np.concatenate(parts, axis=1).T
    if len(growth) < MINIMUM_MATCHDAYS:
        return None
    own = int(ran[: panel.number(baseline)].sum())
    return superior_predictive_ability(np.delete(growth, own, axis=1), growth[:, own], seed=seed)
