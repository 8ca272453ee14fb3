"""What bets on a whole slate are expected to do to a bankroll, exactly and without counting outcomes.

===============  ==========================================================================================
``candidates``   bets, checked; and what each match may return on them
``payoffs``      what a unit on each bet may return, outcome by outcome
``wealth``       the expectation of log W, and of powers of W, over all outcomes without counting them (Frullani)
``expected``     the expected log growth of bets that are placed
===============  ==========================================================================================
"""

from matchday.growth.expected import expected_growth

__all__ = ["expected_growth"]
