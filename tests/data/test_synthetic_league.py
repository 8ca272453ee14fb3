"""Scores, promotion and relegation of the synthetic league."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import poisson

from matchday.markets import price_scores
from matchday_data.synthetic import Synthetic
from matchday_data.synthetic.league import Nature
from matchday_data.synthetic.scorelines import draw_scores, scorelines

LOGS = np.log([[1.5, 1.2], [2.6, 0.7], [0.4, 3.0]])


def test_without_dependence_scores_are_two_poissons() -> None:
    goals = np.arange(16)
    expected = poisson.pmf(goals, 1.5)[:, None] * poisson.pmf(goals, 1.2)
    np.testing.assert_allclose(scorelines(LOGS, rho=0.0)[0], expected / expected.sum(), rtol=1e-9)


def test_low_scores_depend_as_dixon_and_coles_say() -> None:
    ratio = scorelines(LOGS, rho=-0.1) / scorelines(LOGS, rho=0.0)
    home, away = np.exp(LOGS).T
    np.testing.assert_allclose(ratio[:, 0, 0], 1 + 0.1 * home * away)
    np.testing.assert_allclose(ratio[:, 0, 1], 1 - 0.1 * home)
    np.testing.assert_allclose(ratio[:, 1, 0], 1 - 0.1 * away)
    np.testing.assert_allclose(ratio[:, 1, 1], 1.1)
    np.testing.assert_allclose(ratio[:, 2:, :], 1.0)


def test_the_dependence_moves_the_truth_towards_draws_but_not_the_goals_of_a_side() -> None:
    dependent, independent = scorelines(LOGS, rho=-0.1), scorelines(LOGS, rho=0.0)
    assert (price_scores(dependent)["draw"] > price_scores(independent)["draw"] + 0.005).all()
    np.testing.assert_allclose(dependent.sum(axis=2), independent.sum(axis=2), atol=1e-6)


def test_the_truth_of_a_season_shows_the_dependence() -> None:
    draws = {}
    for rho in (-0.1, 0.0):
        truth = Synthetic(clubs=6, history=0, rho=rho).season("2000-01").truth
        assert truth is not None
        draws[rho] = truth.probabilities["draw"].mean()
    assert draws[-0.1] > draws[0.0] + 0.015


@pytest.mark.parametrize("rho", [-0.2, 0.2])
def test_dependence_beyond_its_bounds_never_makes_a_probability_negative(rho: float) -> None:
    grid = scorelines(np.log([[7.0, 6.0], [0.05, 9.0]]), rho=rho)
    assert (grid >= 0).all()
    np.testing.assert_allclose(grid.sum(axis=(1, 2)), 1.0)


def test_scores_are_drawn_in_the_proportions_of_the_grid() -> None:
    grid = np.repeat(scorelines(LOGS[:1], rho=-0.1), 100_000, axis=0)
    home, away = draw_scores(np.random.default_rng(0), grid).T
    share = np.bincount(home * 16 + away, minlength=256).reshape(16, 16) / len(grid)
    np.testing.assert_allclose(share, grid[0], atol=0.006)


def test_three_clubs_of_twenty_go_down_and_they_are_the_last_three() -> None:
    seasons = list(Nature().campaigns(2000))
    for one, other in pairwise(seasons):
        down = set(one.members.tolist()) - set(other.members.tolist())
        assert down == set(one.members[one.table()[-3:]].tolist())
        assert len(set(other.members.tolist()) - set(one.members.tolist())) == 3


@pytest.mark.parametrize(("clubs", "moving"), [(4, 1), (8, 1), (10, 2), (20, 3), (24, 4)])
def test_promotion_is_in_proportion_to_the_league(clubs: int, moving: int) -> None:
    assert Nature(clubs=clubs).promoted == moving


def test_the_table_goes_by_points_then_goal_difference_then_goals() -> None:
    campaign = next(Nature(clubs=4).campaigns(1990))
    rows = []
    for club in range(4):
        own = [(g[0], g[1]) for h, g in zip(campaign.fixtures.home, campaign.goals, strict=True) if h == club]
        own += [(g[1], g[0]) for a, g in zip(campaign.fixtures.away, campaign.goals, strict=True) if a == club]
        points = sum(3 if f > a else 1 if f == a else 0 for f, a in own)
        rows.append((points, sum(f - a for f, a in own), sum(f for f, _ in own)))
    ranked = [rows[club] for club in campaign.table()]
    assert ranked == sorted(rows, reverse=True)


def test_equal_clubs_without_line_ups_all_expect_the_same() -> None:
    campaign = next(Nature(clubs=6, spread=0.0, line_up=0.0, home_advantage=0.0).campaigns(1990))
    np.testing.assert_allclose(np.exp(campaign.intensities), Nature().goals)


def test_no_two_clubs_share_a_name_and_the_largest_league_has_names_enough() -> None:
    names = Synthetic(clubs=24, history=0).season("2024-25").clubs
    assert len(set(names)) == 24
