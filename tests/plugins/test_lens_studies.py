"""Studies through the polytope lens: what they count is true, and the untrained twin stands beside all of it."""

import importlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from matchday import MatchdayError
from matchday_plugins.lens import PolytopeLens
from matchday_plugins.lens.studies import (
    decision_peak,
    direction_validity,
    region_map,
    semantic_boundaries,
    untrained,
)
from matchday_plugins.lens.studies.decisions import changes, decided
from matchday_plugins.lens.studies.pairs import Pairs, partners

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

ROOT = Path(__file__).parents[2]
BOUNDARIES = ["network", "measure", "layer", "same", "different", "ratio", "low", "high", "pairs"]
DIRECTIONS = ["network", "scale_from", "scale_to", "crossings", "low", "high", "changes", "kept"]
PEAK = ["network", "width", "own", "null", "ratio", "low", "high", "p", "pairs"]
MAP = ["network", "region", "decision", "area", "x", "y"]


@pytest.fixture(scope="module")
def digits():
    """A network of the digits at even places, and those at odd places."""
    rows, labels = load_digits(return_X_y=True)
    model = make_pipeline(StandardScaler(), MLPClassifier((64, 32), max_iter=60, random_state=0))
    return model.fit(rows[::2], labels[::2]), rows[1::2], labels[1::2]


def of_weights(weights, biases, classes):
    """A classifier with these weights, as scikit-learn keeps them."""
    network = MLPClassifier()
    network.coefs_, network.intercepts_, network.classes_ = weights, biases, np.arange(classes)
    network.n_features_in_ = len(weights[0])
    network.hidden_layer_sizes = tuple(len(bias) for bias in biases[:-1])
    return network


def studies(model, rows):
    """Every study, small."""
    yield semantic_boundaries(model, rows, pairs=40), BOUNDARIES
    yield decision_peak(model, rows, pairs=40), PEAK
    yield direction_validity(model, rows, directions=40), DIRECTIONS
    yield region_map(model, rows, "a", "c"), MAP


# The twin


def test_the_twin_has_the_steps_and_the_shape_of_the_model_and_nothing_it_learned(digits):
    model, rows, labels = digits
    before = [weights.copy() for weights in model[-1].coefs_]
    twin = untrained(model, seed=3)
    assert twin[0] is model[0] and twin[-1] is not model[-1]
    assert [each.shape for each in twin[-1].coefs_] == [each.shape for each in before]
    assert all(np.array_equal(now, then) for now, then in zip(model[-1].coefs_, before, strict=True))
    assert twin.score(rows, labels) < 0.35


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_the_twins_weights_are_those_that_scikit_learn_begins_with(solver):
    rows, labels = np.random.default_rng(0).normal(size=(50, 5)), np.arange(50) % 3
    network = MLPClassifier((7, 4), solver=solver, max_iter=3, early_stopping=solver == "adam").fit(rows, labels)
    first = MLPClassifier((7, 4), random_state=5, solver="sgd", learning_rate_init=1e-300, max_iter=1).fit(rows, labels)
    for twins, own in zip(untrained(network, seed=5).coefs_, first.coefs_, strict=True):
        assert np.array_equal(twins, own)
        assert np.abs(twins).max() <= np.sqrt(6.0 / sum(own.shape))
    assert not np.array_equal(untrained(network, seed=6).coefs_[0], first.coefs_[0])


def some_model(kind):
    """A model whose twin is not as plain as others'."""
    rows, labels = np.random.default_rng(0).normal(size=(40, 5)), np.arange(40) % 3
    network = MLPClassifier((7, 4), max_iter=3)
    match kind:
        case "pipeline in a pipeline":
            return make_pipeline(StandardScaler(), make_pipeline(StandardScaler(), network)).fit(rows, labels)
        case "two labels at once":
            return network.fit(rows, rows[:, :2] > 0.0)
        case "three outputs":
            return MLPRegressor(hidden_layer_sizes=(7, 4), max_iter=3).fit(rows, rows[:, :3])
        case "single precision":
            return network.fit(rows.astype(np.float32), labels)
        case "words":
            return network.fit(rows, np.array(["home", "draw", "away"])[labels])


