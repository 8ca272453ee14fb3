"""The loop: an agent plays a season, and everything that happens comes out as events, in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from matchday.actions import Consultation
from matchday.agent import Agent
from matchday.bets import BetSlip
from matchday.decision import Decision
from matchday.episode import Episode, steps
from matchday.errors import ComponentError, MatchdayError, RuleBroken, short
from matchday.events import (
    ActionTaken,
    ComponentFailed,
    Consulted,
    Diagnosed,
    Event,
    ForecastMade,
    MatchdayOpened,
    SlipRefused,
    StepTaken,
)
from matchday.rules import Rules
from matchday.season import Season


def play(agent: Agent, season: Season, rules: Rules | None = None, *, seed: int = 0) -> Iterator[Event]:
    """Play a season to its end or to ruin, one event at a time.

    The same agent, season, rules and seed give the same events. A refused slip counts as an empty one, on record.
    Raises ``ComponentError`` where a component fails, unless the rules let its agent sit out the matchday,
    ``RuleBroken`` where the rules ask for a bet and let none be forced, and ``MatchdayError`` where an argument is
    something else than it is called.
    """
    _check_kinds(agent, season, rules)
    episode = Episode(season, rules)
    opened = episode.begin(agent=agent.spec(), seed=seed)
    yield opened
    yield from _tell(episode, agent.season_opened, opened)
    for morning in steps(episode):
        yield morning
        yield from _bet(agent, episode, morning)
        settled = episode.settle()
        yield settled
        if agent.hears("matchday_settled"):
            yield from _tell(episode, agent.matchday_settled, morning.day, episode.results(), settled.settlement)
    closed = episode.close()
    yield closed
    yield from _tell(episode, agent.season_closed, closed)


def _check_kinds(agent: object, season: object, rules: object) -> None:
    """Say of an argument that is of another kind what makes one of the right kind."""
    asked = (
        ("agent", agent, Agent, "an Agent, as load_agent('dixon-coles') is"),
        ("season", season, Season, "a Season, as source.season('2023-24') is"),
        ("rules", rules, Rules | None, "Rules, as Rules(bankroll=200) are, or None"),
    )
    for name, value, kind, rule in asked:
        if not isinstance(value, kind):
            raise MatchdayError(f"play: {name} is {short(value)}; rule: {rule}.")


def _tell(episode: Episode, hear: Callable[..., None], *news: object) -> Iterator[Event]:
    """Tell the agent's components what happened."""
    try:
        hear(*news)
    except ComponentError as error:
        yield from _failed(error, episode)


def _bet(agent: Agent, episode: Episode, morning: MatchdayOpened) -> Iterator[Event]:
    """Let the agent decide, and place what it decided."""
    try:
        agent.matchday_opened(morning.day)
        decision = agent.decide(morning.day, episode.bankroll)
    except ComponentError as error:
        yield from _failed(error, episode)
        decision = Decision(BetSlip.empty(), actions=tuple(agent.drain()))
    yield from told(decision, morning.matchday)
    slip = dataclasses.replace(decision.slip, notes=(*decision.notes, *decision.slip.notes))
    try:
        placed = episode.place(slip)
    except RuleBroken as error:
        yield SlipRefused(morning.matchday, str(error))
        placed = episode.place(BetSlip.empty())
    yield placed


def told(decision: Decision, matchday: int) -> Iterator[Event]:
    """Put on record what led to a slip."""
    for diagnosis in decision.diagnoses:
        yield Diagnosed(matchday, diagnosis)
    for forecast in decision.forecasts:
        if forecast is not decision.blended:
            yield ForecastMade(matchday, forecast, blended=False)
    if decision.blended is not None:
        yield ForecastMade(matchday, decision.blended, blended=True)
    for step in decision.steps:
        yield StepTaken(matchday, step)
    for number, action in enumerate(decision.actions, 1):
        if isinstance(action, Consultation):
            yield Consulted(matchday, number, action)
        else:
            yield ActionTaken(matchday, action.component, action.action, action.cause)


def _failed(error: ComponentError, episode: Episode) -> Iterator[Event]:
    """Put a failure on record, and end the run with it unless the rules say otherwise."""
    yield ComponentFailed(episode.number, error.component, error.hook, error.message, error.place)
    if episode.rules.on_failure == "stop":
        raise error
