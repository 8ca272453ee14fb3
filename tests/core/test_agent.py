import pickle

import numpy as np
import pandas as pd
import pytest
from pydantic import PrivateAttr

from doubles import (
    Coin,
    Everything,
    Faulty,
    Fixed,
    Level,
    Mean,
    Minus,
    Positive,
    Times,
    Watch,
    gambler,
    small_season,
)
from matchday import Agent, BetSlip, Component, Decision, Episode, Forecast, Rules, hookimpl, play
from matchday.errors import AgentError, ComponentError
from matchday.events import ActionTaken, ComponentFailed, Diagnosed, ForecastMade, SlipPlaced, SlipRefused

SEASON = small_season()


def first_day(agent, season=SEASON):
    episode = Episode(season)
    agent.season_opened(episode.begin())
    return episode.open().day


def decided(*components):
    agent = Agent("test", components)
    return agent.decide(first_day(agent), 100.0)


def test_forecasts_are_collected_in_list_order_and_carry_their_components_names():
    decision = decided(("first", Fixed(home=0.6)), ("second", Fixed(home=0.4)), Mean(), Positive(), Level())
    assert [f.source for f in decision.forecasts] == ["first", "second"]
    assert decision.blended.probabilities["home"].iloc[0] == pytest.approx(0.5)


def test_a_single_model_needs_no_blend():
    decision = decided(Fixed(), Positive(), Level())
    assert decision.blended is decision.forecasts[0]


def test_without_a_model_there_is_no_opinion():
    decision = decided(Everything(), Level(share=0.01))
    assert decision.forecasts == () and decision.blended is None
    assert decision.slip.bets["probability"].isna().all()


def test_wrappers_act_in_list_order_the_first_on_what_the_stage_answered():
    shares = {}
    for order in ("times-minus", "minus-times"):
        wrappers = [Times(factor=0.5), Minus(less=0.01)]
        wrappers = wrappers if order == "times-minus" else wrappers[::-1]
        slip = decided(Fixed(), Positive(), Level(share=0.1), *wrappers).slip
        shares[order] = slip.bets["share"].iloc[0]
        assert slip.bets["reason"].iloc[0].split("; ")[0] == "level: 0.1"
    assert shares == pytest.approx({"times-minus": 0.1 * 0.5 - 0.01, "minus-times": (0.1 - 0.01) * 0.5})


def test_where_a_wrapper_stands_among_the_other_stages_does_not_matter():
    first = decided(Times(), Fixed(), Positive(), Level()).slip.bets
    last = decided(Fixed(), Positive(), Level(), Times()).slip.bets
    pd.testing.assert_frame_equal(first, last)


def test_a_component_may_answer_the_whole_matchday_instead_of_the_chain():
    class Abstain(Component):
        @hookimpl
        def decide(self, day, bankroll):
            return Decision(BetSlip.empty(), notes=(f"{bankroll:g}",))

    assert decided(Abstain()).notes == ("100",)
    placed = next(e for e in play(Agent("abstains", [Abstain()]), SEASON) if isinstance(e, SlipPlaced))
    assert placed.notes == ("100",)


def test_what_a_filter_left_out_is_on_record_before_the_notes_of_the_slip():
    class Only(Component):
        @hookimpl(wrapper=True)
        def find_edges(self):
            edges = yield
            return edges.keep(edges.bets["odds"] > 100.0, reason="only")

    class Says(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self):
            slip = yield
            return slip.noted("nothing left")

    agent = Agent("picky", [Fixed(home=0.9), Positive(), Only(), Level(), Says()])
    placed = next(e for e in play(agent, SEASON) if isinstance(e, SlipPlaced))
    assert placed.notes[0].startswith("only: left out T 2001-") and placed.notes[1] == "nothing left"


def test_an_agent_is_a_component_that_answers_with_its_blend():
    inner = Agent("inner", [("a", Fixed(home=0.6)), ("b", Fixed(home=0.4)), Mean(), Positive(), Level()])
    decision = decided(inner, ("c", Fixed(home=0.8)), Mean(), Positive(), Level())
    assert [f.source for f in decision.forecasts] == ["inner", "c"]
    assert decision.blended.probabilities["home"].iloc[0] == pytest.approx(0.65)


