"""Standard errors of the goal models: the right derivatives, the right covariance, and what must follow from both."""

import datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matchday import History, Matchday, Slate
from matchday.markets import SELECTIONS, price_scores
from matchday_plugins.models.bivariate_poisson import BivariatePoisson
from matchday_plugins.models.dixon_coles import DixonColes
from matchday_plugins.models.goals.dependence import INDEPENDENT
from matchday_plugins.models.goals.fit import GoalFit, fit_goals
from matchday_plugins.models.goals.grid import score_grid
from matchday_plugins.models.goals.likelihood import CLUBS, DEGREE, HOME, LEVEL, GoalTable, evaluate
from matchday_plugins.models.goals.low_scores import LOW_SCORES, RHO_BOUND
from matchday_plugins.models.goals.prior import Prior, club_covariance, goal_prior
from matchday_plugins.models.goals.shared_goals import SHARED_GOALS
from matchday_plugins.models.goals.uncertainty import probability_slopes, rate_covariance, standard_errors
from matchday_plugins.models.poisson import Poisson

MODELS = [Poisson, DixonColes, BivariatePoisson]

#: Those that a handful of matches determine: where goals are shared, these may be all that a club has scored.
PLAIN = [Poisson, DixonColes]
DATE = datetime.date(2023, 8, 9)


