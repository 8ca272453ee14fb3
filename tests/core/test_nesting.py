"""Agents of agents: what every component that asks whole agents can rely on, with nothing but test doubles."""

import pickle

import pytest

from doubles import Coin, Faulty, Fixed, Level, Mean, Positive, Watch, gambler, small_season
from matchday import Agent, Component, Decision, Episode, ForecastCache, Rules, hookimpl, play
from matchday.agentfile import build_agent, parse_agent
from matchday.encoding import encode
from matchday.errors import AgentError, ComponentError
from matchday.events import ActionTaken, ComponentFailed, Diagnosed, ForecastMade, MatchdaySettled, SlipPlaced
from matchday.nesting import AgentOfAgents

SEASON = small_season()


class FirstBets(AgentOfAgents):
    """The first agent bets with all the money, the others say what they think."""

    @hookimpl
    def decide(self, day, bankroll):
        first = next(iter(self.members))
        decisions = {name: self._ask(name, day, bankroll if name == first else None) for name in self.members}
        return self._answer(day, decisions, decisions[first], notes=("nested",))

    def _begin(self, season):
        pass

    def _parts(self, settlement):
        return {next(iter(self.members)): settlement}

    def _whole(self, day, forecasts):
        return forecasts.get(next(iter(self.members)))


class Counting(Fixed):
    """A model that counts how often it is asked, and puts it on record."""

    count: bool = True

    @hookimpl
    def forecast(self, day):
        ASKED.append(self.name)
        self.act("asked", cause=f"matchday {day.number}")
        return super().forecast(day)


ASKED: list[str] = []


class Hears(Component):
    """Notes what becomes of the bets, and how the season looked."""

    @hookimpl
    def season_opened(self, season):
        HEARD.append((self.name, season.agent["name"], season.seed))

    @hookimpl
    def matchday_settled(self, settlement):
        HEARD.append((self.name, settlement.before, settlement.after, len(settlement.bets)))


HEARD: list[tuple] = []


def table(name, *uses):
    """An agent as a TOML file has it, of test doubles."""
    return {"name": name, "component": [{"use": f"doubles:{use}"} for use in (*uses, "Positive", "Level")]}


def nest(*agents, name="nest"):
    return Agent(name, [("asks", FirstBets(agents=list(agents)))])


def stream(agent, *, rules=None, seed=0):
    return [encode(event) for event in play(agent, SEASON, rules, seed=seed)]


def bets(agent, seed=0):
    return [event.bets for event in play(agent, SEASON, seed=seed) if isinstance(event, SlipPlaced)]


def test_a_member_decides_as_it_would_alone():
    for seed in (0, 1):
        assert bets(nest(gambler(), table("other", "Coin")), seed) == bets(gambler(), seed)


def test_a_member_two_deep_decides_as_it_would_alone():
    assert bets(nest(nest(nest(gambler(), name="low"), name="middle"), name="high")) == bets(gambler())


def test_agents_are_kept_spelled_out_and_make_the_same_agent_again():
    agent = nest(table("a", "Coin"), table("b", "Fixed"))
    (component,) = agent.spec()["component"]
    assert [each["name"] for each in component["agents"]] == ["a", "b"]
    assert component["agents"][0]["component"][0] == {"use": "matchday.testing.components:Coin", "name": "doubles:Coin"}
    again = Agent("nest", [("asks", FirstBets(agents=component["agents"]))])
    assert again.spec() == agent.spec()
    assert stream(again) == stream(agent)


def test_an_agent_given_as_an_object_is_copied_and_plays_beside_itself():
    mine = gambler()
    agent = nest(mine, nest(mine, name="inner"))
    assert agent.components["asks"].members["gambler"] is not mine
    assert bets(agent) == bets(mine)


def test_a_nest_survives_pickling_before_and_in_the_midst_of_a_season():
    agent = nest(table("a", "Coin"), table("b", "Fixed"))
    assert stream(pickle.loads(pickle.dumps(agent))) == stream(agent)
    episode = Episode(SEASON)
    agent.season_opened(episode.begin())
    day = episode.open().day
    agent.matchday_opened(day)
    midst = pickle.loads(pickle.dumps(agent))
    assert midst.decide(day, 100.0).slip.bets.equals(agent.decide(day, 100.0).slip.bets)


