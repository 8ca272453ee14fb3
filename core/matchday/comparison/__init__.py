"""Comparing agents over seasons and seeds, on one machine or on a cluster.

===============  ==========================================================================================
``comparing``    ``compare``: every agent plays every schedule
``schedule``     a season with the rules and the seed that it is played by
``sharing``      which agents share models, so that one worker plays them
``tasks``        what there is to do, made as workers get free
``engine``       where it is done: this process, all cores, or a Dask cluster
``working``      what a worker does: play, and measure
``facts``        the prices and results that plays are measured against
``bets``         a play's bets beside the facts
``measures``     a play's figures by matchday, by bin of probability, by kind of bet
``truth``        what bets were worth, where the true probabilities are known
``gathering``    outcomes written to the store, their measures kept
``comparison``   the result: frames, leaderboard, conclusions
``replaying``    a comparison made of runs that are in the store
===============  ==========================================================================================
"""

from matchday.comparison.comparing import compare, compare_schedules
from matchday.comparison.comparison import Comparison
from matchday.comparison.replaying import from_runs
from matchday.comparison.schedule import Schedule

__all__ = ["Comparison", "Schedule", "compare", "compare_schedules", "from_runs"]
