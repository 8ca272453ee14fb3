"""Blends, edges, stakings and their wrappers: what each does to a slate."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles import Fixed, small_season
from matchday import Agent, BetSlip, Edges, Episode, Forecast
from matchday.errors import AgentError, ComponentError
from matchday_plugins.blends.average import Average
from matchday_plugins.edges.favourite import Favourite
from matchday_plugins.edges.value import Value
from matchday_plugins.guards.exposure_cap import ExposureCap
from matchday_plugins.staking.flat import Flat
from matchday_plugins.staking.fractional import Fractional
from matchday_plugins.staking.kelly import Kelly
from matchday_plugins.staking.proportional import Proportional

DAY = Episode(small_season()).open().day


def said(*rows, columns=("home", "draw", "away"), source="m"):
    return Forecast(pd.DataFrame(list(rows) * (3 // len(rows)), index=DAY.slate.index, columns=list(columns)), source)


def slip_of(*components, bankroll=100.0):
    return Agent("test", components).decide(DAY, bankroll).slip


def edges_of(bets) -> Edges:
    frame = pd.DataFrame(bets, columns=["match_id", "selection", "probability", "odds"])
    return Edges(frame.assign(edge=frame["probability"] * frame["odds"] - 1), Forecast.silent(DAY.slate.index))


A, B = said([0.5, 0.3, 0.2], source="a"), said([0.3, 0.3, 0.4], source="b")


def test_the_linear_pool_is_the_weighted_mean():
    pooled = Average(weights={"a": 3.0}).blend(DAY, [A, B]).probabilities
    assert pooled.iloc[0].tolist() == pytest.approx([0.45, 0.3, 0.25])


def test_the_log_pool_is_the_weighted_geometric_mean():
    pooled = Average(pool="log").blend(DAY, [A, B]).probabilities.iloc[0]
    raw = np.sqrt(np.array([0.5, 0.3, 0.2]) * np.array([0.3, 0.3, 0.4]))
    assert pooled.tolist() == pytest.approx((raw / raw.sum()).tolist())


@pytest.mark.parametrize("pool", ["linear", "log"])
def test_a_model_without_an_opinion_is_left_out_of_that_match(pool):
    silent = said([np.nan] * 3, [0.2, 0.3, 0.5], [np.nan] * 3, source="c")
    pooled = Average(pool=pool).blend(DAY, [A, silent]).probabilities
    assert pooled.iloc[0].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert pooled.iloc[1].tolist() != pytest.approx([0.5, 0.3, 0.2])
    nobody = Average(pool=pool).blend(DAY, [silent, silent]).probabilities
    assert nobody.iloc[0].isna().all()


def test_models_of_different_markets_are_pooled_market_by_market():
    totals = said([0.6, 0.4], columns=("over_2_5", "under_2_5"), source="t")
    pooled = Average().blend(DAY, [A, totals]).probabilities.iloc[0]
    assert pooled.tolist() == pytest.approx([0.5, 0.3, 0.2, 0.6, 0.4])


def test_a_log_pool_with_an_impossible_selection_stays_coherent():
    pooled = Average(pool="log").blend(DAY, [said([0.0, 0.5, 0.5]), B]).probabilities.iloc[0]
    assert pooled["home"] == 0.0 and pooled.sum() == pytest.approx(1.0)


@given(st.lists(st.floats(0, 10), min_size=2, max_size=2).filter(lambda w: sum(w) > 1e-3))
def test_every_pool_is_a_coherent_forecast(weights):
    for pool in ("linear", "log"):
        blend = Average(pool=pool, weights={"a": weights[0], "b": weights[1]})
        assert blend.blend(DAY, [A, B]).probabilities.sum(axis=1).tolist() == pytest.approx([1.0] * 3)


def test_a_weight_of_an_unknown_model_is_refused_by_name():
    with pytest.raises(AgentError, match="weight of 'modela': no model has that name; did you mean 'model_a'"):
        slip_of(("model_a", Fixed()), ("model_b", Fixed()), Average(weights={"modela": 1.0}), Value(), Kelly())


@pytest.mark.parametrize("bad", [-1.0, math.inf, math.nan, 1e300])
def test_a_weight_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match="rule: between 0 and"):
        Average(weights={"a": bad})


def test_weights_that_silence_every_model_are_refused():
    with pytest.raises(ComponentError, match="every model has weight 0"):
        slip_of(("a", Fixed()), ("b", Fixed()), Average(weights={"a": 0.0, "b": 0.0}), Value(), Kelly())


def test_value_asks_for_more_than_the_least_edge():
    odds = DAY.slate.odds["home"]
    bets = Agent("v", [Fixed(home=0.5), Value(minimum_edge=0.02), Proportional()]).decide(DAY, 100.0).edges.bets
    expected = [m for m in odds.index if 0.5 * odds[m] - 1 > 0.02]
    assert bets[bets["selection"] == "home"]["match_id"].tolist() == expected


def test_value_keeps_to_its_markets():
    forecast = said([0.9, 0.1], columns=("over_2_5", "under_2_5"))
    assert len(Value(markets=("match_result",)).find_edges(DAY, forecast).bets) == 0
    assert len(Value().find_edges(DAY, forecast).bets) == 3
    with pytest.raises(ValueError, match="is not a market"):
        Value(markets=("corners",))


def test_the_favourite_is_the_shortest_match_result_price():
    bets = Favourite().find_edges(DAY, Forecast.silent(DAY.slate.index)).bets
    assert bets["odds"].tolist() == DAY.slate.odds[["home", "draw", "away"]].min(axis=1).tolist()


def test_of_two_equal_prices_the_first_selection_is_the_favourite():
    season = small_season()
    season.quotes.loc[:, (slice(None), ["home", "away"])] = 2.5
    season.quotes.loc[:, (slice(None), "draw")] = 3.0
    day = Episode(season).open().day
    assert set(Favourite().find_edges(day, Forecast.silent(day.slate.index)).bets["selection"]) == {"home"}


def test_flat_stakes_are_the_same_money_on_every_bet():
    slip = slip_of(Favourite(), Flat(stake=2.0), bankroll=50.0)
    assert slip.bets["share"].tolist() == pytest.approx([0.04] * 3)


@pytest.mark.parametrize("staking", [Flat(stake=80.0), Proportional(fraction=0.8)])
def test_stakes_that_exceed_the_bankroll_become_equal_parts_of_it(staking):
    assert slip_of(Favourite(), staking).bets["share"].tolist() == pytest.approx([1 / 3] * 3)


def test_a_fraction_and_a_cap_change_shares_and_give_their_reasons():
    slip = slip_of(Favourite(), Proportional(fraction=0.2), Fractional(fraction=0.5), ExposureCap(share=0.15))
    assert slip.bets["share"].tolist() == pytest.approx([0.05] * 3)
    assert slip.bets["reason"].iloc[0] == (
        "proportional: 0.2 of the bankroll a bet; fractional: × 0.5; exposure-cap: 0.300 in all, × 0.500"
    )


def test_a_cap_that_is_not_reached_changes_nothing():
    slip = slip_of(Favourite(), Proportional(fraction=0.05), ExposureCap(share=0.15))
    assert slip.bets["reason"].iloc[0] == "proportional: 0.05 of the bankroll a bet"


@pytest.mark.parametrize("wrapper", [Fractional(), ExposureCap()])
def test_wrappers_leave_an_empty_slip_empty(wrapper):
    assert len(slip_of(Favourite(), Kelly(), wrapper)) == 0
    assert isinstance(BetSlip.empty().with_shares(BetSlip.empty().bets["share"], reason="x"), BetSlip)