def test_an_agent_survives_pickling_with_its_list():
    agent = pickle.loads(pickle.dumps(gambler(Times(factor=0.3))))
    assert agent.spec() == gambler(Times(factor=0.3)).spec()
    assert agent.decide(first_day(agent), 100.0).slip.bets.equals(
        decided(Coin(), Positive(), Level(), Times(factor=0.3)).slip.bets
    )


def test_components_compare_by_identity():
    assert Fixed() != Fixed()
    assert len({Fixed(), Fixed()}) == 2


class Misspelt(Component):
    @hookimpl
    def forcast(self, day):
        return None


class Greedy(Component):
    @hookimpl(tryfirst=True)
    def forecast(self, day):
        return None


class WrapsForecast(Component):
    @hookimpl(wrapper=True)
    def forecast(self, day):
        return (yield)


class TakesMore(Component):
    @hookimpl
    def forecast(self, day, bankroll):
        return None


ASSEMBLY = {
    "a misspelt hook": ([Misspelt()], "there is no such hook; did you mean 'forecast'"),
    "an order of its own": ([Greedy()], "tryfirst and trylast are refused"),
    "a wrapper where answers are collected": ([WrapsForecast()], "cannot be wrapped"),
    "an argument the hook does not have": ([TakesMore(), Positive(), Level()], "bankroll"),
    "no edge rule": ([Fixed(), Level()], "nothing answers 'find_edges'; list an edge rule"),
    "no staking": ([Fixed(), Positive()], "nothing answers 'size_stakes'; list a staking"),
    "a wrapper alone where a stage must be answered": (
        [Fixed(), Positive(), Times()],
        "nothing answers 'size_stakes'",
    ),
    "two answers": ([Positive(), Everything(), Level()], "'positive', 'everything' all answer 'find_edges'"),
    "two models and no blend": (
        [Fixed(), Coin(), Positive(), Level()],
        "nothing answers 'blend' for its models",
    ),
    "two of one name": ([Fixed(), Fixed(), Mean(), Positive(), Level()], "two components are named 'fixed'"),
    "a class instead of an object": ([Fixed, Positive(), Level()], "class Fixed is not a component"),
    "something else": ([object(), Positive(), Level()], "is not a component"),
}


@pytest.mark.parametrize("case", ASSEMBLY)
def test_a_list_that_makes_no_agent_is_refused_in_one_line(case):
    components, message = ASSEMBLY[case]
    with pytest.raises(AgentError, match=message) as caught:
        Agent("wrong", components)
    assert "\n" not in str(caught.value) and "'wrong'" in str(caught.value)


def test_the_same_component_cannot_stand_in_a_list_twice():
    model = Fixed()
    with pytest.raises(AgentError, match="listed twice"):
        Agent("wrong", [model, ("again", model), Mean(), Positive(), Level()])


def test_a_parameter_cannot_take_a_key_of_the_agents_list():
    with pytest.raises(TypeError, match="'use' cannot be a parameter"):
        type("Bad", (Component,), {"__annotations__": {"use": str}, "__module__": __name__})


class Answers(Component):
    """A model that answers something."""

    what: str

    @hookimpl
    def forecast(self, day):
        frame = pd.DataFrame(1 / 3, index=day.slate.index, columns=["home", "draw", "away"])
        return {
            "nothing": lambda: None,
            "a frame": lambda: frame,
            "other rows": lambda: Forecast(frame.iloc[::-1]),
            "an incoherent one": lambda: Forecast(frame * 2),
        }[self.what]()


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("nothing", "answered None; rule: Forecast"),
        ("a frame", "rule: Forecast"),
        ("other rows", "other rows than the slate's"),
        ("an incoherent one", "probabilities that add up to 1"),
    ],
)
def test_nonsense_from_a_component_names_component_hook_and_matchday(what, message):
    with pytest.raises(ComponentError, match=message) as caught:
        decided(Answers(what=what), Positive(), Level())
    for word in ("'answers'", "'forecast'", "matchday 1 (2001-08-04)"):
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_failure_inside_a_wrapper_names_the_wrapper():
    class Breaks(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self):
            slip = yield
            raise KeyError("no such column")
            return slip

    with pytest.raises(ComponentError) as caught:
        decided(Fixed(), Positive(), Level(), Breaks())
    assert (caught.value.component, caught.value.hook) == ("breaks", "size_stakes")


