"""The mathematics of the polytope lens, on random, digits and match-outcome networks."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from matchday import Episode, MatchdayError
from matchday_plugins.lens import PolytopeLens, codes, polytope
from matchday_plugins.lens.codes import hamming
from matchday_plugins.models.mlp import MLP
from walking import matchdays, synthetic

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def of_weights(weights, biases):
    """A regressor with these weights, as scikit-learn keeps them."""
    network = MLPRegressor(activation="relu")
    network.coefs_, network.intercepts_, network.n_layers_ = weights, biases, len(weights) + 1
    return network


def random_network(widths, seed=0, outputs=3):
    """He's initialisation, no biases."""
    rng, sizes = np.random.default_rng(seed), [*widths, outputs]
    weights = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in itertools.pairwise(sizes)]
    return of_weights(weights, [np.zeros(b) for b in sizes[1:]])


def digits_case():
    x, y = load_digits(return_X_y=True)
    network = MLPClassifier((64, 32), max_iter=30, random_state=0)
    return make_pipeline(StandardScaler(), network).fit(x, y), x


def outcome_case():
    season, model = synthetic(), MLP(hidden=[16, 8], features=["ratings", "shots"], totals=False, warmup_days=30)
    model.season_opened(Episode(season).begin())
    model.forecast(matchdays(season)[0])
    return model.fitted.estimators["match_result"][0], model.fitted.inputs


def random_case():
    return random_network([10, 32, 16], seed=3), np.random.default_rng(1).normal(size=(400, 10))


@pytest.fixture(scope="module", params=[random_case, digits_case, outcome_case])
def case(request):
    """A lens, points of it, and pairs of them."""
    model, rows = request.param()
    lens = PolytopeLens(model)
    points = lens.prepare(rows)
    rng = np.random.default_rng(0)
    pairs = np.array([rng.choice(len(points), 2, replace=False) for _ in range(100)])
    return lens, points, points[pairs[:, 0]], points[pairs[:, 1]]


def test_the_affine_map_of_its_polytope_is_the_network_at_every_point(case):
    lens, points, *_ = case
    slope, constant = lens.affine_map(points[:200])
    mapped = np.einsum("nd,ndk->nk", points[:200], slope) + constant
    np.testing.assert_allclose(mapped, lens.logits(points[:200]), rtol=0, atol=2e-13)
    alone = lens.affine_map(points[7])
    assert (
        alone[0].shape == slope.shape[1:]
        and np.array_equal(alone[0], slope[7])
        and alone[1] == pytest.approx(constant[7])
    )


def test_the_affine_map_holds_in_the_whole_polytope_and_not_beyond(case):
    lens, points, *_ = case
    point, far = points[3], lens.nearest_boundary(points[3:4]).distance[0]
    slope, constant = lens.affine_map(point)
    step = np.random.default_rng(0).normal(size=(50, len(point)))
    step *= 0.999 * far / np.linalg.norm(step, axis=1)[:, None]
    assert len(np.unique(lens.regions(np.vstack([point, point + step])))) == 1
    np.testing.assert_allclose((point + step) @ slope + constant, lens.logits(point + step), atol=1e-11)


def test_logits_are_linear_between_the_breakpoints_of_a_line(case):
    lens, _, start, end = case
    lines, grid = lens.line(start, end), np.linspace(0.0, 1.0, 4001)
    for number in range(len(start)):
        here = lines.segment == number
        true = lens.logits(start[number] + grid[:, None] * (end[number] - start[number]))
        linear = np.stack([np.interp(grid, lines.t[here], each) for each in lines.logits[here].T], axis=1)
        np.testing.assert_allclose(linear, true, rtol=0, atol=1e-12)


def test_no_grid_sees_a_crossing_that_the_line_does_not_and_a_dense_one_sees_them_all(case):
    lens, _, start, end = case
    exact, equal = lens.line(start, end).crossings(len(lens.hidden)).sum(axis=1), 0
    for number in range(10):
        for steps in (11, 101, 10001):
            grid = np.linspace(0.0, 1.0, steps)[:, None]
            seen = np.diff(lens.spline_codes(start[number] + grid * (end[number] - start[number])), axis=0).sum()
            assert seen <= exact[number]
        equal += seen == exact[number]
    assert equal >= 8  # two switches of one unit may lie within a step


def test_codes_differ_in_the_units_that_switch_an_odd_number_of_times(case):
    lens, _, start, end = case
    lines, offsets = lens.line(start, end), np.array(lens.offsets)
    times = np.zeros((len(start), offsets[-1]), dtype=int)
    events = lines.events
    np.add.at(times, (events["segment"].to_numpy(), offsets[events["layer"].to_numpy()] + events["unit"].to_numpy()), 1)
    differs = lens.spline_codes(start) != lens.spline_codes(end)
    assert np.array_equal(times % 2 == 1, differs)
    assert (lines.crossings(len(lens.hidden)).sum(axis=1) >= differs.sum(axis=1)).all()


