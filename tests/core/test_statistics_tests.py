"""Tests and corrections against published values, other implementations, and agents without skill."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchday import MatchdayError
from matchday.statistics import (
    Returns,
    deflated_sharpe,
    expected_best_sharpe,
    holm,
    mann_whitney,
    probabilistic_sharpe,
    superior_predictive_ability,
)

PUBLISHED = {"observations": 1250, "variance": 0.5 / 250, "skewness": -3.0, "kurtosis": 10.0}


@pytest.mark.parametrize(("tried", "probability"), [(100, 0.9004), (46, 0.9505)])
def test_the_deflated_sharpe_ratio_is_the_published_one(tried, probability):
    assert deflated_sharpe(2.5 / np.sqrt(250), tried=tried, **PUBLISHED) == pytest.approx(probability, abs=5e-5)


def test_of_one_tried_it_is_the_probability_of_a_ratio_above_none():
    known = {"observations": 1250, "skewness": -3.0, "kurtosis": 10.0}
    assert deflated_sharpe(0.1, tried=1, variance=9.0, **known) == probabilistic_sharpe(0.1, **known)
    assert probabilistic_sharpe(0.0, observations=50) == 0.5


def test_the_more_are_tried_the_less_a_ratio_says():
    said = [deflated_sharpe(0.15, tried=tried, **PUBLISHED) for tried in (1, 2, 10, 100, 10_000)]
    assert said == sorted(said, reverse=True)
    assert len(set(said)) == len(said)


def test_the_best_of_many_without_skill_is_about_as_good_as_expected():
    ratios = np.random.default_rng(0).normal(0.0, 0.1, size=(4000, 50))
    assert ratios.max(axis=1).mean() == pytest.approx(expected_best_sharpe(50, variance=0.01), rel=0.02)


@pytest.mark.parametrize("ratio", [np.nan, 0.1])
def test_what_is_not_known_has_no_probability(ratio):
    known = {"skewness": np.nan} if ratio == 0.1 else {}
    assert np.isnan(probabilistic_sharpe(ratio, observations=100, **known))
    assert np.isnan(probabilistic_sharpe(0.1, observations=1))


def test_a_count_of_none_tried_is_refused():
    with pytest.raises(MatchdayError, match="Deflated Sharpe of 0 tried"):
        expected_best_sharpe(0, variance=0.1)


def test_a_ratio_without_variance_is_not_a_number():
    for values in (np.zeros(50), np.full(50, 0.01), np.zeros(1), np.zeros(0)):
        assert np.isnan(Returns(values).sharpe)
    assert np.isnan(Returns(np.array([0.1, 0.2])).sortino)


def test_moments_are_those_of_scipy():
    from scipy import stats

    values = np.random.default_rng(1).gamma(2.0, size=200)
    assert Returns(values).skewness == pytest.approx(stats.skew(values))
    assert Returns(values).kurtosis == pytest.approx(stats.kurtosis(values, fisher=False))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(0, 5))
def test_holm_is_that_of_statsmodels_and_tests_not_listed_count_as_failed(p, more):
    from statsmodels.stats.multitest import multipletests

    expected = multipletests([*p, *[1.0] * more], method="holm")[1][: len(p)]
    np.testing.assert_allclose(holm(p, tests=len(p) + more), expected, atol=1e-12)


def test_holm_leaves_out_what_was_not_tested():
    np.testing.assert_allclose(holm([0.02, np.nan, 0.03]), [0.04, np.nan, 0.04])
    assert holm([]).shape == (0,)


def test_a_p_value_above_one_is_refused():
    with pytest.raises(MatchdayError, match=r"p-values from 0.5 to 1.5; rule: in \[0, 1\]"):
        holm([0.5, 1.5])


def test_mann_whitney_is_two_sided_and_copes_with_ties_and_with_nothing():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=200), rng.normal(0.5, size=200)
    assert mann_whitney(a, b) == pytest.approx(mann_whitney(b, a))
    assert mann_whitney(a, b) < 0.001
    assert mann_whitney(np.zeros(5), np.zeros(9)) == 1.0
    assert np.isnan(mann_whitney(np.zeros(0), b))


def test_pooling_the_seeds_of_one_schedule_makes_mann_whitney_too_sure():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=100), rng.normal(0.2, size=100)
    assert mann_whitney(np.repeat(a, 8), np.repeat(b, 8)) < 0.1 * mann_whitney(a, b)


def test_no_agent_is_called_better_where_none_of_twenty_has_skill():
    luck = np.random.default_rng(4).normal(0.0, 0.05, size=(120, 21))
    p = superior_predictive_ability(luck[:, 1:], luck[:, 0], samples=500)
    assert p["lower"] <= p["consistent"] <= p["upper"]
    assert p["consistent"] > 0.05


def test_without_skill_one_is_called_better_about_as_often_as_allowed():
    rng = np.random.default_rng(5)
    called = 0
    for number in range(150):
        shared = rng.normal(0.0, 0.04, size=(120, 1))
        luck = shared + rng.normal(0.0, 0.03, size=(120, 21)) * rng.uniform(0.3, 3.0, size=21)
        called += superior_predictive_ability(luck[:, 1:], luck[:, 0], samples=100, seed=number)["consistent"] < 0.05
    assert 2 <= called <= 16


def test_one_with_skill_among_twenty_is_found():
    growth = np.random.default_rng(6).normal(0.0, 0.05, size=(120, 21))
    growth[:, 7] += 0.03
    assert superior_predictive_ability(growth[:, 1:], growth[:, 0], samples=500)["consistent"] < 0.05


def test_agents_that_do_as_the_baseline_does_are_no_evidence():
    rng = np.random.default_rng(7)
    baseline = rng.normal(size=60)
    assert superior_predictive_ability(baseline[:, None], baseline)["consistent"] == 1.0
    other = rng.normal(size=(60, 1))
    alone = superior_predictive_ability(other, baseline, samples=300)
    assert superior_predictive_ability(np.column_stack([baseline, other]), baseline, samples=300) == alone
