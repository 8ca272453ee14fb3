"""Goal models: published optima, exact derivatives, and forecasts that a season can rely on."""

import copy
import datetime
import pickle
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchday import History, Matchday, Slate
from matchday.hooks import PROJECT, Hooks
from matchday.markets import outcomes
from matchday_plugins.models.bivariate_poisson import BivariatePoisson
from matchday_plugins.models.dixon_coles import DixonColes
from matchday_plugins.models.goals.dependence import INDEPENDENT
from matchday_plugins.models.goals.fit import fit_goals, readable
from matchday_plugins.models.goals.grid import score_grid
from matchday_plugins.models.goals.likelihood import DEGREE, HOME, GoalTable, evaluate, rates
from matchday_plugins.models.goals.low_scores import LOW_SCORES, RHO_BOUND, LowScores
from matchday_plugins.models.goals.model import GoalModel
from matchday_plugins.models.goals.prior import goal_prior
from matchday_plugins.models.poisson import Poisson

MODELS = [Poisson, DixonColes, BivariatePoisson]
RESULT = ["home", "draw", "away"]


def read(folder: Path, *seasons: str) -> pd.DataFrame:
    """Read seasons, written as 2324, into the columns of ``History.matches``."""
    columns = ["Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG"]
    frames = [pd.read_csv(folder / "mmz4281" / s / "E0.csv", usecols=columns).assign(season=s) for s in seasons]
    raw = pd.concat(frames)
    raw["Date"] = pd.to_datetime(raw["Date"], format="mixed", dayfirst=True)
    raw = raw.sort_values("Date", kind="stable")
    return history_frame(
        raw["Date"].to_numpy(),
        raw["HomeTeam"],
        raw["AwayTeam"],
        raw["FTHG"],
        raw["FTAG"],
        season=raw["season"],
    )


def history_frame(dates, home, away, home_goals, away_goals, *, season="s") -> pd.DataFrame:
    index = pd.Index([f"{d:%Y-%m-%d} {h} v {a}" for d, h, a in zip(pd.to_datetime(dates), home, away, strict=True)])
    frame = {"season": season, "date": pd.to_datetime(dates), "home": home, "away": away}
    goals = {"home_goals": home_goals, "away_goals": away_goals}
    return pd.DataFrame({k: v if isinstance(v, str) else np.asarray(v) for k, v in (frame | goals).items()}, index)


def tabulate(matches: pd.DataFrame, *, xi=0.0, base="2023-05-28", dependence=LOW_SCORES) -> tuple[GoalTable, list[str]]:
    clubs = sorted(set(matches["home"]) | set(matches["away"]))
    code = {club: i for i, club in enumerate(clubs)}
    columns = [matches[side].map(code).to_numpy(dtype=np.int64) for side in ("home", "away")]
    columns += [matches[goals].to_numpy(dtype=np.int64) for goals in ("home_goals", "away_goals")]
    age = (pd.Timestamp(base) - matches["date"]).dt.days.to_numpy()
    return GoalTable.of(*columns, weight=np.exp(-xi * age), clubs=len(clubs), dependence=dependence), clubs


def day_of(past: pd.DataFrame, date: datetime.date, *pairs: tuple[str, str]) -> Matchday:
    home, away = zip(*pairs, strict=True)
    fixtures = pd.DataFrame({"home": home, "away": away, "kickoff": pd.NaT}, index=[f"{h} v {a}" for h, a in pairs])
    return Matchday(1, date, Slate(fixtures, pd.DataFrame(index=fixtures.index)), History(past))


def matchdays(matches: pd.DataFrame, season: str) -> list[Matchday]:
    dates = matches["date"]
    days = []
    for date in dates[matches["season"] == season].unique():
        rows = slice(dates.searchsorted(date), dates.searchsorted(date, side="right"))
        slate = Slate(matches[["home", "away"]], pd.DataFrame(index=matches.index), rows=rows)
        days.append(Matchday(len(days) + 1, date.date(), slate, History(matches, rows=slice(0, rows.start))))
    return days


def walk(model: GoalModel, days: list[Matchday]) -> pd.DataFrame:
    model.season_opened(SimpleNamespace(history=days[0].history))
    return pd.concat([model.forecast(day).probabilities for day in days])


def log_loss(p: pd.DataFrame, matches: pd.DataFrame) -> float:
    p = p.dropna()
    return float(-np.log((p[RESULT] * outcomes(matches.loc[p.index])).sum(axis=1)).mean())


