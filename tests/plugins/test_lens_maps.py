"""Maps of polytopes: the pieces of a plane tile it, each of one code and one class, and in the class's colour."""

import numpy as np
import pandas as pd
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PowerTransformer

from matchday import MatchdayError
from matchday.report.look import Style
from matchday_plugins.lens import PolytopeLens
from matchday_plugins.lens.network import Network
from matchday_plugins.lens.studies import region_map
from matchday_plugins.lens.studies.decisions import decided
from matchday_plugins.lens.studies.polygons import cells, polytopes
from matchday_plugins.models.learned.pipelines import scaled

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def random_network():
    """Three classes on four inputs, and a plane that goes far."""
    rng = np.random.default_rng(1)
    shapes = ((4, 12), (12, 8), (8, 3))
    weights, biases = [rng.normal(size=each) for each in shapes], [rng.normal(0.0, 0.5, b) for _, b in shapes]
    return weights, biases, np.vstack([rng.normal(size=(2, 4)) * 6.0, np.full(4, -3.0)])


def area(found):
    """The area of all cells."""
    return sum(cell.area for cell in found)


def test_lines_in_general_position_cut_a_plane_into_as_many_regions_as_geometry_says():
    """Steiner: n lines make 1 + n + C(n, 2) regions; eight of them 37."""
    rng = np.random.default_rng(0)
    angle, near = np.arange(8) * np.pi / 8 + 0.1, rng.uniform(-0.01, 0.01, 8)
    first = np.vstack([np.cos(angle), np.sin(angle)])
    network = Network((first, np.ones((8, 3))), (near, np.zeros(3)), (0, 1, 2))
    assert len(polytopes(network, np.array([[2.0, 0.0], [0.0, 2.0], [-1.0, -1.0]]))) == 37


def test_the_cells_of_a_map_fill_it_and_each_is_of_one_code_and_one_class(small_network):
    model, rows, _ = small_network
    lens, rng = PolytopeLens(model), np.random.default_rng(0)
    plane = np.vstack([rng.normal(size=(2, 4)) * 4.0, rows.iloc[0] - 2.0])
    pieces = polytopes(lens.network, plane)
    found = cells(lens.network, pieces)
    assert sum(cell.area for cell in found) == pytest.approx(1.0)
    inside = np.vstack([cell.corners.mean(axis=0) for cell in found])
    points = np.column_stack([inside, np.ones(len(inside))]) @ plane
    assert decided(lens.logits(points)).tolist() == [cell.decision for cell in found]
    middles = np.vstack([corners.mean(axis=0) for corners, _ in pieces])
    codes = lens.spline_codes(np.column_stack([middles, np.ones(len(middles))]) @ plane)
    assert len(np.unique(codes, axis=0)) == len(pieces)
    anywhere = np.column_stack([rng.uniform(size=(20_000, 2)), np.ones(20_000)]) @ plane
    seen = {code.tobytes() for code in lens.spline_codes(anywhere)}
    assert seen <= {code.tobytes() for code in codes}


def test_a_map_shows_the_features_that_decide(small_network):
    model, rows, _ = small_network
    study = region_map(model, rows, "a", "b", labels=["left below", "left above", "right"])
    own = study.frame[study.frame["network"] == "trained"]
    assert own["area"].sum() == pytest.approx(1.0)
    right = own["decision"] == "right"
    for side, share in ((own["x"] > 1.0, 1.0), (own["x"] < 0.0, 0.0)):
        assert own.loc[side & right, "area"].sum() == pytest.approx(share * own.loc[side, "area"].sum(), abs=0.03)
    title = study.figure["layout"]["annotations"][0]["text"]
    assert f"{own['region'].nunique()} polytopes" in title


def test_a_map_is_drawn_of_rows_with_values_that_are_not_known():
    rows = pd.DataFrame(np.random.default_rng(0).normal(5.0, 3.0, (300, 3)), columns=["a", "b", "c"])
    labels = (rows["a"] > 5.0).astype(int) + (rows["c"] > 8.0)
    rows.iloc[::7, 1] = np.nan
    model = scaled(MLPClassifier((8,), max_iter=50, random_state=0)).fit(rows.to_numpy(), labels)
    assert region_map(model, rows, "a", "b").frame.groupby("network")["area"].sum().tolist() == pytest.approx(
        [1.0, 1.0]
    )


@pytest.mark.parametrize("size", [1e-14, 1e-10, 1e6])
def test_a_map_is_the_same_in_whatever_units_a_layer_counts(size):
    weights, biases, plane = random_network()
    plain = Network(tuple(weights), tuple(biases), (0, 1, 2))
    first = Network((weights[0] * size, weights[1] / size, weights[2]), (biases[0] * size, *biases[1:]), (0, 1, 2))
    last = Network((*weights[:2], weights[2] * size), (*biases[:2], biases[2] * size), (0, 1, 2))
    whole = cells(plain, polytopes(plain, plane))
    for network in (first, last):
        found = cells(network, polytopes(network, plane))
        assert area(found) == pytest.approx(1.0, abs=1e-12)
        assert [(each.region, each.decision) for each in found] == [(each.region, each.decision) for each in whole]