@pytest.mark.parametrize(
    "kind", ["pipeline in a pipeline", "two labels at once", "three outputs", "single precision", "words"]
)
def test_every_model_has_a_twin_of_its_shape_precision_and_classes(kind):
    model = some_model(kind)
    own, twins = (PolytopeLens(each).network for each in (model, untrained(model)))
    assert [each.shape for each in twins.weights] == [each.shape for each in own.weights]
    assert [each.shape for each in twins.biases] == [each.shape for each in own.biases]
    assert twins.classes == own.classes
    if kind == "single precision":
        assert {each.dtype for each in untrained(model).coefs_} == {np.dtype(np.float32)}


# What is counted


def test_each_row_is_paired_with_another_of_its_class_and_one_of_another_class():
    rng = np.random.default_rng(0)
    classes = rng.choice(["a", "b", "c"], p=[0.9, 0.08, 0.02], size=500)
    classes[7] = "z"
    pairs = partners(classes, most=1000, rng=rng)
    assert sorted(pairs.start) == [place for place in range(500) if place != 7]
    assert (classes[pairs.start] == classes[pairs.same]).all() and (pairs.start != pairs.same).all()
    assert (classes[pairs.start] != classes[pairs.different]).all()
    assert len(partners(classes, most=30, rng=rng).start) == 30