def test_events_are_where_a_unit_is_zero(case):
    lens, _, start, end = case
    events = lens.line(start[:20], end[:20]).events
    at = events["segment"].to_numpy()
    points = start[at] + events["t"].to_numpy()[:, None] * (end[at] - start[at])
    z = np.concatenate(list(lens.network.preactivations(points))[:-1], axis=1)
    places = np.array(lens.offsets)[events["layer"].to_numpy()] + events["unit"].to_numpy()
    np.testing.assert_allclose(z[np.arange(len(z)), places], 0.0, atol=1e-11 * np.abs(z).max())


exact = np.vectorize(Fraction, otypes=[object])


def events_by_fractions(weights, biases, start, end):
    """Follow one segment in rational arithmetic: (layer, unit, t) of every switch, in order."""
    ts, h, found = [Fraction(0), Fraction(1)], exact(np.array([start, end])), []
    for layer, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True)):
        z = h @ exact(weight) + exact(bias)
        points = list(zip(ts, z, strict=True))
        for (t, here), (later, there) in itertools.pairwise(zip(ts, z, strict=True)):
            for unit in np.flatnonzero((here > 0) != (there > 0)):
                share = here[unit] / (here[unit] - there[unit])
                found.append((layer, unit, float(t + share * (later - t))))
                points.append((t + share * (later - t), here + share * (there - here)))
        ts, z = zip(*sorted(points, key=lambda point: point[0]), strict=True)
        h = np.maximum(np.array(z), 0)
    return sorted(found)


@pytest.mark.parametrize("kind", ["generic", "units with one boundary", "whole numbers", "huge and tiny"])
def test_a_lines_events_are_those_of_rational_arithmetic(kind):
    """Whole numbers make ties: ends on boundaries, switches of several units at once, ways along a boundary."""
    rng = np.random.default_rng(1)
    for _ in range(6):
        weights = [rng.normal(size=each) for each in ((3, 7), (7, 5), (5, 2))]
        biases, ends = [rng.normal(0.0, 0.3, each) for each in (7, 5, 2)], rng.normal(0.0, 2.0, (2, 3))
        if kind == "units with one boundary":
            weights[0][:, 1], biases[0][1] = weights[0][:, 0], biases[0][0]
            weights[1][:, 1], biases[1][1] = -2.0 * weights[1][:, 0], -2.0 * biases[1][0]
        elif kind == "whole numbers":
            weights, biases, ends = [w.round() for w in weights], [b.round() for b in biases], ends.round()
        elif kind == "huge and tiny":
            weights, biases = [weights[0] * 1e9, weights[1] * 1e-9, weights[2]], [biases[0] * 1e9, *biases[1:]]
        events = PolytopeLens(of_weights(weights, biases)).line(*ends).events
        found = sorted(zip(events["layer"], events["unit"], events["t"], strict=True))
        expected = events_by_fractions(weights, biases, *ends)
        assert [each[:2] for each in found] == [each[:2] for each in expected]
        np.testing.assert_allclose([t for *_, t in found], [t for *_, t in expected], rtol=0, atol=1e-14)


def test_in_a_plane_nothing_within_the_nearest_boundary_has_another_code_and_something_just_beyond_it_has():
    lens, angle = PolytopeLens(random_network([2, 9, 7, 5], seed=4)), np.linspace(0.0, 2.0 * np.pi, 7200)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    points = np.random.default_rng(0).normal(size=(30, 2))
    for point, distance in zip(points, lens.nearest_boundary(points).distance, strict=True):
        own = lens.spline_codes(point[None])
        assert (lens.spline_codes(point + (1.0 - 1e-9) * distance * circle) == own).all()
        assert (lens.spline_codes(point + (1.0 + 1e-5) * distance * circle) != own).any()


def test_the_nearest_boundary_is_where_the_code_first_changes(case):
    lens, points, *_ = case
    found = lens.nearest_boundary(points[:100])
    np.testing.assert_allclose(np.linalg.norm(found.way, axis=1), found.distance, rtol=1e-9)
    places = np.array(lens.offsets)[found.layer] + found.unit
    for point, way, place in zip(points, found.way, places, strict=False):
        bits = lens.spline_codes(np.stack([point, point + way * (1 - 1e-6), point + way * (1 + 1e-6)]))
        assert np.array_equal(bits[0], bits[1]) and bits[0, place] != bits[2, place]


