"""Shrunk stakes: published values, whose standard error counts, and what becomes of hedges."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles import Coin, Positive, small_season
from matchday import Agent, BetSlip, Component, Edges, Episode, Forecast, hookimpl, play
from matchday.encoding import encode
from matchday_plugins.staking.fractional import Fractional
from matchday_plugins.staking.shrunk import Shrunk, shrinkage

DAY = Episode(small_season()).open().day
FIRST, SECOND, THIRD = DAY.slate.index
COLUMNS = ["home", "draw", "away", "over_2_5", "under_2_5"]


class OneByOne(Component):
    """An edge rule and a staking in one: the bets it is told of, (match, selection, probability, odds, share)."""

    rows: list[tuple[str, str, float, float, float]]
    error: float | None = None

    @hookimpl
    def forecast(self, day):
        silent = Forecast.silent(day.slate.index)
        error = np.full(silent.probabilities.shape, math.nan if self.error is None else self.error)
        error[1] = math.nan
        return Forecast(
            silent.probabilities, standard_error=pd.DataFrame(error, index=day.slate.index, columns=COLUMNS)
        )

    @hookimpl
    def find_edges(self, forecast):
        bets = pd.DataFrame(self.rows, columns=["match_id", "selection", "probability", "odds", "share"])
        bets = bets.astype(dict.fromkeys(("probability", "odds", "share"), "float64"))
        return Edges(bets.assign(edge=bets["probability"] * bets["odds"] - 1.0), forecast)

    @hookimpl
    def size_stakes(self, edges):
        return edges.slip(edges.bets["share"])


def shares(rows, *wrappers, error=None):
    return bets(rows, *wrappers, error=error)["share"].tolist()


def bets(rows, *wrappers, error=None):
    agent = Agent("test", [OneByOne(rows=rows, error=error), *wrappers])
    return agent.decide(DAY, 100.0).slip.bets


@pytest.mark.parametrize(("sigma", "factor"), [(0.05, 0.5), (0.02, 0.862), (0.0, 1.0)])
def test_the_factor_matches_the_published_values(sigma, factor):
    assert shrinkage(np.array([0.55]), np.array([2.0]), np.array([sigma])).item() == pytest.approx(factor, abs=5e-4)


ONE = [(FIRST, "home", 0.55, 2.0, 0.1)]
TWO = [(FIRST, "home", 0.55, 2.0, 0.1), (SECOND, "home", 0.55, 2.0, 0.1)]


def test_each_bet_says_how_far_it_was_shrunk_and_why():
    slip = bets(ONE, Shrunk())
    assert slip["share"].item() == pytest.approx(0.05)
    assert slip["reason"].item() == "shrunk: × 0.50 (assumed standard error 0.050)"
    own = bets(ONE, Shrunk(scale=2.0), error=0.025)["reason"].item()
    assert own == "shrunk: × 0.50 (2 times its own standard error 0.050)"


def test_the_forecasts_own_error_counts_and_the_parameter_where_it_gives_none():
    assert shares(TWO, Shrunk(), error=0.02) == pytest.approx([0.0862, 0.05], abs=5e-5)
    assert shares(TWO, Shrunk(standard_error=0.02), error=0.05) == pytest.approx([0.05, 0.0862], abs=5e-5)


def test_the_scale_multiplies_the_forecasts_errors_and_not_the_parameter():
    assert shares(TWO, Shrunk(scale=2.5, standard_error=0.02), error=0.02) == pytest.approx([0.05, 0.0862], abs=5e-5)


def test_a_forecast_that_gives_no_errors_at_all_is_shrunk_by_the_parameter():
    class Silent(OneByOne):
        @hookimpl
        def forecast(self, day):
            return Forecast.silent(day.slate.index)

    slip = Agent("test", [Silent(rows=ONE), Shrunk()]).decide(DAY, 100.0).slip
    assert slip.bets["share"].item() == pytest.approx(0.05)


def test_a_hedge_is_shrunk_as_the_bets_of_its_market_that_it_hedges():
    rows = [
        (FIRST, "home", 0.55, 2.0, 0.1),
        (FIRST, "draw", 0.25, 3.6, 0.02),
        (FIRST, "over_2_5", 0.6, 2.0, 0.1),
    ]
    slip = bets(rows, Shrunk())
    assert slip["share"].tolist() == pytest.approx([0.05, 0.01, 0.08])
    assert slip["reason"].iloc[1] == "shrunk: × 0.50 (a hedge)"


def test_a_hedge_of_another_market_is_shrunk_as_the_stakes_of_its_match_are_on_average():
    rows = [
        (FIRST, "home", 0.55, 2.0, 0.3),
        (FIRST, "draw", 0.4, 3.0, 0.1),
        (FIRST, "under_2_5", 0.45, 2.0, 0.1),
        (SECOND, "home", 0.9, 2.0, 0.1),
    ]
    home, draw, under, _ = shares(rows, Shrunk())
    assert under == pytest.approx(0.1 * (home + draw) / 0.4)


def test_a_bet_with_no_edge_that_hedges_nothing_is_off_the_slip_and_one_without_an_opinion_stays_as_it_is():
    rows = [(FIRST, "home", 0.4, 2.0, 0.1), (SECOND, "home", math.nan, 2.0, 0.1), (SECOND, "draw", 0.5, 3.0, 0.1)]
    slip = bets(rows, Shrunk())
    assert slip["selection"].tolist() == ["home", "draw"]
    assert slip["share"].iloc[0] == 0.1 and slip["share"].iloc[1] < 0.1
    assert slip["reason"].iloc[0] == ""


def test_wrappers_shrink_in_the_order_of_the_list():
    before, after = (bets(ONE, *pair)["reason"].item() for pair in ((Shrunk(), Fractional()), (Fractional(), Shrunk())))
    assert before == "shrunk: × 0.50 (assumed standard error 0.050); fractional: × 0.25"
    assert after == "fractional: × 0.25; shrunk: × 0.50 (assumed standard error 0.050)"


def test_an_empty_slip_stays_empty():
    slip = Agent("test", [OneByOne(rows=[]), Shrunk()]).decide(DAY, 100.0).slip
    assert isinstance(slip, BetSlip) and len(slip) == 0 and slip.notes == ()


@pytest.mark.parametrize("bad", [{"standard_error": -0.1}, {"standard_error": 0.6}, {"scale": math.inf}])
def test_errors_that_are_none_are_refused(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        Shrunk(**bad)


@given(st.floats(0.01, 0.999), st.floats(1.01, 100), st.floats(0, 0.5), st.floats(0, 0.5))
def test_the_less_sure_a_probability_the_less_is_left(p, odds, one, other):
    if p * odds <= 1.0:
        return
    low, high = sorted((one, other))
    sure, unsure = shrinkage(np.array([p, p]), np.array([odds, odds]), np.array([low, high]))
    assert 0.0 <= unsure <= sure <= 1.0


def test_the_same_agent_plays_the_same_season_twice():
    class Staked(Component):
        @hookimpl
        def size_stakes(self, edges):
            return edges.slip(0.1 * edges.bets["edge"] / (edges.bets["odds"] - 1.0))

    agent = Agent("gambler", [Coin(), Positive(), Staked(), Shrunk()])
    once, twice = ([encode(each) for each in play(agent, small_season())] for _ in range(2))
    assert once == twice
