"""Intervals: they hold the truth as often as they say, and are as wide as what is known."""

import numpy as np
import pytest

from matchday.statistics.estimates import Ratio, estimate

MATCHDAYS = 100


def seasons(rng, schedules, *, seeds=1, between=0.0, mean=0.0):
    """Log growth of a bettor with some six bets a matchday at odds of 3, 2 % each, whose edge is ``mean`` a matchday.

    ``between`` is the standard deviation of how seasons differ, beside that of a season's luck.
    """
    bets = rng.integers(1, 7, size=(schedules, 1, MATCHDAYS))
    luck = 0.02 * (3.0 * rng.binomial(bets, 1.0 / 3.0) - bets)
    season = rng.normal(0.0, between, size=(schedules, 1, 1)) * luck.std() / np.sqrt(MATCHDAYS)
    return list(np.repeat(luck + season + mean, seeds, axis=1))


def mean_growth(values, *, resamples=400, seed=0):
    plays = [np.full(each.shape, 1.0 / each.shape[1]) for each in values]
    return estimate({"growth": Ratio(values, plays)}, seed=seed, resamples=resamples, level=0.95)["growth"]


@pytest.mark.parametrize(("schedules", "between"), [(1, 0.0), (2, 0.0), (5, 0.0), (5, 1.0), (8, 0.5)])
def test_an_interval_of_95_per_cent_holds_the_true_growth_of_about_95_agents_in_100(schedules, between):
    held = 0
    for number in range(400):
        rng = np.random.default_rng([schedules, number])
        found = mean_growth(seasons(rng, schedules, between=between, mean=0.001), seed=number)
        held += found.low <= 0.1 <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_the_p_value_of_no_growth_is_below_one_in_twenty_about_one_time_in_twenty():
    found = [mean_growth(seasons(np.random.default_rng([4, n]), 6, between=0.5), seed=n) for n in range(300)]
    assert 0.02 <= np.mean([each.p < 0.05 for each in found]) <= 0.08
    assert all((each.p < 0.05) == (each.low > 0 or each.high < 0) for each in found if abs(each.p - 0.05) > 0.01)


def test_seasons_that_differ_make_an_interval_wider():
    alike, apart = (
        mean_growth(seasons(np.random.default_rng(5), 20, between=between), resamples=4000) for between in (0.0, 3.0)
    )
    assert apart.high - apart.low > 1.8 * (alike.high - alike.low)


def test_more_seasons_make_it_narrower_and_more_seeds_of_the_same_luck_do_not():
    few, many = (mean_growth(seasons(np.random.default_rng(6), n), resamples=4000) for n in (6, 24))
    assert (many.high - many.low) < 0.6 * (few.high - few.low)
    one, eight = (mean_growth(seasons(np.random.default_rng(7), 1, seeds=n), resamples=20_000) for n in (1, 8))
    assert eight.high - eight.low == pytest.approx(one.high - one.low, rel=0.05)


def test_what_agents_share_does_not_blur_their_difference():
    shared, own = seasons(np.random.default_rng(8), 5), seasons(np.random.default_rng(9), 5)
    other = [a + 0.1 * b for a, b in zip(shared, own, strict=True)]
    growth = mean_growth(other, resamples=4000)
    difference = mean_growth([b - a for a, b in zip(shared, other, strict=True)], resamples=4000)
    assert (difference.high - difference.low) < 0.2 * (growth.high - growth.low)


def test_an_estimate_does_not_depend_on_what_else_is_estimated():
    tables = [seasons(np.random.default_rng(n), 3) for n in range(70)]
    plays = [np.full(each.shape, 0.01) for each in tables[0]]
    asked = {n: Ratio(table, plays) for n, table in enumerate(tables)}
    together = estimate(asked, seed=3, resamples=300, level=0.95)
    for number in (0, 63, 64, 69):
        alone = estimate({number: asked[number]}, seed=3, resamples=300, level=0.95)[number]
        assert [together[number].low, together[number].high] == pytest.approx([alone.low, alone.high])


def test_a_figure_of_one_season_among_many_has_the_luck_of_its_matchdays():
    values = seasons(np.random.default_rng(10), 4)
    counts = [np.ones_like(values[0]), *(np.zeros_like(each) for each in values[1:])]
    sums = [values[0], *counts[1:]]
    found = estimate({"clv": Ratio(sums, counts)}, seed=0, resamples=4000, level=0.95)["clv"]
    assert found.schedules == 1
    assert found.error == pytest.approx(values[0].std() / np.sqrt(MATCHDAYS), rel=0.05)


def test_a_ratio_is_one_of_sums():
    staked = [np.random.default_rng(11).uniform(0.0, 5.0, size=(1, MATCHDAYS))]
    found = estimate({"yield": Ratio([0.05 * staked[0]], staked)}, seed=0, resamples=500, level=0.95)["yield"]
    assert [found.value, found.low, found.high] == pytest.approx([0.05] * 3)


def test_of_too_few_matchdays_or_of_infinite_losses_there_is_a_figure_and_no_interval():
    few = [np.array([[0.1] * 9 + [0.0] * 50])]
    found = estimate({"few": Ratio(few, [(few[0] > 0) * 1.0])}, seed=0, resamples=100, level=0.95)["few"]
    assert found.value == pytest.approx(0.1) and np.isnan([found.low, found.high, found.p, found.error]).all()
    endless = [np.full((1, 50), np.inf)]
    found = estimate({"endless": Ratio(endless, [np.ones((1, 50))])}, seed=0, resamples=100, level=0.95)["endless"]
    assert found.value == np.inf and np.isnan(found.low)
    nothing = [np.zeros((1, 50))]
    assert np.isnan(estimate({"": Ratio(nothing, nothing)}, seed=0, resamples=100, level=0.95)[""].value)


def test_what_never_moves_is_known_exactly():
    found = mean_growth([np.zeros((1, 60)), np.zeros((1, 60))])
    assert (found.value, found.low, found.high, found.positive, found.p, found.error) == (0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