def test_eight_generic_lines_cut_the_plane_into_37_regions():
    rng, angle = np.random.default_rng(2), np.linspace(0.1, np.pi, 8, endpoint=False)
    normals, places = np.stack([np.cos(angle), np.sin(angle)]), rng.normal(size=8)
    lens = PolytopeLens(of_weights([normals, np.ones((8, 1))], [places, np.zeros(1)]))
    corners = [np.linalg.solve(normals[:, [i, j]].T, -places[[i, j]]) for i, j in itertools.combinations(range(8), 2)]
    around = rng.normal(size=(200, 2))
    around *= 1e-3 / np.linalg.norm(around, axis=1)[:, None]
    points = np.concatenate([corner + around for corner in corners])  # every region has a corner
    assert lens.regions(points).max() + 1 == 1 + 8 + 28


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("width", [16, 64, 128])
def test_random_networks_have_half_a_crossing_a_neuron_between_gaussian_points(depth, width):
    counts = []
    for seed in range(4):
        lens, rng = PolytopeLens(random_network([32] + [width] * depth, seed=seed)), np.random.default_rng(seed)
        lines = lens.line(rng.normal(size=(100, 32)), rng.normal(size=(100, 32)))
        counts.append(len(lines.events) / 100 / (width * depth))
    assert 0.46 <= np.mean(counts) <= 0.53


def test_a_single_segment_and_one_of_no_length():
    lens = PolytopeLens(random_network([4, 8]))
    a = np.array([1.0, 0.0, 0.0, 0.0])
    lines = lens.line(a, -a)
    assert len(lines) == 1 and len(lines.events) == 8 and (lines.events["t"] == 0.5).all()
    assert np.isnan(lens.crossing_density(a, a)).all() and np.isnan(lens.hamming_density(a, a)).all()
    assert lens.crossing_density(a, -a)[0] == 8 / 2 and lens.hamming_density(a, -a, by_layer=True).tolist() == [[4.0]]
    assert len(lens.line(np.empty((0, 4)), np.empty((0, 4)))) == 0


def test_densities_by_layer_add_up(case):
    lens, _, start, end = case
    for measure in (lens.crossing_density, lens.hamming_density):
        np.testing.assert_allclose(measure(start, end, by_layer=True).sum(axis=1), measure(start, end), rtol=1e-12)


def test_novelty_is_the_least_hamming_distance_to_what_is_known(case):
    lens, points, *_ = case
    known, new = points[:150], points[150:200]
    distances = (lens.spline_codes(new)[:, None, :] != lens.spline_codes(known)[None]).sum(axis=2)
    assert np.array_equal(hamming(lens.spline_codes(new), lens.spline_codes(known)), distances)
    assert np.array_equal(lens.novelty(new, known), distances.min(axis=1))
    np.testing.assert_allclose(lens.novelty(new, known, nearest=5), np.sort(distances, axis=1)[:, :5].mean(axis=1))
    assert (lens.novelty(known, known) == 0).all()


def test_points_of_one_region_have_one_number_and_one_affine_map(case):
    lens, points, *_ = case
    numbers, bits = lens.regions(points), lens.spline_codes(points)
    assert numbers[0] == 0 and len(np.unique(numbers)) == len(np.unique(bits, axis=0)) == numbers.max() + 1
    slope, constant = lens.affine_map(points)
    for each in range(min(20, numbers.max() + 1)):
        for what in (bits, slope, constant):
            assert (what[numbers == each] == what[numbers == each][0]).all()


def test_it_makes_no_difference_in_how_many_pieces_points_are_worked_on(case, monkeypatch):
    lens, points, *_ = case
    points = points[:60]
    whole = *lens.affine_map(points), lens.nearest_boundary(points).way, lens.novelty(points[30:], points[:30])
    monkeypatch.setattr(polytope, "MATRICES", 1)
    monkeypatch.setattr(codes, "DISTANCES", 1)
    pieces = *lens.affine_map(points), lens.nearest_boundary(points).way, lens.novelty(points[30:], points[:30])
    for piece, all_at_once in zip(pieces, whole, strict=True):
        np.testing.assert_allclose(piece, all_at_once, rtol=1e-9, atol=1e-12)


def test_points_that_are_not_points_are_refused():
    lens = PolytopeLens(random_network([4, 8]))
    with pytest.raises(MatchdayError, match=r"points have shape \(3, 5\); rule: \(n, 4\)"):
        lens.logits(np.zeros((3, 5)))
    with pytest.raises(MatchdayError, match="a point is not finite"):
        lens.spline_codes(np.full((2, 4), np.nan))
    with pytest.raises(MatchdayError, match="nearest is 9; rule: 1 to the 3 known points"):
        lens.novelty(np.zeros((1, 4)), np.zeros((3, 4)), nearest=9)
    with pytest.raises(MatchdayError, match="points are no rows of numbers: could not convert string"):
        lens.logits([["a"] * 4])
    for way in (lens.line, lens.crossing_density, lens.hamming_density):
        with pytest.raises(MatchdayError, match="start has 1 points, end 3"):
            way(np.zeros(4), np.zeros((3, 4)))


def test_a_region_without_boundaries_is_infinitely_wide():
    lens = PolytopeLens(of_weights([np.zeros((2, 3)), np.ones((3, 1))], [np.ones(3), np.zeros(1)]))
    found = lens.nearest_boundary(np.zeros((1, 2)))
    assert found.distance[0] == np.inf and (found.layer[0], found.unit[0]) == (-1, -1) and np.isnan(found.way).all()