def random_table(seed: int, clubs: int, *, dependence=LOW_SCORES) -> GoalTable:
    rng = np.random.default_rng(seed)
    home, away = np.nonzero(~np.eye(clubs, dtype=bool))
    goals = rng.poisson(1.3, size=(2, len(home)))
    return GoalTable.of(home, away, *goals, weight=rng.uniform(0.1, 1.0, len(home)), clubs=clubs, dependence=dependence)


def random_theta(seed: int, clubs: int) -> np.ndarray:
    """Draw parameters under which every score is possible: |ρ|·max(λμ, λ, μ) stays below one half."""
    rng = np.random.default_rng(seed + 1)
    theta = 0.3 * rng.standard_normal(3 + 2 * clubs)
    lam, mu = rates(theta)
    theta[DEGREE] = rng.uniform(-0.12, 0.12) * min(1.0, 4.0 / max((lam * mu).max(), lam.max(), mu.max()))
    return theta


EMPTY = history_frame([], [], [], [], [])
SMALL = history_frame(["2023-08-01"] * 2 + ["2023-08-08"] * 2, list("acbd"), list("bdac"), [2, 1, 0, 1], [1, 1, 3, 2])


# --- the likelihood ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("season", "dependent", "value", "home", "rho"),
    [
        ("1112", False, -1088.991, 0.26801, 0.0),
        ("1112", True, -1087.359, 0.27282, -0.13365),
        ("2324", True, -1135.251, None, -0.0201),
    ],
)
def test_one_season_unweighted_has_the_known_optimum(football_data, season, dependent, value, home, rho):
    table, _ = tabulate(read(football_data, season), dependence=LOW_SCORES if dependent else INDEPENDENT)
    fit = fit_goals(table)
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(value, abs=6e-4)
    assert home is None or fit.theta[HOME] == pytest.approx(home, abs=6e-6)
    assert fit.theta[DEGREE] == pytest.approx(rho, abs=1e-4)


def test_swapping_the_corrections_of_0_1_and_1_0_would_be_noticed(football_data):
    class Swapped(LowScores):
        def factor(self, x, y, **rates):
            mixed = x != y
            return super().factor(np.where(mixed, y, x), np.where(mixed, x, y), **rates)

    table, _ = tabulate(read(football_data, "1112"), dependence=Swapped())
    assert fit_goals(table).log_likelihood == pytest.approx(-1088.83, abs=6e-3)


@pytest.mark.parametrize(
    ("xi", "value", "home", "rho"),
    [(0.0018, -1573.35640474, 0.200532, 0.034863), (0.0, -3335.37631907, 0.151794, 0.007772)],
)
def test_three_seasons_reach_the_reference_optimum(football_data, xi, value, home, rho):
    table, _ = tabulate(read(football_data, "2021", "2122", "2223"), xi=xi)
    fit = fit_goals(table)
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(value, abs=1e-6)
    assert (fit.theta[HOME], fit.theta[DEGREE]) == pytest.approx((home, rho), abs=2e-6)


def test_arsenal_v_man_city_is_priced_as_in_the_reference(football_data):
    table, clubs = tabulate(read(football_data, "2021", "2122", "2223"), xi=0.0018)
    fitted = readable(fit := fit_goals(table), clubs=clubs, matches=table.matches)
    arsenal, city = fitted.abilities.loc["Arsenal"], fitted.abilities.loc["Man City"]
    lam = np.exp(fitted.home + arsenal["attack"] + city["defence"])
    mu = np.exp(city["attack"] + arsenal["defence"])
    assert fitted.abilities["attack"].sum() == pytest.approx(len(clubs))
    assert (lam, mu) == pytest.approx((1.295489, 1.854236), abs=1e-5)
    grid = score_grid(np.array([lam]), np.array([mu]), dependence=LOW_SCORES, degree=fit.theta[DEGREE])[0]
    result = np.tril(grid, -1).sum(), np.trace(grid), np.triu(grid, 1).sum()
    assert result == pytest.approx((0.271329, 0.219721, 0.508951), abs=2e-6)


@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(2, 6))
def test_the_gradient_and_the_hessian_are_the_likelihoods_derivatives(seed, clubs):
    table, theta, h = random_table(seed, clubs), random_theta(seed, clubs), 1e-5
    here = evaluate(theta, table)
    sides = [(evaluate(theta + h * e, table), evaluate(theta - h * e, table)) for e in np.eye(len(theta))]
    slopes = np.array([(up.value - down.value) / (2 * h) for up, down in sides])
    curves = np.array([(up.gradient - down.gradient) / (2 * h) for up, down in sides])
    scale = max(1.0, np.abs(here.hessian).max())
    np.testing.assert_allclose(here.gradient, slopes, rtol=0, atol=1e-6 * scale)
    np.testing.assert_allclose(here.hessian, curves, rtol=0, atol=1e-6 * scale)


