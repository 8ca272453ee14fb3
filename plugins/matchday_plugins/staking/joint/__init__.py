"""The joint optimum of a slate: many matches at once, several dependent bets on each.

===============  ==========================================================================================
``candidates``   the bets to be sized, checked; and what each match may return on them
``payoffs``      what a unit on each bet may return, outcome by outcome
``exclusive``    closed forms: one bet, one market of one match (Smoczynski & Tomkins)
``wealth``       the expectation of log W, and of powers of W, over all outcomes without counting them (Frullani)
``newton``       Newton's equations of a slate: a block for each match and little between them
``interior``     the interior-point method that finds the optimum under limits, and certifies it
``risk``         the same under a bound on drawdown
``crowding``     which bets of a match to keep where only so many are allowed
``sizing``       from candidates to shares: what the components and the command ``stake`` call
``staking``      the base of the components
===============  ==========================================================================================
"""
