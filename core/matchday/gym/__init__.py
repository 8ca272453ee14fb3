"""The season as a Gymnasium environment: ``gymnasium.make("matchday.gym:Season-v0")``.

==============  =========================================================================================
``programme``   which seasons are played, one an episode, and by which rules
``observing``   a matchday as padded tables of numbers, and the spaces they lie in
``models``      the forecasts of models that are part of the observation
``acting``      from an action to the day's bets: whatever a policy asks for, something is placed
``env``         ``Season-v0``: tables in, shares of the bankroll out
``flat``        ``FlatSeason-v0``: the same as vectors between -1 and 1
``rendering``   a matchday in a few lines
==============  =========================================================================================
"""

from matchday.errors import MatchdayError

try:
    import gymnasium
except ImportError as error:
    raise MatchdayError("matchday.gym needs Gymnasium; install it: pip install 'matchday[gymnasium]'.") from error

from matchday.gym.env import SeasonEnv
from matchday.gym.flat import FlatSeasonEnv

__all__ = ["FlatSeasonEnv", "SeasonEnv"]

gymnasium.register("Season-v0", entry_point="matchday.gym.env:SeasonEnv")
gymnasium.register("FlatSeason-v0", entry_point="matchday.gym.flat:FlatSeasonEnv")
