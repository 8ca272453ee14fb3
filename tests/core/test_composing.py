"""What a plugin author gets wrong is said in one line: what, where, and the mend."""

import functools
import re

import numpy as np
import pandas as pd
import pytest
from pydantic import Field, ValidationError

from doubles import Coin, Everything, Fixed, Level, Mean, Positive, Times, small_season
from matchday import (
    Agent,
    BetSlip,
    Component,
    Diagnosis,
    Edges,
    Forecast,
    Source,
    hookimpl,
    play,
)
from matchday.errors import AgentError, ComponentError, MatchdayError

SEASON = small_season(matchdays=1)


def bad(hook, **options):
    """Make a component, called "bad", of one function."""

    def made(function):
        body = {hook: hookimpl(function, **options), "__module__": __name__}
        return type("Bad", (Component,), body)()

    return made


def refused(error, message, *components):
    """What is said, in one line, where these components are listed and played."""
    with pytest.raises(error, match=re.escape(message)) as caught:
        list(play(Agent("mine", list(components)), SEASON))
    said = str(caught.value)
    assert "\n" not in said and "Agent 'mine'" in said
    return said


wrapper = functools.partial(bad, wrapper=True)


@bad("forecast")
def misspelt_argument(self, dya): ...


@bad("forecast")
def money_in_a_forecast(self, day, bankroll): ...


@bad("forecast")
def keyword_only(self, *, day): ...


@bad("forecast")
def takes_all(self, **news): ...


@bad("forecast")
def without_self(day): ...


@bad("forcast")
def misspelt_hook(self, day): ...


@wrapper("size_stakes")
def never_yields(self):
    return None


@bad("size_stakes")
def yields_unmarked(self):
    slip = yield
    return slip


@bad("size_stakes", hookwrapper=True)
def old_form(self):
    yield


@bad("size_stakes", specname="size_stakes")
def renamed(self, edges): ...


@bad("forecast")
async def asynchronous(self, day): ...


class Unmarked(Component):
    def forecast(self, day): ...


class Hookless(Component):
    """Somebody forgot something."""


REFUSED = {
    "a misspelt argument": (
        misspelt_argument,
        "it takes 'dya', which the hook does not hand over; did you mean 'day'?",
    ),
    "an argument of another hook": (
        money_in_a_forecast,
        "it takes 'bankroll', which the hook does not hand over; known",
    ),
    "a keyword-only argument": (keyword_only, "'*, day' is not handed over; write (self, day), or those of them"),
    "an argument for all": (takes_all, "'**news' is not handed over; write (self, day)"),
    "no self": (without_self, "its first argument is not self; write self before the others"),
    "a misspelt hook": (misspelt_hook, "there is no such hook; did you mean 'forecast'?"),
    "a wrapper that does not yield": (never_yields, "it is a wrapper and does not yield; write answer = yield"),
    "a wrapper that is not marked as one": (
        yields_unmarked,
        "it yields, and is not marked as a wrapper; write @hookimpl",
    ),
    "a coroutine": (asynchronous, "it is async, and nobody would await it; write def in place of async def"),
    "the old form of a wrapper": (old_form, "write @hookimpl(wrapper=True)"),
    "a hook under another name": (renamed, "specname is refused; name the method as the hook is named"),
    "a hook that is not marked": (Unmarked(), "it is not marked, so nobody would call it; write @hookimpl above it."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hook_that_could_not_be_called_is_refused_where_it_is_written(case):
    component, message = REFUSED[case]
    said = refused(AgentError, message, Fixed(), component, Positive(), Level())
    name = "unmarked" if isinstance(component, Unmarked) else "bad"
    assert re.match(rf"Agent 'mine': component '{name}', hook '\w+' \(\S*test_composing.py, line \d+\): ", said)


def test_a_component_without_a_hook_is_refused():
    refused(
        AgentError,
        "component 'hookless' has no hook, so nobody would call it",
        Fixed(),
        Hookless(),
        Positive(),
        Level(),
    )


class Embedded(Source):
    def seasons(self):
        return []

    def season(self, name, *, partial=False):
        raise NotImplementedError


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (Fixed, "class Fixed is not a component; write Fixed(), which makes one."),
        (dict, "class dict is not a component; rule: an object of a Component's class"),
        (Embedded(), "Embedded is a source, not a component; an agent is played on a season of it."),
        ("kelly", "as Catalogue().component('kelly')() makes of a name."),
        ({"use": "kelly"}, "{'use': 'kelly'} is not a component; rule: an object of a Component's class, or a pair"),
        (
            (Fixed(), "model"),
            "is not a component; rule: an object of a Component's class, or a pair of a name and one.",
        ),
        (object(), "a object is not a component"),
    ],
)
def test_what_is_no_component_is_named_as_what_it_is(listed, message):
    refused(AgentError, message, listed, Positive(), Level())