def test_a_failure_inside_an_inner_agent_names_the_inner_component():
    inner = Agent("inner", [Faulty(matchday=1), Positive(), Level()])
    with pytest.raises(ComponentError, match="Agent 'inner': component 'faulty'"):
        decided(inner, Positive(), Level())


def faulty():
    return Agent("faulty", [Faulty(matchday=3), Positive(), Level()])


def test_a_component_that_fails_ends_the_run_and_is_on_record():
    events = []
    with pytest.raises(ComponentError, match="ZeroDivisionError: a fault of two lines"):
        iter_into(play(faulty(), SEASON), events)
    assert isinstance(events[-1], ComponentFailed)
    assert (events[-1].matchday, events[-1].component, events[-1].hook) == (3, "faulty", "forecast")


def iter_into(played, events):
    for event in played:
        events.append(event)


def test_by_rule_an_agent_with_a_failing_component_sits_out_the_matchday():
    events = list(play(faulty(), SEASON, Rules(on_failure="sit-out")))
    assert [e.matchday for e in events if isinstance(e, ComponentFailed)] == [3]
    assert len([e for e in events if isinstance(e, SlipPlaced)]) == 8


@pytest.mark.parametrize("hook", ["season_opened", "matchday_opened", "matchday_settled", "season_closed"])
def test_a_failure_is_on_record_whatever_the_component_was_told(hook):
    def hears(self):
        raise OSError("deaf")

    deaf = type("Deaf", (Component,), {hook: hookimpl(hears), "__module__": __name__})
    events = []
    with pytest.raises(ComponentError, match=f"component 'deaf', hook '{hook}'"):
        iter_into(play(gambler(deaf()), SEASON), events)
    assert isinstance(events[-1], ComponentFailed)
    assert list(play(gambler(deaf()), SEASON, Rules(on_failure="sit-out")))


def test_a_refused_slip_is_on_record_and_the_season_goes_on():
    agent = Agent("greedy", [Everything(), Level(share=0.5)])
    events = list(play(agent, SEASON))
    refused = [e for e in events if isinstance(e, SlipRefused)]
    assert len(refused) == 8
    assert "matchday_limit" in refused[0].reason
    assert all(e.bets[0].forced for e in events if isinstance(e, SlipPlaced))


def test_everything_that_led_to_a_slip_is_on_record_in_order():
    agent = Agent("full", [Watch(), ("a", Fixed()), ("b", Coin()), Mean(), Positive(), Level()])
    names = [type(e).__name__ for e in play(agent, SEASON)][1:12]
    middle = ["Diagnosed", *["ForecastMade"] * 3, *["StepTaken"] * 3, "ActionTaken", "SlipPlaced"]
    assert names == ["MatchdayOpened", *middle, "MatchdaySettled"]


def test_watches_are_heard_before_forecasting_and_actions_name_their_cause():
    heard = []

    class Listens(Component):
        @hookimpl
        def find_edges(self, day, forecast):
            heard.append([d.value for d in day.diagnoses])
            return Everything().find_edges(day, forecast)

    agent = Agent("listener", [Watch(), Listens(), Level(share=0.001)])
    events = list(play(agent, SEASON))
    assert heard[:2] == [[24.0], [27.0]]
    assert next(e for e in events if isinstance(e, Diagnosed)).diagnosis.measure == "matches"
    taken = next(e for e in events if isinstance(e, ActionTaken))
    assert (taken.component, taken.action, taken.cause) == ("watch", "looked", "24 matches")


def test_every_component_is_told_how_the_season_goes():
    watch = Watch()
    list(play(gambler(watch), SEASON))
    assert watch._told[0] == "opened 2001-02 after 24"
    assert watch._told[1].startswith("settled 1: 3 results, ")
    assert watch._told[-1] == "closed completed"


def test_the_blend_that_edges_come_from_is_marked_once_a_matchday():
    events = list(play(Agent("two", [("a", Fixed()), ("b", Coin()), Mean(), Positive(), Level()]), SEASON))
    made = [e for e in events if isinstance(e, ForecastMade)]
    assert [e.blended for e in made[:3]] == [False, False, True]
    assert made[2].forecast.source == "mean"


class Notes(Component):
    """Writes down when it is told what."""

    _heard: list = PrivateAttr(default_factory=list)

    @hookimpl
    def matchday_settled(self, day, results):
        self._heard.append((day.number, self.name, int(results["home_goals"].max())))
        results["home_goals"] = 99


