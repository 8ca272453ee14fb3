"""The ordered logit behind the rating models: exact derivatives, the likelihood's optimum, beliefs that add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchday_plugins.models.ratings.link import APART, Belief, Link, _Posterior, learn_link

TRUE = Link(-1.1, 0.2, 0.006)


def draw(n: int, *, seed: int = 0, link: Link = TRUE):
    rng = np.random.default_rng(seed)
    gap = rng.normal(0.0, 120.0, n)
    won = (rng.uniform(size=(n, 1)) > link.probabilities(gap).cumsum(axis=1)[:, :2]).sum(axis=1)
    return gap, won


def log_likelihood(link: Link, gap, won, weight) -> float:
    return float(weight @ np.log(link.probabilities(gap)[np.arange(len(gap)), won]))


@given(lower=st.floats(-3, 0), apart=st.floats(1e-3, 3), slope=st.floats(-0.05, 0.05), gap=st.floats(-2000, 2000))
def test_probabilities_are_never_negative_and_add_up(lower, apart, slope, gap):
    p = Link(lower, lower + apart, slope).probabilities(np.array([gap]))
    assert (p >= 0).all()
    assert p.sum() == pytest.approx(1.0, abs=1e-12)


@given(seed=st.integers(0, 2**32 - 1))
def test_the_gradient_and_the_curvature_are_the_posteriors_derivatives(seed):
    rng = np.random.default_rng(seed)
    gap, won = draw(30, seed=seed)
    posterior = _Posterior(Belief.about(TRUE), gap * TRUE.slope, won, rng.uniform(0.1, 1.0, 30))
    theta = np.array([-1.0, 0.3, 1.0]) + 0.2 * rng.standard_normal(3)
    here, h = posterior(theta), 1e-5
    sides = [(posterior(theta + h * e), posterior(theta - h * e)) for e in np.eye(3)]
    slopes = np.array([(up.value - down.value) / (2 * h) for up, down in sides])
    curves = -np.array([(up.gradient - down.gradient) / (2 * h) for up, down in sides])
    np.testing.assert_allclose(here.gradient, slopes, rtol=0, atol=1e-6)
    np.testing.assert_allclose(here.curvature, curves, rtol=0, atol=1e-6)


def test_the_likelihood_is_that_of_the_probabilities():
    gap, won = draw(50)
    weight = np.linspace(0.1, 1.0, 50)
    loose = Belief(TRUE, np.zeros((3, 3)), 1.0, np.zeros((3, 3)))
    value = _Posterior(loose, gap, won, weight)(loose.theta).value
    apart = APART * np.log(-np.expm1(TRUE.lower - TRUE.upper))
    assert value == pytest.approx(log_likelihood(TRUE, gap, won, weight) + apart, abs=1e-9)


def test_many_matches_bring_back_the_link_that_made_them():
    gap, won = draw(200_000)
    learned = learn_link(Belief.about(Link(-0.5, 0.5, 0.002)), gap, won, np.ones(len(gap)))
    assert learned.converged
    found = learned.link
    assert (found.lower, found.upper) == pytest.approx((TRUE.lower, TRUE.upper), abs=0.03)
    assert found.slope == pytest.approx(TRUE.slope, rel=0.03)
    assert found.home_advantage == pytest.approx(TRUE.home_advantage, rel=0.03)


def test_no_match_changes_nothing():
    before = Belief.about(TRUE)
    after = learn_link(before, np.empty(0), np.empty(0, dtype=np.int64), np.empty(0))
    assert after.converged
    assert after.theta == pytest.approx(before.theta, abs=0.1)  # but for what keeps the cut points apart


def test_learning_in_two_parts_is_as_good_as_at_once():
    gap, won = draw(6000)
    ones = np.ones(len(gap))
    prior = Belief.about(TRUE)
    at_once = learn_link(prior, gap, won, ones)
    first = learn_link(prior, gap[:5600], won[:5600], ones[:5600])
    in_parts = learn_link(first, gap[5600:], won[5600:], ones[5600:], start=first.link)
    np.testing.assert_allclose(in_parts.theta, at_once.theta, rtol=0, atol=2e-3)
    np.testing.assert_allclose(in_parts.precision, at_once.precision, rtol=0.02, atol=2.0)


@pytest.mark.parametrize("won", [0, 1, 2])
def test_a_league_in_which_one_thing_always_happens_is_survived(won):
    gap = np.linspace(-100, 100, 500)
    learned = learn_link(Belief.about(TRUE), gap, np.full(500, won), np.ones(500))
    assert learned.converged
    assert learned.link.lower < learned.link.upper
    assert learned.link.probabilities(np.zeros(1))[0, won] > 0.9


def test_a_gap_that_says_nothing_gets_no_weight():
    rng = np.random.default_rng(1)
    gap, won = draw(20_000)
    learned = learn_link(Belief.about(TRUE), rng.permutation(gap), won, np.ones(len(gap)))
    assert abs(learned.link.slope) < 0.1 * TRUE.slope
