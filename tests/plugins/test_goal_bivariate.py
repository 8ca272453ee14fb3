"""The bivariate Poisson: its formula, its boundary, where it is the double Poisson, and optima found otherwise."""

import datetime
from math import exp, factorial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchday import History, Matchday, Slate
from matchday_plugins.models.bivariate_poisson import BivariatePoisson
from matchday_plugins.models.goals.dependence import INDEPENDENT
from matchday_plugins.models.goals.fit import fit_goals
from matchday_plugins.models.goals.grid import score_grid
from matchday_plugins.models.goals.likelihood import CLUBS, DEGREE, HOME, GoalTable, evaluate, rates
from matchday_plugins.models.goals.shared_goals import MOST_SHARED, SHARED_GOALS
from matchday_plugins.models.poisson import Poisson

NAMES = {"HomeTeam": "home", "AwayTeam": "away", "FTHG": "home_goals", "FTAG": "away_goals"}


def read(folder: Path, season: str) -> pd.DataFrame:
    return pd.read_csv(folder / "mmz4281" / season / "E0.csv", usecols=list(NAMES)).rename(columns=NAMES).dropna()


def table_of(matches: pd.DataFrame, dependence=SHARED_GOALS) -> GoalTable:
    code = {club: i for i, club in enumerate(sorted({*matches["home"], *matches["away"]}))}
    columns = [matches[side].map(code).to_numpy(dtype=np.int64) for side in ("home", "away")]
    columns += [matches[goals].to_numpy(dtype=np.int64) for goals in ("home_goals", "away_goals")]
    return GoalTable.of(*columns, clubs=len(code), dependence=dependence)


def pmf(x: int, y: int, net: tuple[float, float], shared: float) -> float:
    """P(x, y) by the sum over what is shared, the plain way."""

    def poisson(k: int, rate: float) -> float:
        return exp(-rate) * rate**k / factorial(k)

    return sum(poisson(x - k, net[0]) * poisson(y - k, net[1]) * poisson(k, shared) for k in range(min(x, y) + 1))


@given(lam=st.floats(0.1, 4.0), mu=st.floats(0.1, 4.0), shared=st.floats(0.0, 0.5))
def test_the_grid_is_that_of_goals_that_are_shared(lam, mu, shared):
    grid = score_grid(np.array([lam]), np.array([mu]), dependence=SHARED_GOALS, degree=shared, max_goals=30)[0]
    expected = [[pmf(x, y, (lam, mu), shared) for y in range(5)] for x in range(5)]
    np.testing.assert_allclose(grid[:5, :5], expected, rtol=1e-9, atol=1e-14)


def test_expected_goals_and_their_covariance_are_as_in_the_formula():
    grid = score_grid(np.array([1.3]), np.array([0.9]), dependence=SHARED_GOALS, degree=0.2, max_goals=30)[0]
    x, y = np.indices(grid.shape)
    assert ((grid * x).sum(), (grid * y).sum()) == pytest.approx((1.5, 1.1), abs=1e-9)
    assert (grid * (x - 1.5) * (y - 1.1)).sum() == pytest.approx(0.2, abs=1e-9)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(2, 5), shared=st.sampled_from([0.0, 0.02, 0.2]))
def test_the_gradient_and_the_hessian_are_the_likelihoods_derivatives(seed, clubs, shared):
    rng, h = np.random.default_rng(seed), 1e-5
    home, away = np.nonzero(~np.eye(clubs, dtype=bool))
    goals = rng.poisson(1.4, size=(2, len(home)))
    weight = rng.uniform(0.1, 1.0, len(home))
    table = GoalTable.of(home, away, *goals, weight=weight, clubs=clubs, dependence=SHARED_GOALS)
    theta = 0.3 * rng.standard_normal(CLUBS + 2 * clubs)
    theta[DEGREE] = shared
    here = evaluate(theta, table)
    sides = [(evaluate(theta + h * e, table), evaluate(theta - h * e, table)) for e in np.eye(len(theta))]
    slopes = np.array([(up.value - down.value) / (2 * h) for up, down in sides])
    curves = np.array([(up.gradient - down.gradient) / (2 * h) for up, down in sides])
    scale = max(1.0, np.abs(here.hessian).max())
    np.testing.assert_allclose(here.gradient, slopes, rtol=0, atol=1e-6 * scale)
    np.testing.assert_allclose(here.hessian, curves, rtol=0, atol=1e-6 * scale)


