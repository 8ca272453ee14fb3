"""What a search looks for, and what a play tells of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matchday.agent import Agent
from matchday.bets import BetSlip
from matchday.comparison import Comparison, Schedule
from matchday.comparison.schedule import schedule_id
from matchday.decision import Decision
from matchday.errors import MatchdayError, did_you_mean
from matchday.events import SeasonOpened
from matchday.forecast import Forecast
from matchday.hooks import hookimpl
from matchday.ledger import Settlement
from matchday.nesting import AgentOfAgents
from matchday.rules import Rules
from matchday.season import Season
from matchday.slate import Matchday
from matchday.summary import RESULT
from matchday.tuned import Objective


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective: how plays are measured, one value a schedule, and whether ``more`` is better.

    The value of a set of parameters is the mean over the schedules. ``betting`` tells whether money is at stake;
    ``meaning`` and ``form`` are for people.
    """

    objective: Objective
    measure: Callable[[Comparison, Sequence[Schedule]], list[float]]
    more: bool
    betting: bool
    meaning: str
    form: str

    def better(self, value: float, than: float) -> float:
        """Answer by how much a value is better than another; negative where it is worse."""
        return value - than if self.more else than - value


def growths(comparison: Comparison, schedules: Sequence[Schedule]) -> list[float]:  # noqa: ARG001
    """Answer the log growth of one agent's seasons."""
    return [float(growth) for growth in comparison.plays["log_growth"]]


def log_losses(comparison: Comparison, schedules: Sequence[Schedule]) -> list[float]:
    """Answer the mean 1X2 log-loss (nats) of one agent's forecasts, season by season.

    A match that has a price and no forecast counts ln 3, what knowing nothing costs: nothing is won by saying nothing
    of the hard ones. NaN where no match has a price.
    """
    plays = comparison.matchdays.groupby(["schedule", "seed"])[["model_loss", "scored"]]
    sums = {key: days.to_numpy(dtype=np.float64).sum(axis=0) for key, days in plays}
    found = []
    for schedule in schedules:
        assert isinstance(schedule.season, Season)
        loss, scored = sums[schedule_id(schedule.season.fingerprint, schedule.rules), schedule.seed]
        matches = _priced(schedule.season, schedule.rules)
        found.append(float(loss + (matches - scored) * math.log(len(RESULT))) / matches if matches else math.nan)
    return found


def _priced(season: Season, rules: Rules) -> int:
    """Count the matches whose 1X2 market has a price."""
    offered = season.odds(rules.prices).iloc[season.first :].reindex(columns=list(rules.selections))
    return int(offered.reindex(columns=RESULT).notna().all(axis=1).sum())


GOALS: dict[str, Goal] = {
    "growth": Goal("growth", growths, True, True, "log growth of a season", "+.4f"),
    "log-loss": Goal("log-loss", log_losses, False, False, "1X2 log-loss of a match", ".5f"),
}


def goal_of(objective: str, agent: Agent) -> Goal:
    """Look an objective up; raises ``MatchdayError`` for an unknown one, and where there are no forecasts to score."""
    if objective not in GOALS:
        raise MatchdayError(f"Objective {objective!r} is none; {did_you_mean(objective, GOALS)}")
    goal = GOALS[objective]
    if not goal.betting and not agent.hears("forecast"):
        raise MatchdayError(f"Agent {agent.name!r} forecasts nothing, so it has no log-loss; tune its growth.")
    return goal


class Spectator(AgentOfAgents):
    """Watches the season and says what its agent thinks: what is forecast then hangs on nobody's money.

    A bettor who is ruined in March would be spared the matches of April.
    """

    @hookimpl
    def decide(self, day: Matchday) -> Decision:
        """Bet nothing, and let the agent say what it thinks."""
        decisions = {name: self._ask(name, day, None) for name in self.members}
        return self._answer(day, decisions, Decision(BetSlip.empty()))

    def _begin(self, season: SeasonOpened) -> None:
        pass

    def _whole(self, day: Matchday, forecasts: Mapping[str, Forecast]) -> Forecast | None:  # noqa: ARG002
        return next(iter(forecasts.values()), None)

    def _parts(self, settlement: Settlement) -> Mapping[str, Settlement]:  # noqa: ARG002
        return {}


def as_played(agent: Agent, goal: Goal) -> Agent:
    """Answer the agent that plays for an agent: itself, or a spectator where no money is at stake."""
    return agent if goal.betting else Agent(agent.name, [Spectator(agents=[agent])])


def rules_played(rules: Rules, goal: Goal) -> Rules:
    """Answer the rules that are played by: a spectator is not made to bet."""
    return rules if goal.betting else rules.model_copy(update={"without_bet": "off"})
