"""The frozen play: an agent that is told nothing of the season it plays, and whose forecasts are nobody else's."""

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pytest
from pydantic import PrivateAttr, ValidationError

from doubles import Fixed, Level, Positive, Watch
from matchday import Agent, Component, Forecast, ForecastCache, Rules, hookimpl, load_agent, play
from matchday.comparison.sharing import share_models
from matchday.encoding import encode
from matchday.events import ForecastMade, SlipPlaced
from matchday.markets import SELECTIONS
from matchday_plugins.hybrids.committee import Committee
from matchday_plugins.hybrids.frozen import Frozen
from members import SEASON, Hears, acts, backer, events_of, hears, of
from walking import synthetic

EXAMPLES = Path(__file__).parents[2] / "examples"


class Learns(Component):
    """A model whose forecast follows from how much it knows, and which counts how often it is asked."""

    _told: int = PrivateAttr(default=0)
    _asked: int = PrivateAttr(default=0)

    @hookimpl
    def season_opened(self, season):
        self._told = 0

    @hookimpl
    def forecast(self, day):
        self._asked += 1
        return Fixed(home=0.5 + 0.001 * len(day.history) + 0.01 * self._told).forecast(day)

    @hookimpl
    def matchday_settled(self, results):
        self._told += len(results)


def learner(name="learner", share=0.02):
    return Agent(name, [("model", Learns()), Positive(), Level(share=share)])


def frozen(*agents, name="whole"):
    return Agent(name, [("ice", Frozen(agents=list(agents or [learner()])))])


def model_in(agent):
    """The model of the first agent inside."""
    while "model" not in agent.components:
        (nest,) = agent.components.values()
        agent = next(iter(nest.members.values()))
    return agent.components["model"]


def lines(agent, season=SEASON, rules=None):
    return [encode(event) for event in play(agent, season, rules)]


def shortened(season, matches):
    there = slice(0, season.first + matches)
    return dataclasses.replace(season, matches=season.matches[there], quotes=season.quotes[there], truth=None)


def blended(events):
    return [event.forecast.probabilities for event in of(ForecastMade, events) if event.blended]


def test_it_sees_the_past_as_it_was_when_the_season_opened_and_is_told_no_results():
    said = [float(p["home"].iloc[0]) for p in blended(play(frozen(), SEASON))]
    opening = 0.5 + 0.001 * SEASON.first
    assert said == pytest.approx([opening] * 8)
    learning = [float(p["home"].iloc[0]) for p in blended(play(learner(), SEASON))]
    assert learning[0] == pytest.approx(opening) and learning[-1] > opening + 0.2


def test_it_plays_the_days_slate_with_the_days_bankroll():
    agent = backer("a", 0.6, 0.05, Hears(), Watch())
    events = events_of(Frozen(agents=[agent]))
    alone = list(play(agent, SEASON))
    assert [each.bets for each in of(SlipPlaced, events)] == [each.bets for each in of(SlipPlaced, alone)]
    assert {cause for _, _, cause in acts(events, "a/watch")} == {f"{SEASON.first} matches"}


def test_it_is_told_nothing_of_its_bets():
    component = Frozen(agents=[backer("a", 0.6, 0.05, Hears())])
    assert of(SlipPlaced, events_of(component))[0].bets
    assert hears(component.members["a"]) == []


@pytest.mark.parametrize(
    ("recipe", "given"),
    [
        ("dixon-coles", {}),
        ("elo + market + benter + platt", {}),
        ("logistic", {"warmup_days": 60, "minimum_matches": 100, "refit_days": 7, "half_life_days": 200}),
    ],
)
def test_its_forecasts_are_those_of_the_frozen_walk(recipe, given, monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import walk_forward

    season = shortened(synthetic(), 60)
    walked = walk_forward.forecast_season(walk_forward.model_agent(recipe, **given), season, frozen=True)
    events = play(frozen(walk_forward.model_agent(recipe, **given)), season, Rules(without_bet="off"))
    said = pd.concat(p.reindex(columns=list(SELECTIONS)) for p in blended(events))
    pd.testing.assert_frame_equal(said, walked, check_exact=True)
    assert not said.equals(walk_forward.forecast_season(walk_forward.model_agent(recipe, **given), season))


def test_an_agent_inside_may_ask_agents_itself():
    inner = Agent("inner", [("both", Committee(agents=[learner("a"), learner("b", 0.01)]))])
    events = events_of(Frozen(agents=[inner]))
    assert {round(float(p["home"].iloc[0]), 9) for p in blended(events)} == {0.5 + 0.001 * SEASON.first}
    assert all(slip.bets for slip in of(SlipPlaced, events))


# --- forecasts that are shared -----------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["learning", "frozen"])
@pytest.mark.parametrize("on_disk", [False, True])
def test_frozen_forecasts_and_learning_ones_are_never_mixed(first, on_disk, tmp_path):
    honest = {"learning": lines(learner()), "frozen": lines(frozen())}
    cache = ForecastCache(tmp_path if on_disk else None)
    for kind in (first, "frozen", "learning", "frozen"):
        agent = learner() if kind == "learning" else frozen()
        assert lines(cache.lend(agent, SEASON)) == honest[kind]
    assert honest["learning"] != honest["frozen"]


@pytest.mark.parametrize("order", [1, -1])
def test_one_play_may_hold_both(order):
    def both():
        agents = [learner("warm"), Agent("cold", [("ice", Frozen(agents=[learner()]))])]
        return Agent("both", [("committee", Committee(agents=agents[::order]))])

    assert lines(ForecastCache().lend(both(), SEASON)) == lines(both())


def test_two_frozen_agents_that_list_the_same_model_share_it():
    agents = [frozen(), frozen(learner("other", 0.01)), frozen(frozen(name="twice"))]
    honest, cache = [lines(agent) for agent in agents], ForecastCache()
    before = [model_in(agent)._asked for agent in agents]
    assert [lines(cache.lend(agent, SEASON)) for agent in agents] == honest
    asked = [model_in(agent)._asked - told for agent, told in zip(agents, before, strict=True)]
    assert asked == [8, 0, 0]


def test_a_worker_is_given_those_that_share_and_a_frozen_agent_shares_with_frozen_ones_alone():
    agents = [learner("a"), frozen(name="b"), learner("c"), frozen(name="d")]
    assert [[each.name for each in group] for group in share_models(agents)] == [["a", "c"], ["b", "d"]]


def test_a_bundled_agent_frozen_plays_the_same_with_forecasts_that_are_shared():
    season, cache = shortened(synthetic(), 60), ForecastCache()
    cold = lines(frozen(load_agent("dixon-coles")), season)
    assert lines(cache.lend(load_agent("dixon-coles"), season), season) == lines(load_agent("dixon-coles"), season)
    assert lines(cache.lend(frozen(load_agent("dixon-coles")), season), season) == cold
    assert lines(cache.lend(frozen(load_agent("dixon-coles")), season), season) == cold


@pytest.mark.parametrize(
    ("agents", "message"),
    [([], "at least 1 item"), ([learner("a"), learner("b")], "agents are 2; rule: one, so freeze each by itself")],
)
def test_it_freezes_one_agent(agents, message):
    with pytest.raises(ValidationError, match=re.escape(message)):
        Frozen(agents=agents)


def test_it_has_no_opinion_where_its_agent_has_none():
    class Silent(Component):
        @hookimpl
        def forecast(self, day):
            return Forecast.silent(day.slate.index)

    agent = Agent("silent", [Silent(), Positive(), Level()])
    assert all(p.isna().all(axis=None) for p in blended(events_of(Frozen(agents=[agent]))))
