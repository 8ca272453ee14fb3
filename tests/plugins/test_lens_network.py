"""Reading networks: scalers are folded, other steps make the points, and what is no ReLU network is refused."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.special import expit, softmax
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, PowerTransformer, RobustScaler, StandardScaler

from matchday import MatchdayError
from matchday_plugins.lens import PolytopeLens
from matchday_plugins.models.learned.pipelines import scaled

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize(
    "scalers",
    [
        [StandardScaler()],
        [StandardScaler(with_mean=False)],
        [StandardScaler(with_std=False)],
        [RobustScaler()],
        [MinMaxScaler((-1, 2))],
        [MaxAbsScaler()],
        [MinMaxScaler(), StandardScaler()],
    ],
    ids=str,
)
def test_scalers_are_folded_so_that_points_are_the_rows_themselves(scalers):
    rng = np.random.default_rng(0)
    x, y = rng.normal(3.0, 5.0, (300, 6)), rng.integers(3, size=300)
    model = make_pipeline(*scalers, MLPClassifier((12, 7), max_iter=5, random_state=1)).fit(x, y)
    lens = PolytopeLens(model)
    assert np.array_equal(lens.prepare(x), x)
    np.testing.assert_allclose(softmax(lens.logits(x), axis=1), model.predict_proba(x), atol=1e-12)


def test_what_cannot_be_folded_makes_the_points():
    rng = np.random.default_rng(0)
    x, y = rng.gamma(2.0, size=(300, 4)), rng.integers(3, size=300)
    model = make_pipeline(PowerTransformer(), StandardScaler(), MLPClassifier((9,), max_iter=5, random_state=1)).fit(
        x, y
    )
    lens = PolytopeLens(model)
    assert not np.allclose(lens.prepare(x), x)
    np.testing.assert_allclose(softmax(lens.logits(lens.prepare(x)), axis=1), model.predict_proba(x), atol=1e-12)


def test_a_pipeline_within_a_pipeline_is_read_as_one():
    x, y = np.random.default_rng(0).normal(2.0, 3.0, (200, 4)), np.arange(200) % 3
    inner = make_pipeline(StandardScaler(), MLPClassifier((6,), max_iter=5, random_state=0))
    model = make_pipeline(PowerTransformer(), inner).fit(x, y)
    lens = PolytopeLens(model)
    np.testing.assert_allclose(softmax(lens.logits(lens.prepare(x)), axis=1), model.predict_proba(x), atol=1e-12)


def test_columns_in_another_order_are_refused_whether_scalers_are_folded_or_not():
    rows = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 3)), columns=["a", "b", "c"])
    for steps in ([], [StandardScaler()], [PowerTransformer()]):
        model = make_pipeline(*steps, MLPClassifier((5,), max_iter=5, random_state=0)).fit(rows, np.arange(60) % 3)
        lens = PolytopeLens(model)
        assert lens.prepare(rows).shape == (60, 3)
        with pytest.raises((MatchdayError, ValueError), match="order"):
            lens.prepare(rows[["b", "a", "c"]])


def test_sparse_rows_are_read():
    x, y = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 3
    model = make_pipeline(MaxAbsScaler(), MLPClassifier((5,), max_iter=5, random_state=0)).fit(csr_array(x), y)
    assert np.array_equal(PolytopeLens(model).prepare(csr_array(x)), x)


def test_a_scaler_that_clips_is_not_folded():
    x, y = np.random.default_rng(0).normal(size=(100, 3)), np.arange(100) % 3
    model = make_pipeline(MinMaxScaler(clip=True), MLPClassifier((5,), max_iter=5)).fit(x, y)
    assert PolytopeLens(model).prepare(x * 100).max() == 1.0


def test_an_outcome_models_pipeline_imputes_what_is_not_known():
    rows = np.random.default_rng(0).normal(5.0, 3.0, (200, 4))
    model = scaled(MLPClassifier((6,), max_iter=5, random_state=0)).fit(rows, np.arange(200) % 3)
    rows[:5, 0] = np.nan
    lens = PolytopeLens(model)
    np.testing.assert_allclose(softmax(lens.logits(lens.prepare(rows)), axis=1), model.predict_proba(rows), atol=1e-12)


def test_a_classifier_of_two_classes_has_one_logit():
    x, y = np.random.default_rng(0).normal(size=(100, 3)), np.arange(100) % 2
    model = MLPClassifier((5,), max_iter=5, random_state=0).fit(x, y)
    lens = PolytopeLens(model)
    np.testing.assert_allclose(expit(lens.logits(x))[:, 0], model.predict_proba(x)[:, 1], atol=1e-12)
    assert lens.affine_map(x)[0].shape == (100, 3, 1)


def test_a_classifier_of_many_labels_or_of_one_class_decides_between_none():
    x = np.random.default_rng(0).normal(size=(60, 3))
    for labels in ((x > 0.0).astype(int), (x[:, :2] > 0.0).astype(int), np.zeros(60)):
        model = MLPClassifier((5,), max_iter=5, random_state=0).fit(x, labels)
        lens = PolytopeLens(model)
        assert lens.network.classes == ()
        assert lens.logits(x).shape[1] == model.n_outputs_


def test_a_regressor_is_its_own_logits():
    x = np.random.default_rng(0).normal(size=(100, 3))
    model = MLPRegressor(hidden_layer_sizes=(5, 4), max_iter=5, random_state=0).fit(x, x @ [1.0, -2.0, 0.5])
    np.testing.assert_allclose(PolytopeLens(model).logits(x)[:, 0], model.predict(x), atol=1e-12)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (
            MLPClassifier(activation="tanh"),
            "activation 'tanh', which is not piecewise linear, so that it has no polytopes",
        ),
        (MLPClassifier(), "MLPClassifier is not fitted; call fit first"),
        (
            make_pipeline(StandardScaler(), LogisticRegression()),
            "the model is a LogisticRegression; rule: MLPClassifier",
        ),
        (make_pipeline("passthrough"), "the model is a Pipeline; rule: MLPClassifier"),
        (
            MLPRegressor(hidden_layer_sizes=()).partial_fit(np.zeros((2, 1)), np.zeros(2)),
            "MLPRegressor has no hidden layer, so that it is one affine map everywhere; rule: one at least",
        ),
        ("gbm", "the model is a str; rule: MLPClassifier or MLPRegressor"),
    ],
    ids=["tanh", "not fitted", "no network", "no steps", "no hidden layer", "no model"],
)
def test_what_is_no_fitted_relu_network_is_refused_with_the_reason(model, says):
    with pytest.raises(MatchdayError, match=says):
        PolytopeLens(model)


@pytest.mark.parametrize(
    ("wrapped", "place"),
    [
        (lambda model: GridSearchCV(model, {"alpha": [0.1, 1.0]}, cv=2), "best_estimator_"),
        (lambda model: CalibratedClassifierCV(model, cv=2), "calibrated_classifiers_[0].estimator"),
    ],
    ids=["a search", "a calibration"],
)
def test_of_a_model_around_a_network_the_refusal_names_the_network(wrapped, place):
    rng = np.random.default_rng(0)
    model = wrapped(MLPClassifier((3,), max_iter=5)).fit(rng.normal(size=(40, 2)), np.arange(40) % 2)
    with pytest.raises(MatchdayError) as refused:
        PolytopeLens(model)
    assert str(refused.value).endswith(f"; give its {place}.")
    PolytopeLens(eval(f"model.{place}", {"model": model}))
