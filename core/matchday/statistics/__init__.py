"""What a comparison's plays say, and what they cannot: figures, intervals, tests, sentences.

===============  ==========================================================================================
``analysis``     ``analyse``: everything below, from the frames of a comparison
``panel``        the frames as arrays, agents side by side on the same matchdays
``estimates``    a figure, its interval and its p-value: the bootstrap
``performance``  returns by matchday: Sharpe, Sortino, and their moments
``deflated``     the Sharpe ratio after many tries
``calibrated``   how far forecasts are from how often it happens
``multiple``     many comparisons at once: Holm; KellyBench's Mann-Whitney test
``superior``     Hansen's test that no agent is better than the baseline
``leaderboard``  a row an agent
``differences``  a row an agent other than the baseline
``conclusions``  what can be said, and what cannot
===============  ==========================================================================================

SciPy and arch are imported by what needs them, when it is called.
"""

from matchday.statistics.analysis import Analysis, analyse
from matchday.statistics.calibrated import expected_calibration_error
from matchday.statistics.deflated import deflated_sharpe, expected_best_sharpe, probabilistic_sharpe
from matchday.statistics.multiple import holm, mann_whitney
from matchday.statistics.performance import Returns
from matchday.statistics.superior import superior_predictive_ability

__all__ = [
    "Analysis",
    "Returns",
    "analyse",
    "deflated_sharpe",
    "expected_best_sharpe",
    "expected_calibration_error",
    "holm",
    "mann_whitney",
    "probabilistic_sharpe",
    "superior_predictive_ability",
]