def test_what_is_said_inside_is_on_record_with_the_members_name_before_the_components():
    inner = nest(gambler(Watch()), name="inner")
    events = list(play(nest(gambler(Watch()), inner), SEASON))
    day = [event for event in events if getattr(event, "matchday", 0) == 3]
    assert [e.diagnosis.source for e in day if isinstance(e, Diagnosed)] == ["gambler/watch", "inner/gambler/watch"]
    assert [e.component for e in day if isinstance(e, ActionTaken)] == ["gambler/watch", "inner/gambler/watch"]
    made = [(e.forecast.source, e.blended) for e in day if isinstance(e, ForecastMade)]
    assert made == [("inner", False), ("gambler", True)]
    assert next(e for e in day if isinstance(e, SlipPlaced)).notes == ("nested",)


def test_each_component_inside_is_asked_once_a_matchday_and_told_everything_once():
    ASKED.clear()
    inner = nest(Agent("b", [Counting(), Positive(), Level()]), Agent("c", [Counting(), Positive(), Level()]))
    list(play(nest(Agent("a", [Counting(), Positive(), Level()]), inner), SEASON))
    assert len(ASKED) == 3 * 8


def test_a_member_that_does_not_bet_hears_the_results_and_no_bets():
    HEARD.clear()
    agent = nest(gambler(("first", Hears())), Agent("idle", [Coin(), Positive(), Level(), ("second", Hears())]))
    settled = [e.settlement for e in play(agent, SEASON, seed=5) if isinstance(e, MatchdaySettled)]
    first, second = ([each for each in HEARD if each[0] == name] for name in ("first", "second"))
    assert (first[0], second[0]) == (("first", "gambler", 5), ("second", "idle", 5))
    assert first[1:] == [("first", each.before, each.after, len(each.bets)) for each in settled]
    assert second[1:] == [("second", each.before, each.before, 0) for each in settled]


def test_a_member_that_fails_is_named_with_its_component_in_one_line():
    agent = nest(gambler(), Agent("broken", [Faulty(matchday=3), Positive(), Level()]))
    events = []
    with pytest.raises(
        ComponentError, match=r"Agent 'broken': component 'faulty', hook 'forecast', matchday 3"
    ) as caught:
        events.extend(play(agent, SEASON))
    assert "\n" not in str(caught.value)
    assert isinstance(events[-1], ComponentFailed)
    assert (events[-1].component, events[-1].hook) == ("broken/faulty", "forecast")


def test_where_a_member_fails_by_rule_the_day_is_sat_out_and_what_was_done_is_on_record():
    agent = nest(gambler(Watch()), Agent("broken", [Faulty(matchday=3), Positive(), Level()]))
    events = list(play(agent, SEASON, Rules(on_failure="sit-out")))
    acted = [event.matchday for event in events if isinstance(event, ActionTaken)]
    assert acted == list(range(1, 9))
    assert next(e for e in events if isinstance(e, SlipPlaced) and e.matchday == 3).bets[0].forced


def test_all_members_are_told_before_the_failure_of_one_is_raised():
    class Deaf(Component):
        @hookimpl
        def matchday_settled(self):
            raise OSError("deaf")

    HEARD.clear()
    agent = nest(gambler(Deaf()), Agent("other", [Coin(), Positive(), Level(), ("second", Hears())]))
    with pytest.raises(ComponentError, match="Agent 'gambler': component 'deaf', hook 'matchday_settled'"):
        list(play(agent, SEASON))
    assert len(HEARD) == 2


