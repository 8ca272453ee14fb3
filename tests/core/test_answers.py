"""An answer that makes no sense is refused where it is given, under the name of who gave it."""

import math

import numpy as np
import pandas as pd
import pytest

from doubles import Everything, Fixed, Level, Positive, Times, small_season
from matchday import Agent, BetSlip, Component, Decision, Edges, Forecast, Rules, hookimpl, play
from matchday.errors import ComponentError
from matchday.events import ComponentFailed, SlipPlaced, SlipRefused

SEASON = small_season(matchdays=2)


class Stakes(Component):
    """A staking that answers what it is told to."""

    shares: object

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(self.shares)


class Shaken(Component):
    """A guard that writes a value over every share."""

    value: object

    @hookimpl(wrapper=True)
    def size_stakes(self):
        slip = yield
        return BetSlip(slip.bets.assign(share=self.value))


class Finds(Component):
    """An edge rule that writes a value over a column of its edges."""

    column: str
    value: object

    @hookimpl
    def find_edges(self, day, forecast):
        found = Edges.where(day.slate.odds.notna(), slate=day.slate, forecast=forecast)
        return Edges(found.bets.assign(**{self.column: self.value}), forecast)


class Decides(Component):
    """An agent of its own that answers a share."""

    value: object

    @hookimpl
    def decide(self, day, bankroll):
        found = Edges.where(day.slate.odds.notna(), slate=day.slate, forecast=Forecast.silent(day.slate.index))
        return Decision(found.slip(self.value))


NONSENSE = {
    "infinite": math.inf,
    "not a number": math.nan,
    "in words": "all of it",
    "a number in words": "0.01",
    "True": True,
    "beyond float64": 10**400,
    "nothing": None,
}


def refused(*components):
    agent = Agent("mine", list(components))
    with pytest.raises(ComponentError) as caught:
        list(play(agent, SEASON))
    said = str(caught.value)
    assert "\n" not in said and "test_answers.py, line" in said
    return said


@pytest.mark.parametrize("what", NONSENSE)
def test_a_share_that_is_no_finite_number_names_who_answered_it(what):
    for bad, others in ((Stakes, ()), (Shaken, (Level(share=0.01),))):
        named = {"shares" if bad is Stakes else "value": NONSENSE[what]}
        said = refused(Fixed(), Everything(), *others, bad(**named), Times())
        assert f"component '{bad.__name__.lower()}', hook 'size_stakes', matchday 1" in said
        assert "answered share " in said and "rule: a finite number" in said


@pytest.mark.parametrize("what", NONSENSE)
def test_a_share_of_somebody_who_decides_alone_is_a_finite_number_too(what):
    assert "component 'decides', hook 'decide'" in refused(Decides(value=NONSENSE[what]))


@pytest.mark.parametrize("column", ["probability", "odds", "edge"])
def test_edges_in_words_name_the_edge_rule_and_not_the_staking_that_trips_over_them(column):
    said = refused(Fixed(), Finds(column=column, value="0.5"), Level())
    assert f"component 'finds', hook 'find_edges', matchday 1 (2001-08-04): answered {column} '0.5' for" in said


def test_a_bet_without_an_opinion_is_no_nonsense():
    for missing in (np.nan, None):
        agent = Agent("mine", [Fixed(), Finds(column="probability", value=missing), Level(share=0.001)])
        assert list(play(agent, SEASON))[-1].reason == "completed"


def test_a_column_that_stands_in_a_slip_twice_is_refused():
    class Twice(Component):
        @hookimpl(wrapper=True)
        def size_stakes(self):
            slip = yield
            return BetSlip(pd.concat([slip.bets, slip.bets[["share"]]], axis=1))

    assert "answered a column twice; rule: one of each" in refused(Fixed(), Everything(), Level(share=0.01), Twice())


def test_probabilities_in_words_name_the_model_and_not_the_edge_rule():
    class Words(Component):
        @hookimpl
        def forecast(self, day):
            return Forecast(pd.DataFrame("0.25", index=day.slate.index, columns=["home", "draw", "away"]))

    said = refused(Words(), Positive(), Level())
    assert "component 'words', hook 'forecast'" in said and "probabilities are text, as '0.25'; rule: floats" in said


def test_by_rule_an_agent_with_a_senseless_slip_sits_out_the_matchday():
    agent = Agent("mine", [Fixed(), Everything(), Stakes(shares=math.inf)])
    events = list(play(agent, SEASON, Rules(on_failure="sit-out")))
    assert [each.component for each in events if isinstance(each, ComponentFailed)] == ["stakes", "stakes"]
    assert len([each for each in events if isinstance(each, SlipPlaced)]) == 2
    assert not [each for each in events if isinstance(each, SlipRefused)]


def test_a_slip_that_breaks_a_rule_is_refused_and_its_component_has_not_failed():
    events = list(play(Agent("mine", [Fixed(), Everything(), Stakes(shares=-0.1)]), SEASON))
    assert [type(each) for each in events if isinstance(each, SlipRefused | ComponentFailed)] == [SlipRefused] * 2
