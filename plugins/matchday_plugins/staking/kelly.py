"""Kelly: the shares of the bankroll that maximise its expected log growth, over all of the day's bets at once.

Kelly, J. L. (1956). A new interpretation of information rate. Bell System Technical Journal 35(4), 917-926.
"""

from __future__ import annotations

from matchday_plugins.staking.joint.staking import JointStaking


class Kelly(JointStaking):
    """Stake the growth-optimal shares of the whole slate, within the limits of the rules.

    Maximises E[log W], W the bankroll after the day, over the candidates together: selections of a market exclude one
    another, markets of a match depend on one another as the forecast's scoreline distribution says, matches are
    independent. The growth found is within 1e-8 of the largest, or the slip says how far it may be.

    >>> Kelly(hedge=True).name
    'kelly'
    """