def test_the_likelihood_is_the_sum_of_the_matches():
    rng, clubs = np.random.default_rng(1), 5
    home, away = np.nonzero(~np.eye(clubs, dtype=bool))
    x, y = rng.poisson(1.5, size=(2, len(home)))
    theta = 0.2 * rng.standard_normal(CLUBS + 2 * clubs)
    theta[DEGREE] = 0.12
    lam, mu = (rate[home, away] for rate in rates(theta))
    each = [np.log(pmf(*score, net, 0.12)) for *score, net in zip(x, y, zip(lam, mu, strict=True), strict=True)]
    table = GoalTable.of(home, away, x, y, clubs=clubs, dependence=SHARED_GOALS)
    assert evaluate(theta, table).value == pytest.approx(sum(each), abs=1e-9)


def test_where_nothing_is_shared_it_is_the_double_poisson(football_data):
    matches = read(football_data, "1112")
    shared, plain = fit_goals(table_of(matches)), fit_goals(table_of(matches, INDEPENDENT))
    assert shared.converged
    assert shared.theta[DEGREE] == 0.0
    np.testing.assert_allclose(shared.theta, plain.theta, rtol=0, atol=1e-8)
    np.testing.assert_allclose(shared.curvature, plain.curvature, rtol=0, atol=1e-8 * plain.curvature.max())
    assert shared.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-8)
    assert shared.log_likelihood == pytest.approx(-1088.991, abs=6e-4)


def test_where_goals_are_shared_an_independent_optimiser_finds_the_same(football_data):
    from scipy.optimize import minimize
    from scipy.special import gammaln, logsumexp

    matches = read(football_data, "1213")
    fit = fit_goals(table_of(matches))
    names = sorted(set(matches["home"]))
    h, a = (np.searchsorted(names, matches[side].to_numpy(dtype=str)) for side in ("home", "away"))
    x, y = (matches[side].to_numpy(dtype=np.float64) for side in ("home_goals", "away_goals"))
    k = np.arange(10.0)[:, None]
    with np.errstate(divide="ignore"):
        possible = np.where((k <= x) & (k <= y), 0.0, -np.inf)
    rest_x, rest_y = np.maximum(x - k, 0.0), np.maximum(y - k, 0.0)
    constants = possible - gammaln(rest_x + 1) - gammaln(rest_y + 1) - gammaln(k + 1)

    def minus(p: np.ndarray) -> float:
        attack, defence = p[3:23], p[23:]
        u, v = p[0] + p[1] + attack[h] + defence[a], p[0] + attack[a] + defence[h]
        terms = constants + rest_x * u + rest_y * v + k * np.log(p[2])
        return float((np.exp(u) + np.exp(v) + p[2]).sum() - logsumexp(terms, axis=0).sum())

    start = fit.theta.copy()
    start[DEGREE] = 0.1
    start[CLUBS:] *= 0.5
    bounds = [(None, None)] * 2 + [(1e-6, 1.0)] + [(None, None)] * 40
    found = minimize(minus, start, method="L-BFGS-B", bounds=bounds, options={"maxfun": 100_000, "ftol": 1e-14})
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(-1084.58248, abs=1e-4)
    assert -found.fun == pytest.approx(fit.log_likelihood, abs=1e-4)
    assert -found.fun <= fit.log_likelihood + 1e-8
    assert fit.theta[DEGREE] == pytest.approx(found.x[DEGREE], abs=2e-3)
    assert fit.theta[HOME] == pytest.approx(found.x[HOME], abs=2e-3)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(3, 6), shared=st.sampled_from([0.0, 0.3, 1.5]))
