"""Scores of probabilities: published values, and what makes a score proper."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchday.markets import TOTAL_GOALS_2_5
from matchday.scoring import calibration_error, log_loss, ranked_probability_score, winners

NAN = float("nan")


def simplex(size: int):
    weights = st.lists(st.floats(0.01, 1.0), min_size=size, max_size=size)
    return weights.map(lambda each: np.array(each) / sum(each))


def expected(score, p, truth):
    """The expected score of p where the probabilities are ``truth``."""
    return sum(q * score(p[None], np.array([i]))[0] for i, q in enumerate(truth))


def test_winners_are_positions_in_the_markets_order():
    matches = pd.DataFrame({"home_goals": [2, 1, 0], "away_goals": [1, 1, 3]})
    assert winners(matches).tolist() == [0, 1, 2]
    assert winners(matches, TOTAL_GOALS_2_5).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("p", "won", "rps"),
    [
        ((0.8, 0.1, 0.1), 0, 0.025),
        ((0.5, 0.25, 0.25), 0, 0.15625),
        ((0.35, 0.3, 0.35), 1, 0.1225),
        ((0.6, 0.25, 0.15), 0, 0.09125),
    ],
)
def test_ranked_probability_scores_are_the_published_ones(p, won, rps):
    assert ranked_probability_score(np.array([p]), np.array([won])) == pytest.approx([rps], abs=1e-12)


def test_missing_by_one_place_costs_less_than_by_two_in_rps_and_the_same_in_log_loss():
    near, far = np.array([[0.2, 0.6, 0.2]]), np.array([[0.2, 0.2, 0.6]])
    home = np.array([0])
    assert ranked_probability_score(near, home) < ranked_probability_score(far, home)
    assert log_loss(near, home) == log_loss(far, home)


def test_with_two_selections_the_rps_is_half_the_brier_score():
    p = np.array([[0.3, 0.7], [0.9, 0.1]])
    brier = ((p - np.eye(2)[[0, 1]]) ** 2).sum(axis=1)
    np.testing.assert_allclose(ranked_probability_score(p, np.array([0, 1])), brier / 2)


def test_log_loss_of_even_chances_is_the_logarithm_of_their_number_and_of_the_impossible_infinite():
    np.testing.assert_allclose(log_loss(np.full((2, 3), 1 / 3), np.array([0, 2])), np.log(3))
    assert log_loss(np.array([[0.0, 1.0, 0.0]]), np.array([0])) == [np.inf]


@given(simplex(3), simplex(3))
@pytest.mark.parametrize("score", [log_loss, ranked_probability_score])
def test_nobody_expects_to_score_better_than_by_saying_what_he_believes(score, p, truth):
    assert expected(score, truth, truth) <= expected(score, p, truth) + 1e-12


@given(simplex(3), st.integers(0, 2))
def test_the_rps_is_between_0_and_1(p, won):
    assert 0.0 <= ranked_probability_score(p[None], np.array([won]))[0] <= 1.0


@pytest.mark.parametrize("score", [log_loss, ranked_probability_score])
def test_no_opinion_scores_nan_and_leaves_the_others_alone(score):
    p = np.array([[NAN, NAN, NAN], [0.5, 0.3, 0.2]])
    told = score(p, np.array([0, 0]))
    assert np.isnan(told[0])
    assert told[1] == score(p[1:], np.array([0]))[0]


def test_calibration_error_is_that_of_hand_made_bins():
    p = np.array([[0.2, 0.8], [0.4, 0.6], [0.6, 0.4], [0.8, 0.2]])
    won = np.array([1, 0, 0, 1])
    halves = abs(0.3 - 0.5) / 2 + abs(0.7 - 0.5) / 2
    np.testing.assert_allclose(calibration_error(p, won, bins=2), [halves, halves])
    np.testing.assert_allclose(calibration_error(p, won, bins=1), [0.0, 0.0], atol=1e-15)


def test_calibration_is_by_selection_so_that_draws_cannot_hide():
    rng = np.random.default_rng(0)
    truth = rng.dirichlet([4, 3, 3], size=6000)
    won = (truth.cumsum(axis=1) > rng.uniform(size=(6000, 1))).argmax(axis=1)
    assert (calibration_error(truth, won) < 0.02).all()
    shaded = truth * [1.0, 0.7, 1.0]
    shaded /= shaded.sum(axis=1, keepdims=True)
    errors = calibration_error(shaded, won)
    assert errors[1] == errors.max() > 0.05


def test_calibration_without_any_opinion_is_not_known_and_of_few_matches_needs_no_full_bins():
    assert np.isnan(calibration_error(np.full((4, 3), NAN), np.zeros(4, dtype=int))).all()
    p = np.array([[0.5, 0.3, 0.2], [NAN, NAN, NAN]])
    np.testing.assert_allclose(calibration_error(p, np.array([0, 0])), [0.5, 0.3, 0.2])
