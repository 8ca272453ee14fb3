"""The block bootstrap: what its means are means of, and how wide they spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchday import MatchdayError
from matchday.resampling import block_bootstrap, interval


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


def test_hierarchically_other_groups_could_have_been():
    values, groups = np.repeat([0.0, 10.0], 20), np.repeat(["2000-01", "2001-02"], 20)
    means = block_bootstrap(values, np.arange(40), rng=rng(), groups=groups, hierarchical=True, resamples=4000)
    shares = [np.isclose(means, level).mean() for level in (0.0, 5.0, 10.0)]
    assert shares == pytest.approx([0.25, 0.5, 0.25], abs=0.03)


def test_a_group_drawn_twice_has_its_blocks_drawn_anew():
    values = rng(5).normal(size=30)
    one = block_bootstrap(values, np.arange(30), rng=rng(), groups=np.zeros(30), hierarchical=True)
    assert one.std() == pytest.approx(values.std() / np.sqrt(30), rel=0.03)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.integers(1, 5), st.booleans())
def test_means_lie_between_the_least_and_the_largest_value(values, size, hierarchical):
    values, blocks = np.array(values), np.arange(len(values)) // size
    means = block_bootstrap(values, blocks, rng=rng(), groups=blocks // 2, hierarchical=hierarchical, resamples=50)
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
