"""De-vigging: published values, coherence on any odds, and what is said about odds that are none."""

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matchday.errors import MatchdayError
from matchday_plugins.models.devig import DEVIG, Method, devig

ODDS = np.array([2.6, 2.4, 4.3])
PUBLISHED = {
    "multiplicative": ((0.372026, 0.403028, 0.224946), 1.033840),
    "power": ((0.372984, 0.405107, 0.221908), 1.032137),
    "odds_ratio": ((0.372429, 0.404131, 0.223440), 1.053174),
    "shin": ((0.372994, 0.404779, 0.222227), 0.0169425),
    "equal_profitability": ((0.373665, 0.406005, 0.220330), 0.0139590),
}

markets = st.integers(2, 5).flatmap(
    lambda k: arrays(np.float64, st.tuples(st.integers(1, 6), st.just(k)), elements=st.floats(1.01, 500.0))
)


@pytest.mark.parametrize("method", DEVIG)
def test_agrees_with_the_reference_values(method):
    probabilities, parameter = PUBLISHED[method]
    np.testing.assert_allclose(devig(ODDS, method), probabilities, rtol=0, atol=6e-7)
    np.testing.assert_allclose(DEVIG[method](ODDS[None]).parameter, parameter, rtol=0, atol=6e-7)


@pytest.mark.parametrize("method", DEVIG)
@given(odds=markets)
def test_every_market_adds_up_to_one_and_keeps_the_order_of_its_prices(method, odds):
    fair = devig(odds, method)
    np.testing.assert_allclose(fair.sum(axis=1), 1.0, rtol=0, atol=1e-13)
    assert (fair >= 0).all()
    assert (fair <= 1).all()
    by_price = np.take_along_axis(fair, np.argsort(odds, axis=1), axis=1)
    assert (np.diff(by_price, axis=1) <= 1e-12).all()


@pytest.mark.parametrize("method", DEVIG)
@given(p=arrays(np.float64, (4, 3), elements=st.floats(0.05, 1.0)))
def test_odds_without_a_margin_are_the_probabilities(method, p):
    p = p / p.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(devig(1.0 / p, method), p, rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", ["power", "shin", "odds_ratio", "equal_profitability"])
def test_a_margin_is_taken_from_the_longshot_and_an_underround_given_to_it(method):
    over, under = np.array([1.5, 4.0, 8.0]), np.array([1.65, 4.4, 9.5])
    for odds, sign in ((over, -1.0), (under, 1.0)):
        shift = devig(odds, method) - devig(odds)
        assert np.sign(1.0 - (1.0 / odds).sum()) == sign
        assert sign * shift[2] > 0
        assert sign * shift[0] < 0


def test_equal_profitability_falls_back_to_multiplicative_where_a_probability_would_not_be_positive():
    odds = np.array([[50.0, 1.5, 1.01], [2.6, 2.4, 4.3]])
    fair = DEVIG["equal_profitability"](odds)
    np.testing.assert_array_equal(fair.probabilities[0], devig(odds[0]))
    assert np.isnan(fair.parameter[0])
    assert not np.isnan(fair.parameter[1])


@pytest.mark.parametrize("method", DEVIG)
def test_a_market_not_completely_offered_is_nan_and_leaves_the_others_alone(method):
    odds = np.array([[2.6, np.nan, 4.3], [2.6, 2.4, 4.3], [np.nan] * 3])
    fair = devig(odds, method)
    assert np.isnan(fair[[0, 2]]).all()
    np.testing.assert_array_equal(fair[1], devig(ODDS, method))


@pytest.mark.parametrize("method", DEVIG)
def test_no_market_is_no_answer(method):
    assert devig(np.empty((0, 3)), method).shape == (0, 3)


@pytest.mark.parametrize("wrong", [1.0, 0.9, -2.0, np.inf])
def test_odds_that_are_none_are_refused_by_row_and_value(wrong):
    odds = np.array([[2.0, 2.0], [wrong, 2.0]])
    with pytest.raises(MatchdayError, match=rf"row 1, selection 0: {wrong:g}; rule: .* > 1"):
        devig(odds)
    with pytest.raises(MatchdayError, match=r"'Arsenal v Chelsea', selection 0"):
        devig(odds, rows=pd.Index(["Burnley v Luton", "Arsenal v Chelsea"]))


def test_a_market_of_one_selection_is_refused():
    with pytest.raises(MatchdayError, match=r"shape \(2, 1\)"):
        devig([[2.0], [3.0]])


def test_the_methods_are_those_that_a_parameter_may_name():
    assert set(DEVIG) == set(get_args(Method))


def test_an_unknown_method_is_told_the_nearest_one():
    with pytest.raises(MatchdayError, match="did you mean 'shin'"):
        devig(ODDS, "shinn")