LISTS = {
    "an agent that does not exist": (
        ["dixon-colez"],
        "Agent 'dixon-colez' is neither bundled nor a file; did you mean",
    ),
    "a file that does not exist": (["nowhere.toml"], "Agent file 'nowhere.toml' cannot be read: No such file"),
    "two of one name": ([table("a", "Coin"), table("a", "Fixed")], "two agents are called 'a'; give one of them"),
    "something else": ([5], "an agent is 5; rule: a bundled name, a TOML file, or a table as in one"),
    "a list of its own": ("dixon-coles", "agents = 'dixon-coles': Input should be a valid tuple"),
    "nobody": ([], "Tuple should have at least 1 item"),
    "a table without components": ([{"name": "a"}], "agent 'a': key 'component' is missing"),
    "a table without a name": ([{"component": []}], "an agent of the list: key 'name' is missing"),
    "a component that does not exist": (
        [table("a", "Coyn")],
        "'doubles:Coyn': module 'doubles' has no 'Coyn'; did you mean",
    ),
    "a member that is no agent": (
        [{"name": "a", "component": [{"use": "doubles:Coin"}]}],
        "Agent 'a': nothing answers 'find_edges'; list an edge rule",
    ),
    "a parameter that does not exist": (
        [{"name": "a", "component": [{"use": "doubles:Level", "shair": 0.1}]}],
        "Agent 'a': component 'doubles:Level': unknown key 'shair'; did you mean 'share'",
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_list_of_agents_that_cannot_be_made_is_refused_in_one_line(case):
    agents, message = LISTS[case]
    entry = {"use": f"{FirstBets.__module__}:FirstBets", "name": "asks", "agents": agents}
    with pytest.raises(AgentError, match=message) as caught:
        build_agent(parse_agent({"name": "outer", "component": [entry]}, where="test"), catalogue=Knows())
    assert str(caught.value).startswith("Agent 'outer': component 'asks': ")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 250


class Knows:
    """A catalogue with one component in it, for this file cannot be imported by name."""

    def component(self, use):
        return FirstBets


@pytest.mark.parametrize("chain", [["mine"], ["mine", "yours"], ["mine", "yours", "theirs"]])
def test_agents_that_list_one_another_in_a_circle_are_refused_in_one_line(chain, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nests.py").write_text("from matchday.nesting import AgentOfAgents\nclass Asks(AgentOfAgents): pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(__import__("sys").modules, "nests", raising=False)
    for name, next_one in zip(chain, [*chain[1:], chain[0]], strict=True):
        text = f'name = "{name}"\n[[component]]\nuse = "nests:Asks"\nagents = ["./{next_one}.toml"]\n'
        (tmp_path / f"{name}.toml").write_text(text)
    from matchday import load_agent

    with pytest.raises(AgentError, match="lists itself") as caught:
        load_agent("mine.toml")
    shown = str(caught.value)
    assert " -> ".join(f"{each}.toml" for each in [*chain[1:], chain[0], *chain[1:2]][: len(chain) + 1]) in shown
    assert "\n" not in shown


def counted(name, share=0.02, home=0.5):
    return Agent(name, [("model", Counting(home=home)), Positive(), Level(share=share)])


def test_a_model_inside_is_forecast_once_for_all_agents_that_list_it_inside_or_outside():
    members = [counted("a"), nest(counted("b", 0.01), counted("c", 0.03, home=0.6), name="inner"), counted("d", 0.04)]
    agents = [nest(*members), nest(*members[::-1]), counted("alone")]
    honest = [stream(agent) for agent in agents]
    for order in (agents, agents[::-1]):
        cache = ForecastCache()
        ASKED.clear()
        stream(cache.lend(order[0], SEASON))
        assert [stream(cache.lend(agent, SEASON)) for agent in agents] == honest
        assert len(ASKED) == 2 * 8


@pytest.mark.parametrize("rules", [None, Rules(on_failure="sit-out")])
def test_what_is_lent_fails_as_the_agent_itself_does(rules):
    def agent():
        return nest(counted("a"), counted("b"), Agent("c", [Coin(), Faulty(matchday=3), Mean(), Positive(), Level()]))

    def told(played):
        lines = []
        try:
            lines += [encode(event) for event in play(played, SEASON, rules)]
        except ComponentError as error:
            lines.append(str(error))
        return lines

    cache = ForecastCache()
    assert told(cache.lend(agent(), SEASON, rules)) == told(agent()) == told(cache.lend(agent(), SEASON, rules))


def test_a_lent_nest_plays_again():
    lent = ForecastCache().lend(nest(counted("a"), counted("b")), SEASON)
    assert stream(lent) == stream(lent)


def test_an_agent_observes_without_betting():
    agent = gambler(Watch())
    episode = Episode(SEASON)
    agent.season_opened(episode.begin())
    day = episode.open().day
    seen = agent.observe(day)
    assert isinstance(seen, Decision) and not len(seen.slip)
    assert [each.source for each in seen.forecasts] == ["coin"] and seen.blended is seen.forecasts[0]
    assert ([each.source for each in seen.diagnoses], [each.component for each in seen.actions]) == (
        ["watch"],
        ["watch"],
    )


def test_what_would_not_be_asked_beside_a_component_that_decides_is_refused():
    with pytest.raises(
        AgentError, match=r"component 'level' answers 'size_stakes', and nobody would ask it, since 'all' decides"
    ):
        Agent("confused", [("all", FirstBets(agents=[gambler()])), Level()])