def history(home, away, home_goals, away_goals, *, first="2022-08-01") -> pd.DataFrame:
    dates = pd.Timestamp(first) + pd.to_timedelta(np.arange(len(home)) // 10, unit="D")
    columns = {"home": home, "away": away, "home_goals": home_goals, "away_goals": away_goals}
    frame = pd.DataFrame({"season": "s", "date": dates, **{k: np.asarray(v) for k, v in columns.items()}})
    return frame.set_index(pd.Index([f"m{i}" for i in range(len(frame))]))


def day_of(past, *pairs) -> Matchday:
    home, away = zip(*pairs, strict=True)
    fixtures = pd.DataFrame({"home": home, "away": away, "kickoff": pd.NaT}, index=[f"{h} v {a}" for h, a in pairs])
    return Matchday(1, DATE, Slate(fixtures, pd.DataFrame(index=fixtures.index)), History(past))


def league(seed: int, clubs: int = 6, rounds: int = 1) -> pd.DataFrame:
    """Simulate a league in which everybody hosts everybody ``rounds`` times."""
    rng = np.random.default_rng(seed)
    home, away = (np.tile(side, rounds) for side in np.nonzero(~np.eye(clubs, dtype=bool)))
    attack, defence = rng.normal(0.0, 0.2, (2, clubs))
    goals = rng.poisson(np.exp([0.35 + attack[home] + defence[away], 0.1 + attack[away] + defence[home]]))
    names = np.array([f"c{i}" for i in range(clubs)])
    return history(names[home], names[away], *goals)


def table_of(matches: pd.DataFrame, weight: np.ndarray | None = None, *, dependence=LOW_SCORES) -> GoalTable:
    code = {club: i for i, club in enumerate(sorted({*matches["home"], *matches["away"]}))}
    columns = [matches[side].map(code).to_numpy(dtype=np.int64) for side in ("home", "away")]
    columns += [matches[goals].to_numpy(dtype=np.int64) for goals in ("home_goals", "away_goals")]
    return GoalTable.of(*columns, weight=weight, clubs=len(code), dependence=dependence)


def priced(u: float, v: float, rho: float, *, max_goals: int) -> np.ndarray:
    grid = score_grid(np.exp([u]), np.exp([v]), dependence=LOW_SCORES, degree=rho, max_goals=max_goals)
    return np.array([p[0] for p in price_scores(grid).values()])


def coefficients(size: int, home: int, away: int) -> np.ndarray:
    """Write log λ, log μ and ρ of a pairing as rows of θ, the plain way."""
    rows, clubs = np.zeros((3, size)), (size - CLUBS) // 2
    rows[0, [LEVEL, HOME, CLUBS + home, CLUBS + clubs + away]] = 1.0
    rows[1, [LEVEL, CLUBS + away, CLUBS + clubs + home]] = 1.0
    rows[2, DEGREE] = 1.0
    return rows


# --- the slopes --------------------------------------------------------------------------------------------------


def on_a_kink(u: float, v: float, rho: float) -> bool:
    """Whether a bound of ρ is so near that a finite difference would step over it."""
    lam, mu = np.exp(u), np.exp(v)
    bounds = (-1 / lam, -1 / mu, 1 / (lam * mu), 1.0, 0.0)
    return min(abs(rho - bound) for bound in bounds) < 1e-3 or abs(u - v) < 1e-3


@given(u=st.floats(-3, 2.3), v=st.floats(-3, 2.3), rho=st.floats(-0.2, 0.2), max_goals=st.integers(5, 20))
def test_the_slopes_are_those_of_the_grid_that_is_played(u, v, rho, max_goals):
    assume(not on_a_kink(u, v, rho))
    h, here = 1e-5, np.array([u, v, rho])
    steps = [
        (priced(*(here + h * e), max_goals=max_goals), priced(*(here - h * e), max_goals=max_goals)) for e in np.eye(3)
    ]
    expected = np.array([(up - down) / (2 * h) for up, down in steps])
    lam, mu = np.exp([u]), np.exp([v])
    scores = score_grid(lam, mu, dependence=LOW_SCORES, degree=rho, max_goals=max_goals)
    slopes = probability_slopes(scores, lam, mu, dependence=LOW_SCORES, degree=rho)[0]
    np.testing.assert_allclose(slopes, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("lam", "mu", "rho"), [(3.0, 2.5, 0.2), (6.5, 1.2, -0.2), (1.2, 6.5, -0.2)])
def test_where_the_rates_bound_rho_its_bound_moves_with_them(lam, mu, rho):
    u, v, h = np.log(lam), np.log(mu), 1e-6
    scores = score_grid(np.array([lam]), np.array([mu]), dependence=LOW_SCORES, degree=rho)
    slopes = probability_slopes(scores, np.array([lam]), np.array([mu]), dependence=LOW_SCORES, degree=rho)[0]
    by_u = (priced(u + h, v, rho, max_goals=15) - priced(u - h, v, rho, max_goals=15)) / (2 * h)
    by_v = (priced(u, v + h, rho, max_goals=15) - priced(u, v - h, rho, max_goals=15)) / (2 * h)
    np.testing.assert_allclose(slopes, [by_u, by_v, 0.0 * by_u], rtol=0, atol=1e-8)


@given(u=st.floats(-3, 2.3), v=st.floats(-3, 2.3), rho=st.floats(-0.2, 0.2), dependent=st.booleans())
def test_a_markets_slopes_add_up_to_nothing(u, v, rho, dependent):
    lam, mu = np.exp([u]), np.exp([v])
    kind = {"dependence": LOW_SCORES, "degree": rho} if dependent else {"dependence": INDEPENDENT, "degree": 0.0}
    slopes = probability_slopes(score_grid(lam, mu, **kind), lam, mu, **kind)[0]
    slopes = pd.DataFrame(slopes, columns=list(SELECTIONS))
    np.testing.assert_allclose(slopes[["home", "draw", "away"]].sum(axis=1), 0.0, atol=1e-12)
    np.testing.assert_allclose(slopes[["over_2_5", "under_2_5"]].sum(axis=1), 0.0, atol=1e-12)


def test_many_matches_have_the_slopes_of_each():
    lam, mu = np.array([0.8, 1.5, 2.9]), np.array([1.1, 0.7, 2.6])
    kind = {"dependence": LOW_SCORES, "degree": 0.15}
    scores = score_grid(lam, mu, **kind)
    together = probability_slopes(scores, lam, mu, **kind)
    for i in range(3):
        one = slice(i, i + 1)
        alone = probability_slopes(scores[one], lam[one], mu[one], **kind)
        np.testing.assert_allclose(together[one], alone, rtol=0, atol=1e-12)


# --- the covariance ----------------------------------------------------------------------------------------------


def numerical_hessian(fit: GoalFit, table: GoalTable, prior: Prior) -> np.ndarray:
    h = 1e-5
    ends = [
        (evaluate(fit.theta + h * e, table).gradient, evaluate(fit.theta - h * e, table).gradient)
        for e in np.eye(len(fit.theta))
    ]
    return np.array([(up - down) / (2 * h) for up, down in ends]) - prior.precision


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(3, 6))
def test_the_covariance_is_the_inverse_of_the_hessian_seen_along_a_pairing(seed, clubs):
    matches = league(seed, clubs, rounds=2)
    table = table_of(matches, np.random.default_rng(seed).uniform(0.1, 1.0, len(matches)))
    prior = goal_prior(np.zeros(clubs), strength_sd=0.4, style_sd=0.1, dependence=LOW_SCORES)
    fit = fit_goals(table, prior=prior)
    inverse = np.linalg.inv(-numerical_hessian(fit, table, prior))
    home, away = np.array([0, 2, 1]), np.array([1, 0, 2])
    found = rate_covariance(fit.curvature, home, away)
    for i in range(3):
        rows = coefficients(len(fit.theta), home[i], away[i])
        np.testing.assert_allclose(found[i], rows @ inverse @ rows.T, rtol=1e-5, atol=1e-9)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(3, 6))
