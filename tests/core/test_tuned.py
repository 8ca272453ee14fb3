"""An agent carries the search that its parameters come from, and a comparison counts it."""

import pickle

import pytest
from pydantic import ValidationError

from doubles import Coin, Everything, Level, gambler, small_season
from matchday import Agent, compare
from matchday.agentfile import parse_agent
from matchday.errors import AgentError
from matchday.tuned import Tuned, searches, tries


def search(trials=40, seasons=("2023-24",), **more):
    return Tuned(trials=trials, seasons=seasons, source="doubles", competition="T", value=0.01, **more)


def tuned_gambler(name="tuned", trials=40, seasons=("2023-24",)):
    components = list(gambler().components.values())
    return Agent(name, [type(each)(**each.model_dump()) for each in components], tuned=search(trials, seasons))


def test_the_search_goes_with_the_agent_wherever_it_goes():
    agent = tuned_gambler()
    for same in (pickle.loads(pickle.dumps(agent)), agent.with_stand_ins({})):
        assert same.tuned == agent.tuned
        assert same.spec() == agent.spec()
    assert agent.spec()["tuned"]["trials"] == 40
    assert parse_agent(agent.spec(), where="record").tuned == agent.tuned


def test_an_agent_without_a_search_is_described_as_before():
    assert "tuned" not in gambler().spec()
    assert tries(gambler().spec()) == 1


def test_the_searches_of_agents_inside_are_found():
    inside = {"name": "inner", "component": [], "tuned": search(7).model_dump(mode="json")}
    nested = {"name": "whole", "component": [{"use": "x:Y", "agents": [inside, {"name": "plain", "component": []}]}]}
    assert [each.trials for each in searches(nested)] == [7]
    assert tries({**nested, "tuned": search(5).model_dump(mode="json")}) == 12


def test_a_comparison_counts_every_agent_that_was_tried_in_a_search():
    season = small_season()
    comparison = compare([gambler(), tuned_gambler(trials=40)], [season])
    # the two agents are made of the same components, so that they are one agent, found among 40
    assert comparison.tried == 40
    assert compare([tuned_gambler(trials=40), gambler()], [season]).tried == 40
    other = Agent("other", [Coin(), Everything(), Level(share=0.01)])
    assert compare([other, tuned_gambler(trials=40)], [season]).tried == 41


def test_a_comparison_says_which_seasons_are_in_sample():
    season = small_season()
    seen = compare([gambler(), tuned_gambler(seasons=(season.name,))], [season])
    assert seen.in_sample == {"tuned": [season.name]}
    assert seen.conclusions[0] == (
        f"tuned was tuned on {season.name}: what it did there is in-sample, and no evidence."
    )
    fresh = compare([gambler(), tuned_gambler(seasons=("1999-00",))], [season])
    assert fresh.in_sample == {}
    assert not any("in-sample" in line for line in fresh.conclusions)


def test_another_league_of_the_same_year_is_not_in_sample():
    seen = search()
    assert seen.saw(source="doubles", competition="T", season="2023-24")
    assert not seen.saw(source="doubles", competition="SP1", season="2023-24")
    assert not seen.saw(source="other", competition="T", season="2023-24")


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("trials", 0, "greater than or equal to 1"),
        ("seasons", ["2023"], "two years in a row"),
        ("seasons", [], "1 item"),
        ("value", "nan", "finite"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_with_the_agent_s_file(field, value, rule):
    given = {**search().model_dump(mode="json"), field: value}
    with pytest.raises(ValidationError, match=rule):
        Tuned(**given)
    with pytest.raises(AgentError, match=f"tuned.{field}"):
        parse_agent({"name": "a", "component": [{"use": "kelly"}], "tuned": given}, where="file")
