"""Tuning: a search for the parameters with which an agent does best on past seasons, and its honest record.

===============  ==========================================================================================
``domains``      what a parameter is searched among: numbers between bounds, or a few values
``space``        which parameters of an agent are searched, and whether its components take them
``objective``    what is looked for, and what a season tells of it
``playing``      one set of parameters played through all seasons
``study``        the trials on record in the run store's database, and what to try next (Optuna)
``search``       the agent, the space and the seasons of a search, and going on with it
``result``       what came of it: the trials as frames, the best, by how much, and what may be claimed
``agentdraft``   the agent's own TOML with the best parameters in it
===============  ==========================================================================================
"""

from matchday.tuning.domains import Choices, Range
from matchday.tuning.result import Tuning
from matchday.tuning.search import Search, tune

__all__ = ["Choices", "Range", "Search", "Tuning", "tune"]
