"""The Sharpe ratio after many tries: the probability that it is more than the best of so many lucky ones.

    PSR(SR₀) = Φ( (SR − SR₀) √(T − 1) / √(1 − γ₃ SR + (γ₄ − 1)/4 · SR²) )
    SR₀ = √V [ (1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e)) ]

SR is per observation, of T of them, with skewness γ₃ and kurtosis γ₄ (3 for the normal); N is how many were tried, V
the variance of their Sharpe ratios, γ Euler's constant. The deflated Sharpe ratio is PSR(SR₀). With N = 1 there was
nothing to choose from, SR₀ = 0, and it is the probabilistic Sharpe ratio against 0.

Bailey, D. H. & López de Prado, M. (2012). The Sharpe ratio efficient frontier. Journal of Risk 15(2), 3-44. Bailey, D.
H. & López de Prado, M. (2014). The deflated Sharpe ratio. Journal of Portfolio Management 40(5), 94-107.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from matchday.errors import MatchdayError

NORMAL = NormalDist()


def probabilistic_sharpe(
    sharpe: float, *, observations: int, skewness: float = 0.0, kurtosis: float = 3.0, against: float = 0.0
) -> float:
    """Answer the probability that the true Sharpe ratio is above ``against``, both per observation.

    NaN where it is not known: fewer than two observations, or a ratio or moment that is NaN.
    """
    variance = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2
    if observations < 2 or not math.isfinite(variance) or variance <= 0.0:
        return math.nan
    return NORMAL.cdf((sharpe - against) * math.sqrt((observations - 1.0) / variance))


def expected_best_sharpe(tried: int, *, variance: float) -> float:
    """Answer SR₀, the largest Sharpe ratio to be expected of ``tried`` agents without skill.

    ``variance`` is that of their ratios. Raises ``MatchdayError`` where none was tried or the variance is negative.

    >>> round(expected_best_sharpe(100, variance=0.5 / 250), 4), expected_best_sharpe(1, variance=0.5 / 250)
    (0.1132, 0.0)
    """
    if tried < 1 or not variance >= 0.0:
        raise MatchdayError(f"Deflated Sharpe of {tried} tried with variance {variance}; rule: at least 1, and 0.")
    if tried == 1:
        return 0.0
    first, second = NORMAL.inv_cdf(1.0 - 1.0 / tried), NORMAL.inv_cdf(1.0 - 1.0 / (tried * math.e))
    return math.sqrt(variance) * ((1.0 - np.euler_gamma) * first + np.euler_gamma * second)


def deflated_sharpe(
    sharpe: float,
    *,
    observations: int,
    tried: int,
    variance: float,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
) -> float:
    """Answer the probability that a Sharpe ratio is above what the best of ``tried`` gets by luck.

    The published example: 2.5 a year of 250 days, five years, skewness −3, kurtosis 10, variance ½ a year.

    >>> daily, known = 2.5 / 250**0.5, {"observations": 1250, "skewness": -3.0, "kurtosis": 10.0, "variance": 0.5 / 250}
    >>> [round(deflated_sharpe(daily, tried=tried, **known), 4) for tried in (100, 46)]
    [0.9004, 0.9505]
    """
    best = expected_best_sharpe(tried, variance=variance)
    return probabilistic_sharpe(sharpe, observations=observations, skewness=skewness, kurtosis=kurtosis, against=best)


def variance_of_sharpes(sharpes: Sequence[float], *, observations: int) -> float:
    """Answer V, the variance of the compared agents' Sharpe ratios; those that have none are left out.

    Where fewer than two have one, V is what luck alone makes of it, 1/(T − 1).
    """
    known = [each for each in sharpes if math.isfinite(each)]
    return float(np.var(known, ddof=1)) if len(known) > 1 else 1.0 / max(observations - 1, 1)