@pytest.mark.parametrize("listed", [None, Fixed()])
def test_components_that_are_no_list_are_refused(listed):
    with pytest.raises(AgentError, match="Agent 'mine': components is a .*; rule: a list of components"):
        Agent("mine", listed)


@wrapper("size_stakes")
def yields_twice(self):
    slip = yield
    yield
    return slip


@wrapper("size_stakes")
def forgets_to_return(self):
    yield


@wrapper("size_stakes")
def returns_first(self):
    if self.name:
        return None
    yield


@wrapper("size_stakes")
def answers_a_frame(self):
    slip = yield
    return slip.bets


@pytest.mark.parametrize(
    ("guard", "message"),
    [
        (yields_twice, "yielded twice; rule: answer = yield, once, then return an answer"),
        (forgets_to_return, "answered None; rule: BetSlip; return edges.slip(shares)"),
        (returns_first, "returned before it yielded; rule: answer = yield, once"),
        (answers_a_frame, "answered a DataFrame; rule: BetSlip"),
    ],
)
@pytest.mark.parametrize("others", [(), (Times,)])
def test_a_wrapper_alone_is_blamed_for_what_it_does(guard, message, others):
    said = refused(ComponentError, message, Fixed(), Positive(), Level(), guard, *(each() for each in others))
    assert "component 'bad', hook 'size_stakes', matchday 1 (2001-08-04)" in said and "test_composing.py, line" in said


def test_a_stage_that_answers_nothing_is_blamed_and_not_the_wrapper_that_trips_over_it():
    nothing = bad("size_stakes")(lambda self, edges: None)
    refused(ComponentError, "component 'bad', hook 'size_stakes', matchday 1", Fixed(), Everything(), nothing, Times())


def test_a_calibrator_that_answers_other_rows_is_blamed_and_not_the_blend():
    @wrapper("blend")
    def upside_down(self):
        forecast = yield
        return Forecast(forecast.probabilities.iloc[::-1])

    models = ("a", Fixed()), ("b", Coin())
    said = refused(
        ComponentError, "answered other rows than the slate's", *models, Mean(), upside_down, Positive(), Level()
    )
    assert "component 'bad', hook 'blend'" in said


def test_a_wrapper_may_mend_what_fails_inside_it():
    @bad("size_stakes")
    def broken(self, edges):
        raise ZeroDivisionError

    class Mends(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self):
            try:
                return (yield)
            except ComponentError:
                return BetSlip.empty()

    assert list(play(Agent("mine", [Fixed(), Everything(), broken, Mends()]), SEASON))[-1].reason == "completed"


class Away(BaseException):
    """A way out that is no ``Exception``."""


class Mute(Exception):
    def __str__(self):
        raise ValueError("it cannot even say what it is")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Away("gone"), "failed: Away: gone ("),
        (GeneratorExit(), "failed: GeneratorExit ("),
        (SystemExit(), "failed: SystemExit ("),
        (MemoryError(), "failed: MemoryError ("),
        (Mute(), "failed: Mute ("),
    ],
)
def test_whatever_a_component_raises_is_reported_under_its_name(error, said):
    @bad("forecast")
    def raises(self, day):
        raise error

    refused(ComponentError, said, raises, Positive(), Level())


def test_no_wrapper_stands_between_a_person_and_the_end_of_a_play():
    class Interrupted(Component):
        @hookimpl
        def size_stakes(self):
            raise KeyboardInterrupt

    class Persists(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self):
            try:
                return (yield)
            except BaseException:
                return BetSlip.empty()

    with pytest.raises(KeyboardInterrupt):
        list(play(Agent("mine", [Fixed(), Everything(), Interrupted(), Persists()]), SEASON))


class Follows(Component):
    """A listener that follows a model by its name."""

    model: str

    def check_agent(self, agent):
        agent.need_model(self.model, parameter="model")

    @hookimpl
    def matchday_opened(self, day): ...


