"""The joint optimum of a slate: many matches at once, several dependent bets on each.

What bets may return, and what they are expected to do to the bankroll, is the core's: ``matchday.growth``.

===============  ==========================================================================================
``exclusive``    closed forms: one bet, one market of one match (Smoczynski & Tomkins)
``newton``       Newton's equations of a slate: a block for each match and little between them
``interior``     the interior-point method that finds the optimum under limits, and certifies it
``risk``         the same under a bound on drawdown
``crowding``     which bets of a match to keep where only so many are allowed
``sizing``       from candidates to shares: what the components and the command ``stake`` call
``staking``      the base of the components
===============  ==========================================================================================
"""