def test_pairs_that_share_no_row_have_no_design_effect_and_others_that_of_all_covariances():
    rng = np.random.default_rng(0)
    influence = rng.normal(size=(50, 2))
    alone = Pairs(np.arange(50), np.arange(50, 100), np.arange(100, 150))
    assert alone.design_effect(influence) == pytest.approx([1.0, 1.0])
    shared = Pairs(np.arange(50), np.arange(50, 100), 100 + np.arange(50) // 10)
    same = shared.different[:, None] == shared.different
    for column, effect in zip(influence.T, shared.design_effect(influence), strict=True):
        assert effect == pytest.approx(max(column @ same @ column / (column @ column), 1.0))
    assert alone.design_effect(np.zeros((50, 1))).tolist() == [1.0]


def test_the_design_effect_makes_variances_of_means_over_pairs_right():
    """Each row brings something of its own to all its pairs: the rarer class's rows are partners of many."""
    means, alone, stretched = [], [], []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        classes, own = rng.uniform(size=200) < 0.3, rng.normal(size=200)
        pairs = partners(classes, most=200, rng=rng)
        value = own[pairs.different] + 0.3 * rng.normal(size=len(pairs.start))
        influence = (value - value.mean())[:, None]
        means.append(value.mean())
        alone.append(value.var() / len(value))
        stretched.append(alone[-1] * pairs.design_effect(influence)[0])
    assert np.mean(alone) < 0.5 * np.var(means)
    assert np.mean(stretched) == pytest.approx(np.var(means), rel=0.2)


def test_every_change_of_class_on_a_line_is_found_where_it_is(digits):
    model, rows, _ = digits
    for each in (model, untrained(model)):
        lens = PolytopeLens(each)
        start, end = rows[:8], rows[8:16] * 2.0
        found = changes(lens.line(start, end))
        grid = np.linspace(0.0, 1.0, 4001)
        for number in range(8):
            taken = decided(lens.logits(start[number] + grid[:, None] * (end[number] - start[number])))
            seen = grid[1:][np.diff(taken) != 0]
            own = found[found["segment"] == number]
            assert len(own) >= len(seen)
            assert all(np.abs(own["t"].to_numpy() - t).min() <= 2.5e-4 for t in seen)
            assert own["before"].tolist()[1:] == own["after"].tolist()[:-1]


def test_crossings_by_scale_add_up_to_all_that_the_line_has(digits):
    model, rows, _ = digits
    frame = direction_validity(model, rows[:50], scales=(0.0, 0.3, 1.0, 8.0), directions=50).frame
    lens, mean = PolytopeLens(model), rows[:50].mean(axis=0)
    lines = lens.line(np.repeat(mean[None], 50, axis=0), mean + 8.0 * (rows[:50] - mean))
    own = frame[frame["network"] == "trained"]
    total = (own["crossings"] * (own["scale_to"] - own["scale_from"])).sum()
    assert total == pytest.approx(len(lines.events) / 50)
    assert own.loc[own["scale_to"] == 1.0, "kept"].item() == 1.0


def test_the_density_is_the_same_whether_the_scaler_is_folded_or_the_rows_are_scaled(digits):
    model, rows, labels = digits
    whole = semantic_boundaries(model, rows, labels, pairs=100).frame
    alone = semantic_boundaries(model[-1], model[0].transform(rows), labels, pairs=100).frame
    kept = whole["measure"] != "hidden"
    np.testing.assert_allclose(whole.loc[kept, "ratio"], alone.loc[kept, "ratio"], rtol=0.02)


def test_a_peak_that_is_there_is_found():
    """Forty units switch near where the decision falls, and forty all over the place."""
    places = np.concatenate([np.linspace(-0.02, 0.02, 40), np.linspace(-1.0, 1.0, 40)])
    first, second = np.vstack([np.ones(80), np.zeros(80)]), np.zeros((80, 1))
    second[:2, 0] = [-1.0, 1.0]
    model = of_weights([first, second], [-places, np.array([1e-4])], 2)
    rows = np.random.default_rng(0).uniform(-1.0, 1.0, (400, 2))
    frame = decision_peak(model, rows, pairs=200).frame.set_index(["network", "width"])
    assert frame.loc[("trained", 0.02), "ratio"] > 1.5
    assert frame.loc[("trained", 0.02), "p"] < 0.001


# The findings, at small size


def test_boundaries_follow_meaning_in_a_trained_network_more_than_in_its_twin(digits):
    model, rows, labels = digits
    frame = semantic_boundaries(model, rows, labels, pairs=400).frame.set_index(["network", "measure", "layer"])
    ratio = frame["ratio"]
    assert ratio["trained", "crossings", "all"] > 1.12 > ratio["untrained", "crossings", "all"]
    assert frame.loc[("trained", "crossings", "all"), "low"] > frame.loc[("untrained", "crossings", "all"), "high"]
    assert ratio["trained", "crossings", "2"] > ratio["trained", "crossings", "1"]
    assert ratio["trained", "hidden", "2"] < ratio["trained", "crossings", "2"]
    assert (frame["low"] <= frame["ratio"]).all() and (frame["ratio"] <= frame["high"]).all()


def test_boundaries_end_with_scale_and_only_the_trained_network_keeps_the_class(digits):
    frame = direction_validity(digits[0], digits[1], directions=150).frame.set_index(["network", "scale_to"])
    for network in ("trained", "untrained"):
        assert frame.loc[(network, 0.1), "crossings"] > 20 * frame.loc[(network, 2.0), "crossings"]
    assert frame.loc[("trained", 8.0), "kept"] > 0.95 > frame.loc[("untrained", 8.0), "kept"]


# What is answered


def test_frames_are_tidy_and_figures_can_be_written(small_network):
    model, rows, _ = small_network
    for study, columns in studies(model, rows):
        assert study.frame.columns.tolist() == columns
        assert study.frame["network"].unique().tolist() == ["trained", "untrained"]
        assert study.figure["layout"]["height"] > 0
        assert len(json.loads(json.dumps(study.figure))["data"]) >= 2


def test_the_same_seed_gives_the_same_bytes_and_another_other_pairs(small_network):
    model, rows, _ = small_network
    for (study, _), (again, _) in zip(studies(model, rows), studies(model, rows), strict=True):
        assert study.frame.equals(again.frame)
        assert json.dumps(study.figure) == json.dumps(again.figure)
    assert not semantic_boundaries(model, rows, seed=1).frame.equals(semantic_boundaries(model, rows, seed=2).frame)


def test_a_classifier_of_two_and_a_model_of_named_columns_are_studied(small_network):
    rows = small_network[1]
    model = make_pipeline(StandardScaler(), MLPClassifier((6,), max_iter=20, random_state=0)).fit(rows, rows["a"] > 0)
    for study, columns in studies(model, rows):
        assert study.frame.columns.tolist() == columns
    assert "hidden" not in set(semantic_boundaries(model, rows, pairs=40).frame["measure"])


def test_a_figure_says_what_its_axes_and_bars_are_and_draws_one_layer_once(small_network):
    rows = small_network[1]
    model = MLPClassifier((6,), max_iter=20, random_state=0).fit(rows.to_numpy(), rows["a"] > 0)
    for study, beneath in (
        (semantic_boundaries(model, rows, pairs=40), "bars: 95 % intervals"),
        (decision_peak(model, rows, pairs=40), "share of the way; bars: 95 % of permutations"),
        (direction_validity(model, rows, directions=40), "scale: 0 the mean input, 1 the input; bars: 95 % intervals"),
    ):
        page = study.figure["layout"]
        assert page["xaxis"]["title"]["text"] == beneath and page["annotations"][0]["text"]
        assert [trace["name"] for trace in study.figure["data"]] == ["trained", "untrained"]
    study = semantic_boundaries(model, rows, pairs=40)
    assert [trace["x"] for trace in study.figure["data"]] == [["layer 1"], ["layer 1"]]
    low, high = study.figure["layout"]["yaxis"]["range"]
    assert low < min(study.frame["low"].min(), 1.0) and max(study.frame["high"].max(), 1.0) < high


def test_a_regressor_has_boundaries_and_no_classes(small_network):
    rows = small_network[1]
    model = MLPRegressor(hidden_layer_sizes=(6, 4), max_iter=20, random_state=0).fit(rows.to_numpy(), rows["a"])
    assert semantic_boundaries(model, rows, rows["a"] > 0, pairs=40).frame["ratio"].notna().all()
    frame = direction_validity(model, rows, directions=20).frame
    assert frame[["changes", "kept"]].isna().all(axis=None) and frame["crossings"].notna().all()
    assert set(region_map(model, rows, "a", "b").frame["decision"]) == {""}
    with pytest.raises(MatchdayError, match=r"the model takes rows for no class of several; give their classes\."):
        semantic_boundaries(model, rows)
    with pytest.raises(MatchdayError, match="the model decides on no class of several"):
        decision_peak(model, rows)


@pytest.mark.parametrize(
    ("study", "says"),
    [
        (
            lambda m, r: semantic_boundaries(m, r, np.zeros(300)),
            "all 300 rows are of one class, '0.0'; rule: at least two",
        ),
        (lambda m, r: semantic_boundaries(m, r, np.arange(300)), "300 rows of 300 classes; rule: some class has two"),
        (
            lambda m, r: semantic_boundaries(m, r, [None, np.nan] + ["home", "away"] * 149),
            "2 of the classes are not known; leave these rows out",
        ),
        (lambda m, r: semantic_boundaries(m, r, [1, 2]), r"classes have shape \(2,\); rule: \(300,\), one a row"),
        (lambda m, r: semantic_boundaries(m, r, pairs=1), "Study of 1 pairs; rule: at least 2"),
        (lambda m, r: semantic_boundaries(m, r.iloc[:, :3]), r"points have shape \(300, 3\); rule: \(n, 4\)"),
        (lambda m, r: semantic_boundaries(m, r.iloc[:1]), "Study of 1 rows; rule: at least 2"),
        (lambda m, r: semantic_boundaries(m, r * 0, np.arange(300) % 2), "no two of the rows that are paired differ"),
        (lambda m, r: semantic_boundaries(m, r.astype(str) + "?"), "the model does not take these rows: could not"),
        (
            lambda m, r: direction_validity(m, r, scales=(1.0, 0.5)),
            r"scales are \[1.0, 0.5\]; rule: two or more, rising",
        ),
        (lambda m, r: direction_validity(m, r, directions=0), "Study of 0 directions; rule: at least 2"),
        (
            lambda m, r: decision_peak(
                of_weights([np.ones((4, 2)), np.zeros((2, 1))], [np.zeros(2), np.ones(1)], 2), r
            ),
            "the trained network takes all 300 rows for class 1, so that no way leads to another",
        ),
    ],
)
def test_what_cannot_be_studied_is_refused_in_one_line(small_network, study, says):
    with pytest.raises(MatchdayError, match=says) as caught:
        study(small_network[0], small_network[1])
    assert "\n" not in str(caught.value)


# The page


def test_the_page_has_a_place_for_every_table_and_its_code_runs(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    page = ROOT / "docs" / "polytope-lens.md"
    check_page = importlib.import_module("results_tables").check_page
    for script in ("polytope_lens_on_digits", "polytope_lens_on_football", "input_faults"):
        check_page(page, importlib.import_module(script).NAMES)
    for code in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
        exec(code, {})
    told = capsys.readouterr().out
    assert told.startswith("(1797, 24)\n(64, 10)\n(1,)\n") and "untrained" in told
