"""The polytope lens on a (128, 64) network of 64 inputs; to reach: 1 s for 1,000 segments, 1 s for 100,000 codes.

The baseline beside each is the plain way: one segment after the other, one point after the other (of fewer, as the
round numbers in its name say). Set ``OPENBLAS_NUM_THREADS=1`` for figures that other machines can be held against.
"""

import itertools

import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor

from matchday_plugins.lens import PolytopeLens

rng = np.random.default_rng(0)


@pytest.fixture(scope="module")
def lens():
    sizes = (64, 128, 64, 10)
    network = MLPRegressor()
    network.coefs_ = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in itertools.pairwise(sizes)]
    network.intercepts_ = [rng.normal(0, 0.1, b) for b in sizes[1:]]
    return PolytopeLens(network)


def points(n):
    return rng.normal(size=(n, 64))


def test_1000_segments(benchmark, lens):
    start, end = points(1000), points(1000)
    assert len(benchmark(lens.line, start, end)) == 1000


def test_100_segments_one_after_the_other(benchmark, lens):
    start, end = points(100), points(100)
    benchmark(lambda: [lens.line(a, b) for a, b in zip(start, end, strict=True)])


def test_codes_of_100000_points(benchmark, lens):
    x = points(100_000)
    assert len(benchmark(lens.spline_codes, x)) == 100_000


def test_codes_of_1000_points_one_after_the_other(benchmark, lens):
    x = points(1000)
    benchmark(lambda: [lens.spline_codes(each[None]) for each in x])


def test_nearest_boundaries_of_1000_points(benchmark, lens):
    benchmark(lens.nearest_boundary, points(1000))


def test_affine_maps_of_1000_points(benchmark, lens):
    benchmark(lens.affine_map, points(1000))


def test_novelty_of_1000_points_among_10000(benchmark, lens):
    benchmark(lens.novelty, points(1000), points(10_000))
