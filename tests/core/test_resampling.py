"""The block bootstrap: what its means are means of, and how wide they spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchday import MatchdayError
from matchday.resampling import block_bootstrap, hierarchical_sums, interval


def rng(seed=0):
    return np.random.default_rng(seed)


def test_the_same_seed_gives_the_same_means_and_another_one_others():
    values, blocks = rng(1).normal(size=60), np.arange(60) // 3
    first, again, other = (block_bootstrap(values, blocks, rng=rng(seed), resamples=700) for seed in (0, 0, 1))
    assert first.shape == (700,)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_blocks_of_one_spread_as_the_standard_error_of_a_mean():
    values = rng(2).normal(size=400)
    means = block_bootstrap(values, np.arange(400), rng=rng())
    assert means.std() == pytest.approx(values.std() / 20, rel=0.03)
    assert means.mean() == pytest.approx(values.mean(), abs=0.002)


def test_values_that_share_their_luck_are_no_surer_for_being_many():
    luck = rng(3).normal(size=50)
    alone = block_bootstrap(luck, np.arange(50), rng=rng()).std()
    together = block_bootstrap(np.repeat(luck, 8), np.repeat(np.arange(50), 8), rng=rng()).std()
    naive = block_bootstrap(np.repeat(luck, 8), np.arange(400), rng=rng()).std()
    assert together == pytest.approx(alone, rel=0.03)
    assert naive == pytest.approx(alone / np.sqrt(8), rel=0.05)


def test_columns_are_resampled_together():
    values, blocks = rng(4).normal(size=(90, 2)), np.arange(90) // 2
    both = block_bootstrap(values, blocks, rng=rng(), resamples=600)
    assert both.shape == (600, 2)
    difference = block_bootstrap(values[:, 0] - values[:, 1], blocks, rng=rng(), resamples=600)
    np.testing.assert_allclose(both[:, 0] - both[:, 1], difference, atol=1e-12)


def test_within_groups_every_resample_has_all_of_them():
    values, groups = np.repeat([0.0, 10.0], 20), np.repeat(["2000-01", "2001-02"], 20)
    within = block_bootstrap(values, np.arange(40), rng=rng(), groups=groups, resamples=300)
    np.testing.assert_allclose(within, 5.0)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.integers(1, 5))
def test_means_lie_between_the_least_and_the_largest_value(values, size):
    values, blocks = np.array(values), np.arange(len(values)) // size
    means = block_bootstrap(values, blocks, rng=rng(), groups=blocks // 2, resamples=50)
    assert (means >= values.min() - 1e-9).all() and (means <= values.max() + 1e-9).all()


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    covered = 0
    for seed in range(200):
        draws = rng(seed)
        values = np.repeat(draws.normal(size=60), 5) + draws.normal(size=300)
        low, high = interval(block_bootstrap(values, np.repeat(np.arange(60), 5), rng=draws, resamples=400))
        covered += low < 0.0 < high
    assert 0.89 <= covered / 200 <= 0.99


@pytest.mark.parametrize(
    ("values", "blocks", "groups", "message"),
    [
        ([], [], None, "Bootstrap of 0 values"),
        ([1.0, 2.0], [1], None, "2 values with 1 block and 1 group labels"),
        ([1.0, float("nan")], [1, 2], None, "1 values are NaN"),
        ([1.0, 2.0, 3.0], [1, 1, 2], ["a", "b", "b"], "block 1 is in two groups"),
    ],
)
def test_what_cannot_be_resampled_is_refused(values, blocks, groups, message):
    with pytest.raises(MatchdayError, match=message):
        block_bootstrap(np.array(values), blocks, rng=rng(), groups=groups)


def seasons(schedules, seeds, matchdays=40, *, columns=2, seed=6):
    return [rng(seed + i).normal(size=(seeds, matchdays, columns)) for i in range(schedules)]


def test_many_columns_of_a_block_bootstrap_are_those_of_each_alone():
    values, blocks = rng(7).normal(size=(90, 3)), np.arange(90) // 3
    together = block_bootstrap(values, blocks, rng=rng(), resamples=300)
    for column in range(3):
        alone = block_bootstrap(values[:, column], blocks, rng=rng(), resamples=300)
        np.testing.assert_allclose(together[:, column], alone, atol=1e-12)


def test_a_schedule_alone_is_resampled_by_its_matchdays():
    (table,) = seasons(1, 1, 400, columns=1)
    sums = hierarchical_sums([table], rng=rng(), resamples=20_000)
    assert sums.std() == pytest.approx(table.std() * 20, rel=0.02)
    assert sums.mean() == pytest.approx(table.sum(), abs=0.5)


def test_seeds_of_a_schedule_share_its_matchdays_luck():
    luck = rng(8).normal(size=(1, 300, 1))
    alone = hierarchical_sums([luck], rng=rng(), resamples=20_000).std()
    together = hierarchical_sums([np.repeat(luck, 5, axis=0)], rng=rng(), resamples=20_000).std() / 5
    assert together == pytest.approx(alone, rel=0.02)


def test_seeds_that_differ_are_another_source_of_luck():
    table = np.repeat(np.array([-1.0, 0.0, 1.0]), 50).reshape(3, 50, 1)
    sums = hierarchical_sums([table], rng=rng(), resamples=20_000)[:, 0]
    assert sums.std() == pytest.approx(50 * np.sqrt(3 * 2 / 3), rel=0.02)


def test_schedules_are_drawn_whole_but_for_one():
    steady = [np.full((1, 20, 1), level) for level in (0.0, 1.0)]
    sums = hierarchical_sums(steady, rng=rng(), resamples=8000)[:, 0]
    assert set(sums) == {0.0, 20.0, 40.0}
    assert [np.mean(sums == each) for each in (0.0, 20.0, 40.0)] == pytest.approx([0.25, 0.5, 0.25], abs=0.02)


def test_luck_is_counted_once_however_many_schedules_there_are():
    many = [rng(i).normal(size=(1, 60, 1)) for i in range(400)]
    spread = hierarchical_sums(many, rng=rng(), resamples=4000).std()
    assert spread == pytest.approx(np.sqrt(400 * 60), rel=0.05)


@pytest.mark.parametrize(("schedules", "seeds"), [(1, 1), (1, 4), (3, 1), (3, 2)])
def test_the_same_seed_draws_the_same_schedules_whatever_is_added_up(schedules, seeds):
    tables = seasons(schedules, seeds)
    both, again = (hierarchical_sums(tables, rng=rng(), resamples=700) for _ in range(2))
    first = hierarchical_sums([table[..., :1] for table in tables], rng=rng(), resamples=700)
    np.testing.assert_array_equal(both, again)
    np.testing.assert_allclose(both[:, :1], first, atol=1e-9)


def test_seasons_of_different_length_keep_it():
    lengths = [np.ones((1, n, 1)) for n in (5, 7)]
    assert set(hierarchical_sums(lengths, rng=rng(), resamples=200)[:, 0]) == {10.0, 12.0, 14.0}


def test_no_schedule_is_refused():
    with pytest.raises(MatchdayError, match="Bootstrap of 0 schedules"):
        hierarchical_sums([], rng=rng())