@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(2, 6))
def test_sums_by_pair_have_the_likelihood_of_the_matches(seed, clubs):
    rng = np.random.default_rng(seed)
    home, away = np.nonzero(~np.eye(clubs, dtype=bool))
    x, y = rng.poisson(1.3, size=(2, len(home)))
    theta = random_theta(seed, clubs)
    lam, mu = (rate[home, away] for rate in rates(theta))
    grid = score_grid(lam, mu, dependence=LOW_SCORES, degree=theta[DEGREE], max_goals=60)[np.arange(len(x)), x, y]
    value = evaluate(theta, GoalTable.of(home, away, x, y, clubs=clubs, dependence=LOW_SCORES)).value
    assert value == pytest.approx(np.log(grid).sum(), abs=1e-8)


def test_an_impossible_score_has_no_likelihood():
    one = np.array([1])
    table = GoalTable.of(np.array([0]), one, one, 0 * one, clubs=2, dependence=LOW_SCORES)
    theta = np.zeros(7)
    theta[DEGREE], theta[0] = -0.2, 2.0
    assert evaluate(theta, table).value == -np.inf


# --- the solver --------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(4, 8))
def test_a_warm_start_reaches_the_same_optimum_as_a_cold_one(seed, clubs):
    table = random_table(seed, clubs)
    prior = goal_prior(np.zeros(clubs), strength_sd=0.4, style_sd=0.1, dependence=LOW_SCORES)
    cold = fit_goals(table, prior=prior)
    warm = fit_goals(table, prior=prior, start=random_theta(seed, clubs))
    assert cold.converged
    assert warm.converged
    np.testing.assert_allclose(warm.theta, cold.theta, rtol=0, atol=1e-6)
    assert warm.log_likelihood == pytest.approx(cold.log_likelihood, abs=1e-7)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), clubs=st.integers(2, 5))
def test_rho_stays_in_its_bounds_and_the_rest_is_at_its_optimum(seed, clubs):
    table = random_table(seed, clubs)
    fit = fit_goals(table)
    slope = evaluate(fit.theta, table).gradient
    assert fit.converged
    assert abs(fit.theta[DEGREE]) <= RHO_BOUND + 1e-12
    if abs(fit.theta[DEGREE]) > RHO_BOUND - 1e-9:
        assert slope[DEGREE] * fit.theta[DEGREE] >= -1e-8
        slope[DEGREE] = 0.0
    np.testing.assert_allclose(slope, 0.0, atol=1e-3)


def test_leagues_that_never_meet_are_fitted_side_by_side():
    home, away = np.nonzero(~np.eye(4, dtype=bool))
    goals = np.random.default_rng(3).poisson(1.3, size=(2, len(home)))
    once = fit_goals(GoalTable.of(home, away, *goals, clubs=4, dependence=LOW_SCORES))
    both = np.concatenate([home, home + 4]), np.concatenate([away, away + 4]), *np.tile(goals, 2)
    twice = fit_goals(GoalTable.of(*both, clubs=8, dependence=LOW_SCORES))
    assert twice.converged
    assert twice.log_likelihood == pytest.approx(2 * once.log_likelihood, abs=1e-6)


# --- the score grid ----------------------------------------------------------------------------------------------


@given(lam=st.floats(0.01, 12.0), mu=st.floats(0.01, 12.0), rho=st.floats(-0.2, 0.2))
def test_every_grid_is_a_distribution(lam, mu, rho):
    grid = score_grid(np.array([lam]), np.array([mu]), dependence=LOW_SCORES, degree=rho)
    assert (grid >= 0).all()
    assert grid.sum() == pytest.approx(1.0, abs=1e-12)


def test_no_opinion_on_the_rates_is_none_on_the_scores():
    grid = score_grid(np.array([np.nan, 1.0]), np.array([1.0, 1.0]), dependence=LOW_SCORES, degree=-0.1)
    assert np.isnan(grid[0]).all()
    assert not np.isnan(grid[1]).any()