def test_a_name_of_somebody_who_is_not_there_is_refused_when_the_agent_is_assembled():
    assert Agent("mine", [("goals", Fixed()), Positive(), Level(), Follows(model="goals")])
    message = "Agent 'mine': component 'follows': model 'gaols': no model has that name; did you mean 'goals'?"
    for name, others in (("gaols", [("goals", Fixed())]), ("level", [("goals", Fixed())])):
        with pytest.raises(AgentError, match=re.escape(message.replace("gaols", name).partition(";")[0])):
            Agent("mine", [*others, Positive(), Level(), Follows(model=name)])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dixon-coles", SEASON), "play: agent is 'dixon-coles'; rule: an Agent, as load_agent('dixon-coles') is."),
        (("mine", "2023-24"), "play: season is '2023-24'; rule: a Season, as source.season('2023-24') is."),
        (("mine", SEASON, {"bankroll": 3}), "play: rules is {'bankroll': 3}; rule: Rules, as Rules(bankroll=200) are"),
    ],
)
def test_something_else_than_an_agent_a_season_and_rules_is_refused_with_what_makes_one(arguments, message):
    sound = Agent("mine", [Fixed(), Positive(), Level()])
    with pytest.raises(MatchdayError, match=re.escape(message)):
        list(play(*(sound if each == "mine" else each for each in arguments)))


@pytest.mark.parametrize("name", ["", 3, None])
def test_an_agent_has_a_name(name):
    with pytest.raises(AgentError, match="that is no name; rule: a text that is not empty"):
        Agent(name, [Fixed(), Positive(), Level()])


def edges_of(make):
    return bad("find_edges")(lambda self, day, forecast: make(day, forecast))


ANSWERS = {
    "edges of nothing": (
        lambda day, forecast: Edges(None, forecast),
        "Edges: bets is a NoneType; rule: a DataFrame of",
    ),
    "edges of a column": (
        lambda day, forecast: Edges.where(day.slate.odds["home"] > 2, slate=day.slate, forecast=forecast),
        "Edges: chosen is a Series; rule: a DataFrame of True and False",
    ),
    "edges from a frame": (
        lambda day, forecast: Edges.where(day.slate.odds > 2, slate=day.slate, forecast=forecast.probabilities),
        "Edges: forecast is a DataFrame; rule: the Forecast they came from",
    ),
    "edges without columns": (lambda day, forecast: Edges(day.slate.odds, forecast), "bets has no column 'match_id'"),
    "a frame": (lambda day, forecast: day.slate.odds > 2, "answered a DataFrame; rule: Edges; return Edges.where("),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_of_the_wrong_kind_says_how_a_right_one_is_made(case):
    make, message = ANSWERS[case]
    assert "test_composing.py, line" in refused(ComponentError, message, Fixed(), edges_of(make), Level())


def test_one_diagnosis_is_no_list_of_them():
    one = bad("diagnose")(lambda self: Diagnosis("bad", "x", 1.0))
    rule = "answered a Diagnosis; rule: a list of Diagnosis; return [] for nothing unusual"
    refused(ComponentError, rule, one, Fixed(), Positive(), Level())


def test_a_slip_of_a_list_is_refused():
    listed = bad("size_stakes")(lambda self: BetSlip([1]))
    refused(ComponentError, "BetSlip: bets is a list; rule: a DataFrame of match_id", Fixed(), Positive(), listed)


def test_a_failure_names_the_last_line_of_the_component_and_not_those_of_libraries():
    @bad("forecast")
    def wrong_column(self, day):
        return looked_up(day)

    def looked_up(day):
        return day.slate.odds["hom"]

    said = refused(ComponentError, "failed: KeyError: 'hom' (", wrong_column, Positive(), Level())
    assert said.endswith(f"test_composing.py, line {looked_up.__code__.co_firstlineno + 1})")


@pytest.mark.parametrize("name", ["fit", "window"])
def test_setting_an_attribute_says_where_state_is_kept(name):
    class Learns(Component):
        window: int = 3

        @hookimpl
        def season_opened(self):
            setattr(self, name, 4)

    rule = f"Learns: '{name}' is set, and parameters are frozen; keep state in a private attribute, as self._{name} ("
    refused(ComponentError, rule, Learns(), Fixed(), Positive(), Level())


def test_a_long_value_that_is_refused_is_not_repeated_in_full():
    class Few(Component):
        ones: tuple[int, ...] = Field(max_length=3)

    with pytest.raises(ValidationError) as caught:
        Few(ones=(1,) * 1000)
    (note,) = caught.value.__notes__
    assert note.startswith("Component 'few': ones = (1, 1, 1") and len(note) < 250


def test_a_forecast_of_words_is_refused():
    frame = pd.DataFrame(np.full((1, 3), "a"), index=["m"], columns=["home", "draw", "away"])
    with pytest.raises(MatchdayError, match="Forecast of 'x': probabilities are text, as 'a'; rule: floats."):
        Forecast(frame, source="x")


def test_a_hook_under_the_name_of_no_hook_is_refused():
    class Named(Component):
        @hookimpl(specname="forecast")
        def predict(self, day): ...

    refused(AgentError, "component 'named', hook 'forecast': specname is refused; name the method", Named())