def test_without_a_prior_the_open_gauge_does_no_harm(seed, clubs):
    fit = fit_goals(table_of(league(seed, clubs, rounds=4)))
    free = np.ones(len(fit.theta), dtype=bool)
    free[DEGREE] = abs(fit.theta[DEGREE]) < RHO_BOUND - 1e-9
    inverse = np.zeros_like(fit.curvature)
    inverse[np.ix_(free, free)] = np.linalg.pinv(fit.curvature[np.ix_(free, free)], rcond=1e-9, hermitian=True)
    rows = coefficients(len(fit.theta), 0, 1)
    found = rate_covariance(fit.curvature, np.array([0]), np.array([1]))[0]
    np.testing.assert_allclose(found, rows @ inverse @ rows.T, rtol=1e-5, atol=1e-10)


@pytest.mark.parametrize("degree", [0.0, 0.15])
def test_shared_goals_have_the_slopes_of_their_grid(degree):
    u, v, h = 0.4, -0.2, 1e-5
    kind = {"dependence": SHARED_GOALS, "max_goals": 15}

    def at(u, v, d):
        scores = score_grid(np.exp([u]), np.exp([v]), degree=d, **kind)
        return np.array([p[0] for p in price_scores(scores).values()])

    expected = [at(u + h, v, degree) - at(u - h, v, degree), at(u, v + h, degree) - at(u, v - h, degree)]
    expected.append(at(u, v, degree + h) - at(u, v, degree - h))  # the series goes on below 0
    lam, mu = np.exp([u]), np.exp([v])
    scores = score_grid(lam, mu, degree=degree, **kind)
    slopes = probability_slopes(scores, lam, mu, dependence=SHARED_GOALS, degree=degree)[0]
    np.testing.assert_allclose(slopes, np.array(expected) / (2 * h), rtol=0, atol=1e-8)


def test_a_rho_that_is_held_or_at_its_bound_has_no_part():
    home = np.tile([0, 1], 10)
    goals = np.tile([1, 0, 0, 1, 2], 4), np.tile([0, 1, 1, 0, 2], 4)
    bound = fit_goals(GoalTable.of(home, 1 - home, *goals, clubs=2, dependence=LOW_SCORES))
    held = fit_goals(table_of(league(1), dependence=INDEPENDENT))
    free = fit_goals(table_of(league(1, rounds=4)))
    assert abs(bound.theta[DEGREE]) == pytest.approx(RHO_BOUND)
    pair = np.array([0]), np.array([1])
    for fit in (bound, held):
        assert not rate_covariance(fit.curvature, *pair)[0, 2].any()
    assert rate_covariance(free.curvature, *pair)[0, 2, 2] > 0.0


def test_a_club_never_seen_is_as_uncertain_as_the_prior():
    clubs, spread = 4, {"strength_sd": 0.4, "style_sd": 0.1}
    fit = fit_goals(table_of(league(2, clubs)), prior=goal_prior(np.zeros(clubs), **spread, dependence=LOW_SCORES))
    wider = goal_prior(np.zeros(clubs + 2), **spread, dependence=LOW_SCORES)
    home, away = np.nonzero(~np.eye(clubs, dtype=bool))
    goals = (league(2, clubs)[side].to_numpy() for side in ("home_goals", "away_goals"))
    whole = fit_goals(GoalTable.of(home, away, *goals, clubs=clubs + 2, dependence=LOW_SCORES), prior=wider)
    home, away = np.array([0, 4, 4]), np.array([4, 1, 5])
    absent = np.where(home < clubs, home, -1), np.where(away < clubs, away, -1)
    unseen = np.array([1, 1, 2])[:, None, None] * club_covariance(0.4, style_sd=0.1)
    found = rate_covariance(fit.curvature, *absent, unseen=unseen)
    np.testing.assert_allclose(found, rate_covariance(whole.curvature, home, away), rtol=1e-6, atol=1e-9)


