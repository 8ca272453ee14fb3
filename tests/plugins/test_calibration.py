"""Calibrators: what earlier forecasts of the run teach, and that nothing else of a forecast is harmed."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from doubles import Coin, Everything, Level, small_season
from matchday import Agent, Forecast, Rules, play
from matchday.encoding import encode
from matchday.events import ForecastMade
from matchday.markets import MATCH_RESULT, SELECTIONS, TOTAL_GOALS_2_5, price_scores
from matchday.scoring import log_loss
from matchday_plugins.blends.average import Average
from matchday_plugins.calibration.draw_calibration import DrawCalibration
from matchday_plugins.calibration.isotonic import Isotonic, increasing
from matchday_plugins.calibration.platt import Platt
from matchday_plugins.calibration.reweighting import reweighted
from matchday_plugins.calibration.temperature import Temperature
from matchday_plugins.calibration.uncertainty import carried, covariance
from settling import RESULT, Theatre, draw_winners, forecast_of

CALIBRATORS = [Temperature, Platt, Isotonic, DrawCalibration]
LOGITS = [Temperature, Platt, DrawCalibration]
PRICES = [[0.5, 0.3, 0.2, 0.6, 0.4]]


def sharpened(p, power) -> np.ndarray:
    return p**power / (p**power).sum(axis=1, keepdims=True)


def fewer_draws(p, factor=0.5) -> np.ndarray:
    """Forecasts with too few draws."""
    odds = factor * p[:, 1] / (1 - p[:, 1])
    draw = odds / (1 + odds)
    return np.column_stack([p[:, 0] * (1 - draw) / (1 - p[:, 1]), draw, p[:, 2] * (1 - draw) / (1 - p[:, 1])])


def distorted(rng, n, distortion) -> tuple[np.ndarray, np.ndarray]:
    """Draw true probabilities (n, 5) of both markets, and forecasts of the first that err in a known way."""
    truth = rng.dirichlet([5, 3, 3], size=n)
    goals = rng.uniform(0.3, 0.7, (n, 1))
    totals = np.hstack([goals, 1 - goals])
    return np.hstack([truth, totals]), np.hstack([distortion(truth), totals])


def taught(calibrator, distortion, *, days=40, per_day=10, seed=0) -> tuple[Theatre, np.random.Generator]:
    """Let a model that errs in a known way play a season before a calibrator."""
    theatre, rng = Theatre(calibrator), np.random.default_rng(seed)
    for _ in range(days):
        truth, said = distorted(rng, per_day, distortion)
        won, over = draw_winners(truth[:, :3], rng), draw_winners(truth[:, 3:], rng) == 0
        theatre.play(PRICES * per_day, won, over, model=said)
    return theatre, rng


def scores_of(rng, n) -> np.ndarray:
    goals = poisson.pmf(np.arange(16), rng.uniform(0.7, 2.2, (n, 2, 1)))
    grids = goals[:, 0, :, None] * goals[:, 1, None, :]
    return grids / grids.sum(axis=(1, 2), keepdims=True)


# --- all of them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_before_any_result_the_forecast_is_handed_on_as_it_is(calibrator):
    theatre = Theatre(calibrator())
    _, said = theatre.morning(PRICES, model=[[0.4, 0.3, 0.3]])
    assert said.source == "model" and said.probabilities.to_numpy().tolist() == [[0.4, 0.3, 0.3]]
    assert theatre.listeners[0].fitted == {}


@pytest.mark.parametrize(
    ("calibrator", "distortion"),
    [
        (Temperature, lambda p: sharpened(p, 2.0)),
        (Platt, lambda p: sharpened(fewer_draws(p), 1.5)),
        (Isotonic, lambda p: sharpened(p, 2.0)),
        (DrawCalibration, fewer_draws),
    ],
)
def test_a_known_error_is_mended_in_the_course_of_a_season(calibrator, distortion):
    theatre, rng = taught(calibrator(), distortion)
    truth, said = distorted(rng, 400, distortion)
    _, corrected = theatre.morning(PRICES * 400, model=said)
    won = draw_winners(truth[:, :3], rng)
    before, after = np.abs(said - truth)[:, :3].mean(), np.abs(corrected.probabilities[RESULT] - truth[:, :3]).mean()
    assert after.mean() < 0.8 * before
    assert log_loss(corrected.probabilities[RESULT].to_numpy(), won).mean() < log_loss(said[:, :3], won).mean()
    assert corrected.source == calibrator().name


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_few_matches_change_little(calibrator):
    theatre = Theatre(calibrator())
    for _ in range(3):
        theatre.play(PRICES, [2], [False], model=[[0.8, 0.1, 0.1, 0.7, 0.3]])
    _, said = theatre.morning(PRICES, model=[[0.6, 0.25, 0.15, 0.55, 0.45]])
    assert np.abs(said.probabilities.to_numpy() - [[0.6, 0.25, 0.15, 0.55, 0.45]]).max() < 0.01


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_the_more_prior_cases_the_less_is_changed(calibrator):
    moved = []
    for cases in (50.0, 500.0, 5000.0, 1e6):
        theatre, rng = taught(calibrator(prior_cases=cases), lambda p: sharpened(fewer_draws(p), 1.5), days=20)
        _, said = distorted(rng, 50, lambda p: p)
        corrected = theatre.morning(PRICES * 50, model=said)[1].probabilities
        moved.append(np.abs(corrected.to_numpy() - said).mean())
    assert moved == sorted(moved, reverse=True) and moved[-1] < 1e-3


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_no_opinion_stays_none_and_the_rest_is_coherent(calibrator):
    theatre, rng = taught(calibrator(), lambda p: sharpened(p, 2.0), days=5)
    _, said = distorted(rng, 4, lambda p: p)
    said[0], said[1, 3:], said[2, :3] = np.nan, np.nan, np.nan
    p = theatre.morning(PRICES * 4, model=said)[1].probabilities.to_numpy()
    assert (np.isnan(p) == np.isnan(said)).all()
    assert p[[1, 3], :3].sum(axis=1) == pytest.approx(1.0) and p[[2, 3], 3:].sum(axis=1) == pytest.approx(1.0)
    theatre.evening([0, 1, 2, 0])
    assert theatre.listeners[0].fitted["match_result"].matches == 52


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_forecasts_of_0_and_of_1_do_no_harm(calibrator):
    theatre = Theatre(calibrator())
    for won in (0, 1, 2, 2):
        said = theatre.play(PRICES * 2, [won, 0], model=[[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]])
        assert said.sum(axis=1).tolist() == pytest.approx([1.0, 1.0])
        assert said["home"].iloc[0] > 0.99 and (said["away"] < 0.01).all()
        if calibrator is not Isotonic:  # which learns that the impossible happens
            assert said["home"].iloc[0] == 1.0 and said["away"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_scores_agree_with_the_corrected_probabilities_and_the_explanation_stays(calibrator):
    theatre, rng = taught(calibrator(), lambda p: sharpened(fewer_draws(p), 1.5))
    day, _ = theatre.morning(PRICES * 5, model=np.full((5, 3), 1 / 3))
    reasons = pd.DataFrame({"goals": np.arange(5.0)}, index=day.slate.index)
    grids = scores_of(rng, 5)
    theatre.models["model"]._next = Forecast.from_scores(day.slate.index, grids, explanation=reasons)
    said = theatre.agent.opinion(day)[1]
    implied = np.column_stack(list(price_scores(said.scores).values()))
    np.testing.assert_allclose(implied, said.probabilities[list(SELECTIONS)], atol=1e-8)
    assert np.abs(implied - np.column_stack(list(price_scores(grids).values()))).max() > 1e-3
    pd.testing.assert_frame_equal(said.explanation, reasons)


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_a_taught_calibrator_survives_pickling_and_copying(calibrator):
    theatre, rng = taught(calibrator(), lambda p: sharpened(p, 2.0), days=4)
    _, table = distorted(rng, 3, lambda p: p)
    day, said = theatre.morning(PRICES * 3, model=table)
    for twin in (pickle.loads(pickle.dumps(theatre.listeners[0])), copy.deepcopy(theatre.listeners[0])):
        again = twin._corrected(forecast_of(day, table, "model"))
        pd.testing.assert_frame_equal(again.probabilities, said.probabilities, check_exact=True)


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_the_correction_is_forgotten_when_the_next_season_opens_and_knows_no_money(calibrator):
    agent = Agent("a", [("coin", Coin()), calibrator(prior_cases=1.0), Everything(), Level(share=0.01)])

    def said(bankroll):
        events = play(agent, small_season(), Rules(bankroll=bankroll))
        return [encode(e) for e in events if isinstance(e, ForecastMade)]

    assert said(100.0) == said(1_000_000.0)
    assert len(said(100.0)) > 8  # coins and corrected coins


def test_calibrators_act_in_list_order_each_on_what_it_saw():
    theatre, rng = taught_by_chain()
    first, second = theatre.listeners[1:]
    raw, seen = first._record.said("raw", MATCH_RESULT), second._record.said("raw", MATCH_RESULT)
    assert (
        len(raw) == len(seen) == 200 and np.array_equal(raw[:10], seen[:10]) and not np.allclose(raw[-10:], seen[-10:])
    )
    truth, said = distorted(rng, 50, lambda p: sharpened(fewer_draws(p), 1.5))
    _, final = theatre.morning(PRICES * 50, model=said)
    assert final.source == "temperature"
    assert np.abs(final.probabilities[RESULT] - truth[:, :3]).mean(axis=None) < np.abs(said - truth)[:, :3].mean()


def taught_by_chain():
    theatre, rng = Theatre(Average(), DrawCalibration(), Temperature()), np.random.default_rng(0)
    for _ in range(20):
        truth, said = distorted(rng, 10, lambda p: sharpened(fewer_draws(p), 1.5))
        theatre.play(PRICES * 10, draw_winners(truth[:, :3], rng), model=said)
    return theatre, rng


def test_what_is_corrected_is_on_record():
    theatre, _ = taught(DrawCalibration(), fewer_draws)
    actions = theatre.agent.drain()
    assert actions and all(each.component == "draw-calibration" for each in actions)
    assert actions[-1].action.startswith("corrects match_result: slope 1.00, draw +0.")


@pytest.mark.parametrize("calibrator", CALIBRATORS)
def test_a_prior_of_nothing_is_refused(calibrator):
    with pytest.raises(ValueError, match="prior_cases"):
        calibrator(prior_cases=0.0)


# --- logits ------------------------------------------------------------------------------------------------------


def test_a_known_temperature_is_found():
    component = Temperature(prior_cases=1.0)
    taught(component, lambda p: sharpened(p, 2.0), days=2, per_day=2500)
    assert component.fitted["match_result"].slope == pytest.approx(0.5, abs=0.05)
    assert component.fitted["total_goals_2_5"].slope == pytest.approx(1.0, abs=0.2)
    assert set(component.fitted["match_result"].intercepts.values()) == {0.0}


def test_results_of_n_matches_go_n_of_n_plus_prior_of_the_way():
    free, held = Temperature(prior_cases=1e-3), Temperature(prior_cases=400.0)
    for component in (free, held):
        taught(component, lambda p: sharpened(p, 1.1), days=2, per_day=200)
    way = [1.0 - component.fitted["match_result"].slope for component in (free, held)]
    assert way[1] == pytest.approx(way[0] / 2, rel=0.15)


def test_a_forecast_worse_than_chance_is_flattened_and_never_turned_round():
    component = Temperature(prior_cases=1.0)
    theatre = Theatre(component)
    for _ in range(30):
        theatre.play(PRICES, [2], model=[[0.9, 0.06, 0.04]])
    assert component.fitted["match_result"].slope == 0.05
    p = theatre.morning(PRICES, model=[[0.9, 0.06, 0.04]])[1].probabilities.iloc[0]
    assert p["home"] > p["draw"] > p["away"]


def test_platt_scaling_of_two_selections_is_platts():
    rng, component = np.random.default_rng(3), Platt(prior_cases=1e-3)
    p = rng.uniform(0.1, 0.9, 4000)
    truth = 1 / (1 + np.exp(-(0.4 + 0.7 * np.log(p / (1 - p)))))
    component._fit(TOTAL_GOALS_2_5, np.column_stack([p, 1 - p]), (rng.random(4000) > truth).astype(int))
    fitted = component.fitted["total_goals_2_5"]
    assert fitted.intercepts["over_2_5"] == pytest.approx(0.4, abs=0.1) and fitted.intercepts["under_2_5"] == 0.0
    assert fitted.slope == pytest.approx(0.7, abs=0.1)


def test_draw_calibration_moves_the_draw_alone():
    theatre, rng = taught(DrawCalibration(), fewer_draws, seed=2)
    _, said = distorted(rng, 20, lambda p: p)
    p = theatre.morning(PRICES * 20, model=said)[1].probabilities.to_numpy()
    np.testing.assert_allclose(p[:, 0] / p[:, 2], said[:, 0] / said[:, 2])
    odds, before = p[:, 1] / (1 - p[:, 1]), said[:, 1] / (1 - said[:, 1])
    factor = np.exp(theatre.listeners[0].fitted["match_result"].intercepts["draw"])
    np.testing.assert_allclose(odds, factor * before)
    assert 1.2 < factor < 2.0
    np.testing.assert_array_equal(p[:, 3:], said[:, 3:])


@pytest.mark.parametrize("calibrator", LOGITS)
def test_standard_errors_are_carried_over_as_a_simulation_says(calibrator):
    theatre, rng = taught(calibrator(), lambda p: sharpened(fewer_draws(p), 1.5), days=20)
    mean = np.array([0.5, 0.3, 0.2])
    draws = mean * np.exp(0.01 * rng.standard_normal((20_000, 3)))
    draws /= draws.sum(axis=1, keepdims=True)
    component = theatre.listeners[0]
    day, _ = theatre.morning(PRICES, model=[mean])
    errors = pd.DataFrame([draws.std(axis=0)], index=day.slate.index, columns=RESULT)
    theatre.models["model"]._next = forecast_of(day, [mean], standard_error=errors)
    said = theatre.agent.opinion(day)[1].standard_error
    np.testing.assert_allclose(said.iloc[0], component._correct(MATCH_RESULT, draws).std(axis=0), rtol=0.02)


# --- isotonic ----------------------------------------------------------------------------------------------------


def test_the_curve_is_that_of_pool_adjacent_violators():
    curve = increasing(np.array([0.1, 0.2, 0.3, 0.4, 0.4]), np.array([0.0, 1.0, 0.0, 1.0, 0.0]))
    np.testing.assert_allclose(curve(np.array([0.05, 0.1, 0.2, 0.25, 0.4, 0.9])), [0.0, 0.0, 0.5, 0.5, 0.5, 0.5])


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_a_higher_forecast_stays_a_higher_one(cases):
    p, happened = np.array([p for p, _ in cases]), np.array([float(y) for _, y in cases])
    g = increasing(p, happened)(np.linspace(0, 1, 101))
    assert (np.diff(g) >= -1e-12).all() and g.min() >= 0.0 and g.max() <= 1.0


def test_isotonic_curves_do_not_say_how_sure_they_are():
    theatre, _ = taught(Isotonic(), lambda p: p, days=3)
    day, _ = theatre.morning(PRICES, model=[[0.5, 0.3, 0.2]])
    errors = pd.DataFrame([[0.01] * 3], index=day.slate.index, columns=RESULT)
    theatre.models["model"]._next = forecast_of(day, [[0.5, 0.3, 0.2]], standard_error=errors)
    assert theatre.agent.opinion(day)[1].standard_error.isna().all(axis=None)


# --- scores and their uncertainty --------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1))
def test_reweighted_scores_have_the_probabilities_and_keep_each_class_as_it_is(seed):
    rng = np.random.default_rng(seed)
    grids = scores_of(rng, 3)
    said = np.column_stack(list(price_scores(grids).values()))
    wanted = said * np.exp(0.2 * rng.standard_normal(said.shape))
    wanted[:, :3] /= wanted[:, :3].sum(axis=1, keepdims=True)
    wanted[:, 3:] /= wanted[:, 3:].sum(axis=1, keepdims=True)
    frame = pd.DataFrame(wanted, columns=list(SELECTIONS))
    new = reweighted(grids, frame)
    np.testing.assert_allclose(np.column_stack(list(price_scores(new).values())), wanted, atol=1e-8)
    np.testing.assert_allclose(new[:, 1, 0] / new[:, 2, 0], grids[:, 1, 0] / grids[:, 2, 0])  # both home and under
    np.testing.assert_allclose(reweighted(grids, pd.DataFrame(said, columns=list(SELECTIONS))), grids, atol=1e-12)


def test_scores_that_cannot_agree_are_dropped_and_unknown_ones_stay_unknown():
    grid = np.zeros((1, 3, 3))
    grid[0, 1, 0] = 1.0
    assert reweighted(grid, pd.DataFrame([[0.5, 0.5, 0.0]], columns=RESULT)) is None
    assert np.isnan(reweighted(grid, pd.DataFrame([[np.nan] * 3], columns=RESULT))).all()


def test_covariances_follow_from_standard_errors():
    rng = np.random.default_rng(0)
    for k in (2, 3):
        root = rng.standard_normal((k, k))
        centred = np.eye(k) - 1 / k
        v = centred @ root @ root.T @ centred
        np.testing.assert_allclose(covariance(np.sqrt(np.diag(v))[None])[0], v, atol=1e-12)
    assert np.isnan(carried(np.full((1, 3), np.nan), np.eye(3)[None])).all()