# --- the components ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_without_any_history_all_clubs_are_average(model):
    p = model().forecast(day_of(EMPTY, datetime.date(2023, 8, 1), ("a", "b"), ("c", "d"))).probabilities
    np.testing.assert_array_equal(p.iloc[0], p.iloc[1])
    assert p.iloc[0]["home"] > p.iloc[0]["away"]


@pytest.mark.parametrize("model", MODELS)
def test_without_history_and_prior_there_is_no_opinion(model):
    forecast = model(prior=False).forecast(day_of(EMPTY, datetime.date(2023, 8, 1), ("a", "b")))
    assert forecast.probabilities.isna().all(axis=None)


@pytest.mark.parametrize("model", MODELS)
def test_without_the_prior_only_clubs_tied_by_matches_are_forecast(model):
    date = datetime.date(2023, 8, 9)
    p = model(prior=False).forecast(day_of(SMALL, date, ("a", "b"), ("a", "c"), ("a", "new"))).probabilities
    assert p["home"].notna().tolist() == [True, False, False]
    assert model().forecast(day_of(SMALL, date, ("a", "c"), ("a", "new"))).probabilities.notna().all(axis=None)


def test_promoted_clubs_are_expected_to_be_weaker_than_those_with_a_past():
    day = day_of(SMALL, datetime.date(2023, 8, 9), ("a", "new"), ("a", "b"))
    model = DixonColes()
    model.season_opened(SimpleNamespace(history=day.history))
    weaker = model.forecast(day).probabilities["home"]
    alike = DixonColes().forecast(day).probabilities["home"]  # told of no season: nobody is a newcomer
    assert weaker.iloc[0] > alike.iloc[0] + 0.05
    assert weaker.iloc[1] == pytest.approx(alike.iloc[1])


def test_what_is_expected_of_newcomers_is_learned_and_reported(football_data):
    matches = read(football_data, *[f"{y:02d}{y + 1:02d}" for y in range(5, 14)])
    model, days = DixonColes(), matchdays(matches, "1314")
    walk(model, days[:1])
    learned = model.fitted.newcomers
    assert learned.learned_from == 21  # three a season, from the second on
    assert -0.4 < learned.mean < -0.1
    sure = DixonColes(newcomer_strength=-0.3, newcomer_weight=np.inf)
    walk(sure, days[:1])
    assert sure.fitted.newcomers.mean == -0.3
    without = DixonColes(prior=False)
    walk(without, days[:1])
    assert without.fitted.newcomers is None


def test_a_newcomer_that_was_strong_in_the_division_below_is_expected_to_be_stronger():
    above = history_frame(["2022-08-01"] * 2, list("ac"), list("bd"), [1, 1], [1, 1], season="2022-23")
    for year in (2020, 2021):  # 'p' and 'q' came up once before, the stronger one did better
        season, dates = f"{year}-{year - 1999}", [f"{year}-08-01", f"{year}-08-01", f"{year}-08-08"]
        clubs = (list("acc"), list("bdb")) if year == 2020 else (list("aaq"), list("pqb"))
        goals = ([1, 1, 1], [1, 1, 1]) if year == 2020 else ([1, 5, 0], [4, 0, 5])
        above = pd.concat([history_frame(dates, *clubs, *goals, season=season), above])
    below = history_frame(["2020-09-01"], ["p"], ["q"], [30], [5], season="2020-21")
    lately = history_frame(["2022-09-01"] * 2, ["good", "fair"], ["poor", "poor"], [30, 10], [3, 10], season="2022-23")
    model, past = DixonColes(), History(above.sort_values("date"), below=pd.concat([below, lately]))
    model.season_opened(SimpleNamespace(history=past))
    day = day_of(above.sort_values("date"), datetime.date(2023, 8, 9), ("a", "good"), ("a", "fair"))
    goals = model.forecast(day).explanation
    assert model.fitted.newcomers.slope > 0.0
    assert goals["home_goals"].iloc[0] < goals["home_goals"].iloc[1]
    assert goals["away_goals"].iloc[0] > goals["away_goals"].iloc[1]