def test_no_covariance_is_no_standard_error():
    slopes = np.ones((1, 3, 5))
    assert np.isnan(standard_errors(slopes, -np.eye(3)[None])).all()
    assert standard_errors(slopes, np.eye(3)[None]) == pytest.approx(np.full((1, 5), 3**0.5))


# --- the models --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prior", [True, False])
@pytest.mark.parametrize("model", MODELS)
def test_every_probability_comes_with_its_standard_error(model, prior):
    forecast = model(prior=prior).forecast(day_of(league(3, rounds=4), ("c0", "c1"), ("c5", "c2")))
    error = forecast.standard_error
    assert error.index.equals(forecast.probabilities.index)
    assert list(error.columns) == list(SELECTIONS)
    assert error.gt(0.0).all(axis=None) and error.lt(0.2).all(axis=None)
    np.testing.assert_allclose(error["over_2_5"], error["under_2_5"])
    sides = error[["home", "draw", "away"]]
    assert (2 * sides.max(axis=1) <= sides.sum(axis=1) + 1e-12).all()  # errors that add up to 0 make a triangle


@pytest.mark.parametrize("model", PLAIN)
def test_without_an_opinion_there_is_no_error(model):
    matches = history(list("acbd"), list("bdac"), [2, 1, 0, 1], [1, 1, 3, 2])
    forecast = model(prior=False).forecast(day_of(matches, ("a", "b"), ("a", "c"), ("a", "new")))
    assert forecast.standard_error.notna().all(axis=1).tolist() == [True, False, False]
    silent = model(prior=False).forecast(day_of(matches.iloc[:0], ("a", "b")))
    assert silent.standard_error.isna().all(axis=None)
    assert model().forecast(day_of(matches.iloc[:0], ("a", "b"))).standard_error.gt(0.0).all(axis=None)


@pytest.mark.parametrize("model", PLAIN)
def test_what_the_matches_leave_open_has_no_error_whatever_the_fit_made_of_it(model):
    one_way = history(["a"] * 4, ["b"] * 4, [2, 1, 0, 3], [1, 2, 2, 0])
    error = model(prior=False).forecast(day_of(one_way, ("a", "b"), ("b", "a"))).standard_error
    assert error.notna().all(axis=1).tolist() == [True, False]  # nothing tells home advantage from ability
    barren = pd.concat([league(8, 4), history(["c0", "mute"], ["mute", "c1"], [2, 0], [0, 1])])
    barren.index = [f"m{i}" for i in range(len(barren))]
    error = model(prior=False).forecast(day_of(barren, ("c0", "c1"), ("mute", "c1"))).standard_error
    assert error.notna().all(axis=1).tolist() == [True, False]  # a rate of 0 is the maximum, and no knowledge


def test_rho_adds_to_the_error_of_a_draw():
    day = day_of(league(4, rounds=4), ("c0", "c1"))
    assert (DixonColes().forecast(day).standard_error["draw"] > Poisson().forecast(day).standard_error["draw"]).all()


def test_a_newcomer_is_forecast_with_less_confidence():
    model, day = DixonColes(), day_of(league(5, rounds=4), ("c0", "c1"), ("c0", "new"), ("newer", "new"))
    model.season_opened(SimpleNamespace(history=day.history))
    known, *newcomers = model.forecast(day).standard_error["home"]
    assert min(newcomers) > known


@pytest.mark.parametrize("model", MODELS)
def test_errors_shrink_with_the_root_of_the_number_of_matches(model):
    fresh = model(half_life_days=None, prior=False)
    few, many = (fresh.forecast(day_of(league(6, rounds=r), ("c0", "c1"))).standard_error for r in (4, 64))
    np.testing.assert_allclose(many / few, 0.25, rtol=0.3)


def test_errors_are_as_large_as_the_spread_of_forecasts_over_worlds_alike():
    """Draw many leagues from one truth: forecasts scatter by their standard errors."""
    forecasts = []
    for world in range(200):
        matches = league(7, rounds=3)
        rng = np.random.default_rng(world)
        matches[["home_goals", "away_goals"]] = rng.poisson([1.5, 1.1], (len(matches), 2))
        forecasts.append(Poisson(half_life_days=None, prior=False).forecast(day_of(matches, ("c0", "c1"))))
    spread = pd.concat([f.probabilities for f in forecasts]).std()
    typical = pd.concat([f.standard_error for f in forecasts]).pow(2).mean() ** 0.5
    np.testing.assert_allclose(spread / typical, 1.0, atol=0.15)  # ± 0.05 is one standard error of the ratio