def test_of_two_classes_that_are_equally_likely_throughout_the_first_has_the_place():
    weights, biases, plane = random_network()
    weights[2][:, 2], biases[2][2] = weights[2][:, 1], biases[2][1]
    network = Network(tuple(weights), tuple(biases), (0, 1, 2))
    found = cells(network, polytopes(network, plane))
    assert area(found) == pytest.approx(1.0, abs=1e-12)
    assert {cell.decision for cell in found} == {0, 1}


def filled(study, axis):
    """Every polygon that a panel fills: its class's name, its colour, its corners."""
    for trace in study.figure["data"]:
        if trace.get("fill") and trace["xaxis"] == axis:
            corners = np.column_stack([np.array(trace[each], dtype=float) for each in ("x", "y")])
            for part in np.split(corners, np.flatnonzero(np.isnan(corners[:, 0]))):
                part = part[~np.isnan(part[:, 0])][:-1]
                if len(part):
                    yield trace["name"], trace["fillcolor"], part


def test_what_a_figure_fills_is_in_the_colour_of_the_class_that_the_network_takes_it_for(small_network):
    model, rows, _ = small_network
    names = ["left below", "left above", "right"]
    study, place = region_map(model, rows, "a", "b", labels=names), rows.mean()
    seen = set()
    for name, colour, corners in filled(study, "x"):
        point = place.copy()
        point[["a", "b"]] = corners.mean(axis=0)
        decision = model.predict(point.to_numpy()[None])[0]
        assert (name, colour) == (names[decision], Style(decision).colour)
        seen.add(name)
    assert seen == set(names)


def test_where_a_map_lies_is_said_in_order_or_by_name(small_network):
    model, rows, _ = small_network
    at = pd.Series([0.0, 0.0, 1.0, -1.0], index=["a", "b", "c", "d"])
    by_name, reordered, in_order = (region_map(model, rows, "a", "b", at=each).frame for each in (at, at[::-1], [*at]))
    assert by_name.equals(reordered) and by_name.equals(in_order)
    assert not by_name.equals(region_map(model, rows, "a", "b").frame)


def test_columns_that_are_numbers_can_be_axes(small_network):
    model, rows, _ = small_network
    numbered = region_map(model, pd.DataFrame(rows.to_numpy()), 0, 1)
    assert numbered.frame.equals(region_map(model, rows, "a", "b").frame)


def test_a_feature_that_is_true_or_false_can_be_an_axis(small_network):
    model, rows, _ = small_network
    frame = region_map(model, rows.assign(a=rows["a"] > 0.0), "a", "b").frame
    assert frame.groupby("network")["area"].sum().tolist() == pytest.approx([1.0, 1.0])


def test_what_decides_on_no_class_has_polytopes_and_no_decision(small_network):
    rows = small_network[1]
    many = MLPClassifier((6,), max_iter=5, random_state=0).fit(rows.to_numpy(), rows[["a", "b"]] > 0)
    number = MLPRegressor(hidden_layer_sizes=(6, 4), max_iter=5, random_state=0).fit(rows.to_numpy(), rows["a"])
    for model in (many, number):
        frame = region_map(model, rows, "a", "b").frame
        assert set(frame["decision"]) == {""} and frame["region"].nunique() > 2


@pytest.mark.parametrize(
    ("study", "says"),
    [
        (lambda m, r: region_map(m, r, "a", "e"), "no feature 'e'; there are: a, b, c, d"),
        (lambda m, r: region_map(m, r, "a", "a"), "x and y are both 'a'; rule: two features"),
        (lambda m, r: region_map(m, r.assign(b=1.0), "a", "b"), "of 'a' and 'b': one does not vary in the rows"),
        (lambda m, r: region_map(m, r, "a", "b", labels=["x"]), "1 labels for 3 classes; rule: one each, in order"),
        (lambda m, r: region_map(m, r, "a", "b", at=[1, 2]), "at has 2 values; rule: one of each of 4 features"),
        (
            lambda m, r: region_map(m, r, "a", "b", at=pd.Series(0.0, index=list("abcx"))),
            "at has 4 values; rule: one of each of 4 features",
        ),
    ],
)
def test_what_cannot_be_mapped_is_refused_in_one_line(small_network, study, says):
    with pytest.raises(MatchdayError, match=says) as caught:
        study(small_network[0], small_network[1])
    assert "\n" not in str(caught.value)


def test_a_plane_that_the_models_steps_bend_is_refused(small_network):
    rows = small_network[1].abs() + 0.1
    model = make_pipeline(PowerTransformer(), MLPClassifier((5,), max_iter=5)).fit(rows.to_numpy(), small_network[2])
    with pytest.raises(
        MatchdayError, match="the steps before the network bend the plane; rule: scalers, imputers alone"
    ):
        region_map(model, rows, "a", "b")