@pytest.mark.parametrize("model", MODELS)
def test_expected_goals_explain_the_forecast(football_data, model):
    day = matchdays(read(football_data, "1213", "1314"), "1314")[10]
    forecast = model().forecast(day)
    mean = [(forecast.scores.sum(axis=axis) * np.arange(16)).sum(axis=1) for axis in (2, 1)]
    assert list(forecast.explanation.columns) == ["home_goals", "away_goals"]
    np.testing.assert_allclose(forecast.explanation.to_numpy().T, mean, rtol=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_a_forecast_depends_on_the_past_and_not_on_the_way_to_it(football_data, model):
    days = matchdays(read(football_data, "2223", "2324"), "2324")[:12]
    through, fresh = model(), model()
    walk(through, days[:-1])
    fresh.season_opened(SimpleNamespace(history=days[0].history))
    once, again = through.forecast(days[-1]), through.forecast(days[-1])
    pd.testing.assert_frame_equal(once.probabilities, again.probabilities, check_exact=True)
    pd.testing.assert_frame_equal(once.probabilities, fresh.forecast(days[-1]).probabilities, rtol=0, atol=1e-6)
    assert through.fitted.matches == len(days[-1].history)


def test_a_new_season_forgets_the_old_one(football_data):
    days = matchdays(read(football_data, "2223", "2324"), "2324")[:5]
    model = DixonColes()
    first = walk(model, days)
    pd.testing.assert_frame_equal(walk(model, days), first, check_exact=True)


def test_another_history_is_not_taken_for_a_continuation():
    model, date = DixonColes(), datetime.date(2023, 8, 9)
    model.forecast(day_of(SMALL.iloc[::-1].sort_values("date"), date, ("a", "b")))
    other = model.forecast(day_of(SMALL.iloc[:3], date, ("a", "b")))
    expected = DixonColes().forecast(day_of(SMALL.iloc[:3], date, ("a", "b")))
    pd.testing.assert_frame_equal(other.probabilities, expected.probabilities, check_exact=True)


def test_matches_older_than_the_window_are_not_used():
    model = DixonColes(window_days=5)
    model.forecast(day_of(SMALL, datetime.date(2023, 8, 9), ("a", "b")))
    assert model.fitted.matches == 2


def test_the_fit_can_be_read():
    model = DixonColes()
    assert model.fitted is None
    model.forecast(day_of(SMALL, datetime.date(2023, 8, 9), ("a", "b")))
    fitted = model.fitted
    assert list(fitted.abilities.index) == ["a", "b", "c", "d"]
    assert list(fitted.abilities.columns) == ["attack", "defence"]
    assert fitted.converged
    assert fitted.log_likelihood < 0
    assert Poisson().forecast(day_of(SMALL, datetime.date(2023, 8, 9), ("a", "b"))).scores.shape == (
        1,
        16,
        16,
    )


@pytest.mark.parametrize("model", MODELS)
def test_a_fitted_model_survives_pickling_and_copying(model):
    fitted, day = model(), day_of(SMALL, datetime.date(2023, 8, 9), ("b", "a"))
    expected = fitted.forecast(day).probabilities
    for twin in (pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        pd.testing.assert_frame_equal(twin.forecast(day).probabilities, expected, check_exact=True)


def test_the_hooks_are_those_of_the_project():
    import pluggy

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    manager.register(DixonColes())
    manager.check_pending()
    assert len(manager.hook.forecast.get_hookimpls()) == 1


@pytest.mark.parametrize(
    ("seasons", "parameters", "worst"),
    [
        (("1819", "1920", "2021", "2122", "2223", "2324"), {}, 0.9255),
        (("2021", "2122", "2223", "2324"), {"half_life_days": np.log(2) / 0.0018, "prior": False}, 0.9239),
    ],
)
def test_a_season_walked_forward_is_forecast_as_well_as_by_the_reference(football_data, seasons, parameters, worst):
    matches = read(football_data, *seasons)
    model = DixonColes(**parameters)
    p = walk(model, matchdays(matches, "2324"))
    assert len(p) == 380
    assert log_loss(p, matches) <= worst
    assert model._actions == []


def test_matches_of_no_weight_do_not_stand_in_the_fits_way(football_data):
    matches = read(football_data, "2223", "2324")
    model = DixonColes(prior=False, half_life_days=10)
    days = matches["date"].unique()[-40:]
    for number, date in enumerate(days, start=1):
        past, today = matches[matches["date"] < date], matches[matches["date"] == date]
        fixtures = today[["home", "away"]].assign(kickoff=pd.NaT)
        slate = Slate(fixtures, pd.DataFrame(index=today.index))
        model.forecast(Matchday(number, pd.Timestamp(date).date(), slate, History(past)))
        assert model.fitted.converged


@pytest.mark.parametrize(("name", "value"), [("newcomer_strength", np.nan), ("newcomer_strength", 50), ("style_sd", 0)])
def test_parameters_out_of_all_proportion_are_refused(name, value):
    with pytest.raises(ValueError, match="should be"):
        DixonColes(**{name: value})