def test_what_is_shared_stays_in_its_bounds_and_the_rest_is_at_its_optimum(seed, clubs, shared):
    rng = np.random.default_rng(seed)
    home, away = (np.tile(side, 4) for side in np.nonzero(~np.eye(clubs, dtype=bool)))
    both = rng.poisson(shared, len(home))
    table = GoalTable.of(home, away, *(rng.poisson(1.0, (2, len(home))) + both), clubs=clubs, dependence=SHARED_GOALS)
    fit = fit_goals(table)
    slope = evaluate(fit.theta, table).gradient
    assert fit.converged
    assert 0.0 <= fit.theta[DEGREE] <= MOST_SHARED
    if min(fit.theta[DEGREE], MOST_SHARED - fit.theta[DEGREE]) < 1e-9:
        assert slope[DEGREE] * (fit.theta[DEGREE] - 0.25) >= -1e-8
        slope[DEGREE] = 0.0
    np.testing.assert_allclose(slope, 0.0, atol=1e-3)


def test_matches_without_a_goal_on_both_sides_tell_that_nothing_is_shared():
    home = np.array([0, 1, 0, 1])
    table = GoalTable.of(
        home, 1 - home, np.array([2, 0, 1, 3]), np.array([0, 1, 0, 0]), clubs=2, dependence=SHARED_GOALS
    )
    theta = np.zeros(CLUBS + 4)
    theta[DEGREE] = 0.1
    assert evaluate(theta, table).gradient[DEGREE] == pytest.approx(-4.0)
    assert fit_goals(table, start=theta).theta[DEGREE] == 0.0


def day_of(past: pd.DataFrame, *pairs: tuple[str, str]) -> Matchday:
    home, away = zip(*pairs, strict=True)
    fixtures = pd.DataFrame({"home": home, "away": away, "kickoff": pd.NaT}, index=[f"{h} v {a}" for h, a in pairs])
    slate = Slate(fixtures, pd.DataFrame(index=fixtures.index))
    return Matchday(1, datetime.date(2012, 8, 18), slate, History(past))


def test_a_model_at_the_boundary_forecasts_what_the_double_poisson_does(football_data):
    matches = read(football_data, "1112").assign(season="2011-12", date=pd.Timestamp("2012-05-13"))
    matches.index = [f"m{i}" for i in range(len(matches))]
    day = day_of(matches, ("Arsenal", "Chelsea"), ("Wigan", "Man City"))
    shared, plain = BivariatePoisson(prior=False), Poisson(prior=False)
    theirs, ours = plain.forecast(day), shared.forecast(day)
    assert shared.fitted.dependence == 0.0
    for frame in ("probabilities", "standard_error", "explanation"):
        pd.testing.assert_frame_equal(getattr(ours, frame), getattr(theirs, frame), rtol=0, atol=1e-8)


def test_the_expected_goals_have_what_is_shared(football_data):
    matches = read(football_data, "1213").assign(season="2012-13", date=pd.Timestamp("2012-05-13"))
    matches.index = [f"m{i}" for i in range(len(matches))]
    model = BivariatePoisson(prior=False, half_life_days=None)
    forecast = model.forecast(day_of(matches, ("Arsenal", "Chelsea")))
    fitted = model.fitted
    assert fitted.dependence == pytest.approx(0.29555, abs=1e-4)
    arsenal, chelsea = fitted.abilities.loc["Arsenal"], fitted.abilities.loc["Chelsea"]
    net = np.exp(fitted.home + arsenal["attack"] + chelsea["defence"])
    assert forecast.explanation["home_goals"].iloc[0] == pytest.approx(net + fitted.dependence)