class Deaf(Component):
    @hookimpl
    def matchday_settled(self, day):
        if day.number == 2:
            raise OSError("deaf")


def test_everybody_is_told_in_list_order_with_frames_of_their_own_even_where_one_fails():
    heard = []
    first, last = Notes(), Notes()
    first._heard, last._heard = heard, heard
    agent = gambler_with(("first", first), Deaf(), ("last", last))
    list(play(agent, SEASON, Rules(on_failure="sit-out")))
    assert [(number, name) for number, name, _ in heard][:6] == [
        (number, name) for number in (1, 2, 3) for name in ("first", "last")
    ]
    assert max(goals for _, _, goals in heard) < 99


def gambler_with(*extra):
    return Agent("gambler", [Coin(), Positive(), Level(), *extra])


def test_a_blend_that_writes_to_a_models_forecast_does_not_change_the_record():
    class Spoils(Component):
        @hookimpl
        def blend(self, forecasts):
            forecasts[0].probabilities["home"] = 0.0
            return forecasts[1]

    decision = decided(("a", Fixed(home=0.6)), ("b", Fixed(home=0.4)), Spoils(), Positive(), Level())
    assert decision.forecasts[0].probabilities["home"].iloc[0] == 0.6


def test_a_wrapper_that_makes_a_forecast_incoherent_is_found_out():
    class Spoils(Component):
        @hookimpl(wrapper=True)
        def blend(self):
            forecast = yield
            forecast.probabilities["home"] *= 3
            return forecast

    with pytest.raises(ComponentError, match="add up to 1"):
        decided(Fixed(), Spoils(), Positive(), Level())


def test_a_component_of_another_agent_is_not_taken_under_another_name():
    model = Coin()
    Agent("one", [("x", model), Positive(), Level()])
    with pytest.raises(AgentError, match="'y' is 'x' in another agent"):
        Agent("two", [("y", model), Positive(), Level()])


def test_a_component_that_is_none_is_refused_whatever_hooks_it_has():
    class Stranger:
        @hookimpl
        def forecast(self, day):
            return None

    with pytest.raises(AgentError, match="is not a component"):
        Agent("wrong", [Stranger(), Positive(), Level()])


def test_what_an_inner_agents_components_do_is_on_record():
    inner = Agent("inner", [Watch(), Fixed(), Positive(), Level()])
    assert [action.component for action in decided(inner, Positive(), Level()).actions] == ["watch"]


def test_sets_among_the_parameters_are_written_in_one_order():
    class Picky(Fixed):
        names: frozenset[str] = frozenset({"b", "c", "a"})

    assert Agent("p", [Picky(), Positive(), Level()]).spec()["component"][0]["names"] == ["a", "b", "c"]


@pytest.mark.parametrize("contents", [{"slip": None}, {"forecasts": ("x",)}, {"blended": 1}, {"actions": ("y",)}])
def test_a_decision_of_the_wrong_things_names_who_made_it(contents):
    class Odd(Component):
        @hookimpl
        def decide(self, day):
            return Decision(**{"slip": BetSlip.empty(), **contents})

    with pytest.raises(ComponentError, match="component 'odd', hook 'decide'.*Decision: "):
        decided(Odd())


def test_diagnoses_may_hold_numbers_of_numpy_and_nothing_else_passes_for_one():
    from matchday import Diagnosis
    from matchday.encoding import encode

    class Looks(Component):
        what: str

        @hookimpl
        def diagnose(self, day):
            z = np.float64(3.5)
            return [Diagnosis(self.name, "z", z, alarm=z > 3)] if self.what == "z" else ["odd"]

    events = list(play(Agent("looks", [Looks(what="z"), Fixed(), Positive(), Level()]), SEASON))
    assert '"value":3.5,"alarm":true' in encode(next(e for e in events if isinstance(e, Diagnosed)))
    with pytest.raises(ComponentError, match="rule: a list of Diagnosis"):
        decided(Looks(what="odd"), Fixed(), Positive(), Level())


def test_a_components_error_survives_the_way_from_a_worker():
    error = pickle.loads(pickle.dumps(ComponentError("m", component="c", hook="h")))
    assert (str(error), error.component, error.hook) == ("m", "c", "h")
