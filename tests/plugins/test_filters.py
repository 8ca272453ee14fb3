"""Filters: which candidates each leaves out, and what it says of them."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles import Coin, Everything, Fixed, Level, Positive, small_season
from matchday import Agent, Component, Edges, Episode, hookimpl, play
from matchday.encoding import encode
from matchday_plugins.edges.minimum_edge import MinimumEdge
from matchday_plugins.edges.odds_range import OddsRange
from matchday_plugins.edges.one_bet_a_match import OneBetAMatch, lone_growth

DAY = Episode(small_season()).open().day
FIRST, SECOND, THIRD = DAY.slate.index
FILTERS = [OddsRange, MinimumEdge, OneBetAMatch]


class Candidates(Component):
    """An edge rule that proposes what it is told to: (match, selection, probability, odds)."""

    rows: list[tuple[str, str, float, float]]

    @hookimpl
    def find_edges(self, forecast):
        bets = pd.DataFrame(self.rows, columns=["match_id", "selection", "probability", "odds"])
        bets = bets.astype({"probability": "float64", "odds": "float64"})
        return Edges(bets.assign(edge=bets["probability"] * bets["odds"] - 1.0), forecast)


def left(rows, *filters):
    """What the filters leave, as (match, selection), and their notes."""
    decision = Agent("test", [Candidates(rows=rows), Level(), *filters]).decide(DAY, 100.0)
    bets = decision.edges.bets
    return list(zip(bets["match_id"], bets["selection"], strict=True)), decision.notes


ROWS = [(FIRST, "home", 0.9, 1.2), (FIRST, "draw", 0.35, 3.0), (SECOND, "away", 0.2, 9.0), (SECOND, "home", 0.8, 1.3)]


def test_a_range_of_odds_includes_its_ends_and_names_what_it_leaves_out():
    kept, notes = left(ROWS, OddsRange(minimum=1.3, maximum=3.0))
    assert kept == [(FIRST, "draw"), (SECOND, "home")]
    assert notes == (
        f"odds-range: odds below 1.3: left out {FIRST} home",
        f"odds-range: odds above 3: left out {SECOND} away",
    )


def test_a_range_without_ends_keeps_everything_and_says_nothing():
    kept, notes = left(ROWS, OddsRange(minimum=1.0, maximum=math.inf))
    assert len(kept) == 4 and notes == ()


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"minimum": 6.0}, "minimum 6 is not below maximum 5; rule: minimum < maximum"),
        ({"minimum": math.inf}, "minimum"),
        ({"minimum": 0.9}, "minimum"),
        ({"maximum": math.nan}, "maximum"),
    ],
)
def test_a_range_that_is_none_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        OddsRange(**bad)


def test_a_least_edge_is_exclusive():
    rows = [(FIRST, "home", 0.5, 2.0), (FIRST, "draw", 0.5, 2.5), (SECOND, "home", 0.5, 2.04)]
    kept, notes = left(rows, MinimumEdge(minimum_edge=0.25))
    assert kept == []
    kept, notes = left(rows, MinimumEdge(minimum_edge=0.1))
    assert kept == [(FIRST, "draw")]
    assert notes == (f"minimum-edge: edge not above 0.1: left out {FIRST} home, {SECOND} home",)


def test_a_candidate_without_an_opinion_has_no_edge_to_speak_of():
    kept, notes = left([(FIRST, "home", math.nan, 2.0), (SECOND, "home", 0.6, 2.0)], MinimumEdge(minimum_edge=0.0))
    assert kept == [(SECOND, "home")]
    assert notes == (f"minimum-edge: no probability, no edge: left out {FIRST} home",)


@pytest.mark.parametrize("bad", [-0.1, math.nan, math.inf])
def test_a_least_edge_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match="minimum_edge"):
        MinimumEdge(minimum_edge=bad)


CHOICE = [
    (FIRST, "home", 0.55, 2.0),
    (SECOND, "home", math.nan, 2.0),
    (FIRST, "away", 0.15, 7.8),
    (SECOND, "draw", 0.3, 3.0),
    (THIRD, "away", math.nan, 2.0),
]


def test_one_bet_a_match_is_the_one_with_the_largest_edge():
    kept, notes = left(CHOICE, ("one-bet-a-match", OneBetAMatch()))
    assert kept == [(FIRST, "away"), (SECOND, "draw"), (THIRD, "away")]
    assert notes == (f"one-bet-a-match: not the match's best by edge: left out {FIRST} home, {SECOND} home",)


def test_one_bet_a_match_may_be_the_one_that_grows_fastest():
    kept, _ = left(CHOICE, OneBetAMatch(by="growth"))
    assert kept == [(FIRST, "home"), (SECOND, "draw"), (THIRD, "away")]


@pytest.mark.parametrize("by", ["edge", "growth"])
def test_of_equal_candidates_the_first_stays(by):
    rows = [(FIRST, name, 0.5, 2.5) for name in ("draw", "home", "away")]
    assert left(rows, OneBetAMatch(by=by))[0] == [(FIRST, "draw")]
    silent = [(FIRST, name, math.nan, 2.5) for name in ("draw", "home", "away")]
    assert left(silent, OneBetAMatch(by=by))[0] == [(FIRST, "draw")]


def test_of_candidates_without_growth_the_one_with_the_larger_edge_stays():
    rows = [(FIRST, "home", 0.24, 3.0), (FIRST, "draw", 0.49, 2.0)]
    assert left(rows, OneBetAMatch(by="growth"))[0] == [(FIRST, "draw")]


def test_the_growth_of_one_bet_matches_the_published_value():
    assert lone_growth(np.array([0.55]), np.array([2.0])).item() == pytest.approx(0.0050084, abs=5e-8)


@given(st.floats(0.01, 0.999), st.floats(1.02, 50))
def test_the_growth_of_one_bet_is_that_of_its_kelly_stake(p, odds):
    share = max((p * odds - 1) / (odds - 1), 0.0)
    expected = p * math.log1p(share * (odds - 1)) + (1 - p) * math.log1p(-share)
    assert lone_growth(np.array([p]), np.array([odds])).item() == pytest.approx(expected, abs=1e-9)


def test_filters_act_in_the_order_of_the_list():
    rows = [(FIRST, "home", 0.5, 2.4), (FIRST, "away", 0.2, 9.0)]
    assert left(rows, OneBetAMatch(), OddsRange())[0] == []
    assert left(rows, OddsRange(), OneBetAMatch())[0] == [(FIRST, "home")]


@pytest.mark.parametrize("kind", FILTERS)
def test_filters_leave_no_candidates_to_be_none(kind):
    assert left([], kind()) == ([], ())


@pytest.mark.parametrize("kind", FILTERS)
@given(home=st.floats(0.05, 0.95))
def test_a_filter_adds_no_candidate_and_changes_none(kind, home):
    edges = Everything().find_edges(DAY, Fixed(home=home).forecast(DAY))
    generator = kind().find_edges()
    next(generator)
    with pytest.raises(StopIteration) as answered:
        generator.send(edges)
    kept = answered.value.value.bets
    pd.testing.assert_frame_equal(edges.bets.merge(kept, how="inner", on=list(kept.columns)), kept)


def test_at_most_one_candidate_a_match_is_left_on_any_slate():
    agent = Agent("test", [Fixed(), Everything(), Level(), OneBetAMatch()])
    assert agent.decide(DAY, 100.0).edges.bets["match_id"].tolist() == list(DAY.slate.index)


@pytest.mark.parametrize("kind", FILTERS)
def test_a_filtered_agent_plays_the_same_season_twice(kind):
    agent = Agent("gambler", [Coin(), Positive(), Level(), kind()])
    once, twice = ([encode(each) for each in play(agent, small_season())] for _ in range(2))
    assert once == twice
