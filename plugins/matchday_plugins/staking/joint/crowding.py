"""Which bets of a match to keep where only so many are allowed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from matchday.growth.payoffs import MatchPayoffs, Payoffs
from matchday_plugins.staking.joint.interior import Limits, maximise


def best_of_match(payoffs: MatchPayoffs, staked: npt.NDArray[np.intp], most: int) -> list[int]:
    """Choose ``most`` of the staked bets of a match: those that together bring most growth, with nothing beside them.

    Every choice is tried, ten at the most for five selections. What is best beside other matches may differ, if two
    choices are all but equal.
    """
    choices = [list(choice) for choice in combinations(staked.tolist(), most)]
    return max(choices, key=lambda choice: _growth(payoffs.only(choice)))


def _growth(payoffs: MatchPayoffs) -> float:
    alone = Payoffs.of([payoffs])
    return maximise(alone, Limits()).growth if (alone.expected > 0.0).any() else 0.0
