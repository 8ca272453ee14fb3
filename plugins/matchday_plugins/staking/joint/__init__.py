"""The joint optimum of a slate: many matches at once, several dependent bets on each.

===============  ==========================================================================================
``candidates``   the bets to be sized, checked; and what each match may return on them
``exclusive``    the closed form for one market of one match (Smoczynski & Tomkins)
``wealth``       the expectation of log W, and of powers of W, over all outcomes without counting them (Frullani)
``newton``       Newton's equations of a slate: a block for each match and little between them
``interior``     the interior-point method that finds the optimum under limits, and certifies it
``sizing``       from candidates to shares: what the components and the command ``stake`` call
===============  ==========================================================================================
"""
