"""The dynamic model: its filter against exact answers, how knowledge ages, and forecasts that a season can rely on."""

import copy
import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchday import Catalogue, History, Matchday, Slate
from matchday.markets import SELECTIONS, outcomes
from matchday_plugins.models.dynamic import Dynamic
from matchday_plugins.models.goals.prior import club_covariance
from matchday_plugins.models.newcomers import NewcomerPrior
from matchday_plugins.models.poisson import Poisson
from matchday_plugins.models.states.abilities import (
    Belief,
    Motion,
    after_match,
    aged,
    club_belief,
    drifted,
    league_belief,
    together,
)
from matchday_plugins.models.states.filter import Filter

RESULT = ["home", "draw", "away"]
MOTION = Motion(strength_sd=0.35, style_sd=0.1, half_life_days=400.0)
LONG_RUN = club_covariance(0.35, style_sd=0.1)


def random_beliefs(seed: int, count: int, *, wide: float = 0.3) -> list[Belief]:
    """Beliefs of the league and of clubs."""
    rng = np.random.default_rng(seed)
    roots = wide * rng.standard_normal((count, 2, 2))
    spreads = roots @ roots.transpose(0, 2, 1) + 0.1 * wide**2 * np.eye(2)
    means = 0.3 * rng.standard_normal((count, 2))
    return [Belief(*m, s[0, 0], s[0, 1], s[1, 1]) for m, s in zip(means.tolist(), spreads, strict=True)]


class Dense:
    """The league and all clubs as one vector, with all covariances: b, then attack and defence of each club."""

    def __init__(self, beliefs: list[Belief]) -> None:
        self.mean = np.concatenate([each.mean for each in beliefs])
        self.covariance = np.zeros((len(self.mean), len(self.mean)))
        for i, each in enumerate(beliefs):
            self.covariance[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = each.covariance

    def rows(self, home: int, away: int) -> np.ndarray:
        rows = np.zeros((2, len(self.mean)))
        rows[0, [0, 2 + 2 * home, 3 + 2 * away]] = rows[1, [1, 2 + 2 * away, 3 + 2 * home]] = 1.0
        return rows

    def take_in(self, home: list[int], away: list[int], goals: np.ndarray) -> None:
        """Go to the mode of the posterior by plain Newton steps on the whole vector."""
        rows = np.concatenate([self.rows(h, a) for h, a in zip(home, away, strict=True)])
        precision, x = np.linalg.inv(self.covariance), self.mean
        for _ in range(50):
            rate = np.exp(rows @ x)
            hessian = precision + rows.T @ (rate[:, None] * rows)
            step = np.linalg.solve(hessian, rows.T @ (goals.ravel() - rate) - precision @ (x - self.mean))
            x = x + np.clip(step, -1.0, 1.0)
        self.mean, self.covariance = x, np.linalg.inv(precision + rows.T @ (np.exp(rows @ x)[:, None] * rows))

    def wait(self, days: int) -> None:
        clubs = len(self.mean) // 2 - 1
        kept = 2.0 ** (-days / MOTION.half_life_days)
        scale = np.r_[1.0, 1.0, np.full(2 * clubs, kept)]
        self.mean, self.covariance = scale * self.mean, scale[:, None] * self.covariance * scale
        self.covariance[:2, :2] += drifted(Belief(0, 0, 0, 0, 0), days).covariance
        self.covariance[2:, 2:] += (1.0 - kept**2) * np.kron(np.eye(clubs), LONG_RUN)

    def belief(self, state: int) -> tuple[np.ndarray, np.ndarray]:
        block = slice(2 * state, 2 * state + 2)
        return self.mean[block], self.covariance[block, block]


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), goals=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_a_match_is_taken_in_as_by_the_whole_vector_at_once(seed, goals):
    beliefs = random_beliefs(seed, 3)
    dense = Dense(beliefs)
    dense.take_in([0], [1], np.array(goals, dtype=float))
    for state, found in enumerate(after_match(*beliefs, goals=goals)):
        mean, covariance = dense.belief(state)
        np.testing.assert_allclose(found.mean, mean, rtol=0, atol=1e-6)
        np.testing.assert_allclose(found.covariance, covariance, rtol=0, atol=1e-6)


def test_beliefs_of_no_worth_at_all_are_not_thrown_off_by_a_surprise():
    vague = Belief(-8.0, -8.0, 100.0, 0.0, 100.0)
    league, *_ = after_match(vague, vague, vague, goals=(5, 0))
    assert np.isfinite(league.mean).all()
    assert np.linalg.eigvalsh(league.covariance).min() > 0.0


@pytest.mark.parametrize("goals", [(0, 0), (1, 2), (4, 0)])
def test_one_match_tells_nearly_what_integration_says(goals):
    """Integrate the posterior of one match over log rates; the mode is not the mean, and errs by its skewness."""
    beliefs = random_beliefs(5, 3, wide=0.15)
    before = together(*beliefs)
    sd = np.sqrt(np.diag(before.covariance))
    axes = [m + s * np.linspace(-7, 7, 401) for m, s in zip(before.mean, sd, strict=True)]
    s = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    off, precision = s - before.mean, np.linalg.inv(before.covariance)
    logs = (s * goals - np.exp(s)).sum(-1) - 0.5 * np.einsum("ijk,kl,ijl->ij", off, precision, off)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    mean = (weight[..., None] * s).sum((0, 1))
    centred = s - mean
    covariance = np.einsum("ij,ijk,ijl->kl", weight, centred, centred)
    dense = Dense(beliefs)
    dense.take_in([0], [1], np.array(goals, dtype=float))
    rows = dense.rows(0, 1)
    assert (np.abs(rows @ dense.mean - mean) < 0.1 * sd).all()
    np.testing.assert_allclose(rows @ dense.covariance @ rows.T, covariance, atol=0.1 * sd.max() ** 2)
    after = together(*after_match(*beliefs, goals=goals))
    np.testing.assert_allclose(after.mean, rows @ dense.mean, rtol=0, atol=1e-6)


def test_forgetting_how_clubs_go_together_costs_little():
    """Follow a league by the filter and by the whole vector, a day's matches at once: the last round is rated alike."""
    matches = simulated(seed=4, seasons=1).matches
    past, last = matches.iloc[:370], matches.iloc[370:]
    follower = Filter(MOTION, NewcomerPrior())
    follower.follow(past)
    codes = follower.results.codes
    home, away = ([codes[club] for club in matches[side]] for side in ("home", "away"))
    goals = matches[["home_goals", "away_goals"]].to_numpy(dtype=float)
    dense = Dense([league_belief()] + [club_belief(0.0, strength_sd=0.35, style_sd=0.1)] * 20)
    for start in range(0, 370, 10):
        rows = slice(start, start + 10)
        dense.take_in(home[rows], away[rows], goals[rows])
        dense.wait(7)
    day = int(last["date"].iloc[0].to_datetime64().astype("datetime64[D]").astype(int))
    mean, covariance = follower.rates(day, np.array(home[370:]), np.array(away[370:]))
    exact = np.array([dense.rows(h, a) @ dense.mean for h, a in zip(home[370:], away[370:], strict=True)])
    sd = np.sqrt(covariance[:, (0, 1), (0, 1)])
    assert (np.abs(mean - exact) < 0.5 * sd).all()
    assert np.sqrt(((mean - exact) ** 2).mean()) < 0.2 * sd.mean()


# --- how knowledge ages ------------------------------------------------------------------------------------------


def test_half_of_a_lead_is_lost_in_the_half_life():
    club = random_beliefs(2, 1)[0]
    np.testing.assert_allclose(aged(club, 400, MOTION).mean, 0.5 * club.mean)
    np.testing.assert_allclose(aged(club, 40_000, MOTION).covariance, LONG_RUN, atol=1e-9)


def test_two_weeks_are_a_week_and_another():
    club, league = random_beliefs(3, 2)
    np.testing.assert_allclose(aged(club, 14, MOTION), aged(aged(club, 7, MOTION), 7, MOTION), rtol=0, atol=1e-12)
    np.testing.assert_allclose(drifted(league, 14), drifted(drifted(league, 7), 7), rtol=0, atol=1e-12)


def test_knowledge_fades_without_play_and_the_more_over_the_summer():
    league = simulated(seed=1, seasons=2)
    model = Dynamic(half_life_days=400.0)
    first, later, next_season = (_sd_on(model, league, days) for days in ((0, ""), (60, ""), (60, "2021-22")))
    assert (later > first).all()
    assert (next_season > later).all()
    assert (_sd_on(Dynamic(half_life_days=400.0, summer_days=0), league, (60, "2021-22")) == later).all()


def _sd_on(model: Dynamic, league: "League", when: tuple[int, str]) -> pd.Series:
    """The standard deviations of attacks so many days after the first season, in it or in another one."""
    past = league.matches[league.matches["season"] == "2020-21"]
    model.season_opened(SimpleNamespace(history=History(past), name=when[1] or "2020-21"))
    date = past["date"].iloc[-1] + pd.Timedelta(days=1 + when[0])
    model.forecast(day_of(past, date, ("c00", "c01")))
    return model.fitted.abilities["attack_sd"]


# --- a league whose truth is known -------------------------------------------------------------------------------


class League(SimpleNamespace):
    """``matches`` of a history, and the true log rates (n, 2)."""


def rounds(clubs: int) -> np.ndarray:
    """Everybody hosts everybody: (rounds, clubs / 2, 2), by the circle method."""
    wheel, half = list(range(clubs)), []
    for turn in range(clubs - 1):
        pairs = [(wheel[i], wheel[-1 - i]) for i in range(clubs // 2)]
        half.append([pair[::-1] if turn % 2 else pair for pair in pairs])
        wheel = [wheel[0], wheel[-1], *wheel[1:-1]]
    return np.array([*half, *[[pair[::-1] for pair in each] for each in half]])


def simulated(*, seed: int, seasons: int) -> League:
    """Simulate 20 clubs whose abilities are the AR(1) of ``MOTION``, a round a week, with 60 days more of a summer."""
    rng, fixtures = np.random.default_rng(seed), rounds(20)
    root = np.linalg.cholesky(LONG_RUN)
    x, frames, truth = rng.standard_normal((20, 2)) @ root.T, [], []
    for year in range(seasons):
        for week, pairs in enumerate(fixtures):
            days = 7 if week else (365 - 37 * 7 + 60)
            kept = 2.0 ** (-days / MOTION.half_life_days)
            x = kept * x + (1.0 - kept**2) ** 0.5 * rng.standard_normal((20, 2)) @ root.T
            home, away = pairs.T
            logs = np.stack([0.42 + x[home, 0] + x[away, 1], 0.12 + x[away, 0] + x[home, 1]], axis=1)
            goals = rng.poisson(np.exp(logs))
            date = pd.Timestamp(f"{2020 + year}-08-15") + pd.Timedelta(weeks=week)
            columns = {"season": f"{2020 + year}-{21 + year}", "date": date}
            columns |= {"home": [f"c{i:02d}" for i in home], "away": [f"c{i:02d}" for i in away]}
            frames.append(pd.DataFrame(columns | {"home_goals": goals[:, 0], "away_goals": goals[:, 1]}))
            truth.append(logs)
    matches = pd.concat(frames, ignore_index=True)
    matches.index = pd.Index([f"m{i:05d}" for i in range(len(matches))])
    return League(matches=matches, truth=np.concatenate(truth))


def day_of(past: pd.DataFrame, date: pd.Timestamp, *pairs: tuple[str, str]) -> Matchday:
    home, away = zip(*pairs, strict=True)
    fixtures = pd.DataFrame({"home": home, "away": away, "kickoff": pd.NaT}, index=[f"{h} v {a}" for h, a in pairs])
    return Matchday(1, date.date(), Slate(fixtures, pd.DataFrame(index=fixtures.index)), History(past))


def matchdays(matches: pd.DataFrame, season: str) -> list[Matchday]:
    dates, days = matches["date"], []
    for date in dates[matches["season"] == season].unique():
        rows = slice(dates.searchsorted(date), dates.searchsorted(date, side="right"))
        slate = Slate(matches[["home", "away"]], pd.DataFrame(index=matches.index), rows=rows)
        days.append(Matchday(len(days) + 1, date.date(), slate, History(matches, rows=slice(0, rows.start))))
    return days


def walk(model, matches: pd.DataFrame, season: str) -> list:
    days = matchdays(matches, season)
    model.season_opened(SimpleNamespace(history=days[0].history, name=season))
    return [model.forecast(day) for day in days]


def test_true_abilities_that_move_are_followed_better_than_by_a_model_that_stands_still():
    squares, zs = {"dynamic": [], "static": []}, []
    for seed in range(3):
        league = simulated(seed=seed, seasons=3)
        truth = league.truth[-380:]
        dynamic = Dynamic(half_life_days=400.0, strength_sd=0.35, style_sd=0.1, rho=0.0)
        models = {"dynamic": dynamic, "static": Poisson(half_life_days=None, window_days=None)}
        for name, model in models.items():
            told = pd.concat([each.explanation for each in walk(model, league.matches, "2022-23")])
            off = np.log(told[["home_goals", "away_goals"]].to_numpy()) - truth
            squares[name].append((off**2).mean())
            if name == "dynamic":
                sd = told[["home_goals_sd", "away_goals_sd"]].to_numpy() / told[["home_goals", "away_goals"]].to_numpy()
                zs.append(off / sd)
    assert np.mean(squares["dynamic"]) < 0.75 * np.mean(squares["static"])
    assert np.std(zs) == pytest.approx(1.0, abs=0.15)
    assert abs(np.mean(zs)) < 0.25


def test_standard_errors_are_as_large_as_the_errors_on_a_league_that_moves():
    from matchday.markets import price_scores
    from matchday_plugins.models.goals.grid import score_grid

    zs = []
    for seed in (10, 11, 12):
        league = simulated(seed=seed, seasons=2)
        told = walk(Dynamic(half_life_days=400.0, strength_sd=0.35, style_sd=0.1, rho=0.0), league.matches, "2021-22")
        p, se = (pd.concat([getattr(f, name) for f in told]) for name in ("probabilities", "standard_error"))
        true = price_scores(score_grid(*np.exp(league.truth[-380:]).T))
        zs.append((p - pd.DataFrame(true, index=p.index)) / se)
    spread = pd.concat(zs)[RESULT].std()
    np.testing.assert_allclose(spread, 1.0, atol=0.25)


# --- the component -----------------------------------------------------------------------------------------------

NOTHING = simulated(seed=0, seasons=1).matches.iloc[:0]


@pytest.fixture(scope="module")
def league() -> pd.DataFrame:
    return simulated(seed=7, seasons=2).matches


def test_without_any_history_all_clubs_are_average():
    forecast = Dynamic().forecast(day_of(NOTHING, pd.Timestamp("2020-08-01"), ("a", "b"), ("c", "d")))
    p = forecast.probabilities
    np.testing.assert_array_equal(p.iloc[0], p.iloc[1])
    assert p.iloc[0]["home"] > p.iloc[0]["away"]
    assert forecast.standard_error.gt(0.0).all(axis=None)


def test_every_forecast_says_how_sure_it_is_and_why(league):
    forecast = walk(Dynamic(), league, "2021-22")[5]
    error, numbers = forecast.standard_error, forecast.explanation
    assert list(error.columns) == list(SELECTIONS)
    assert error.gt(0.0).all(axis=None) and error.lt(0.2).all(axis=None)
    mean = (forecast.scores.sum(axis=2) * np.arange(16)).sum(axis=1)
    np.testing.assert_allclose(numbers["home_goals"], mean, rtol=1e-6)
    assert numbers.gt(0.0).all(axis=None)


def test_a_forecast_depends_on_the_past_and_not_on_the_way_to_it(league):
    days = matchdays(league, "2021-22")[:8]
    through, fresh = Dynamic(), Dynamic()
    walked = walk(through, league.iloc[: 380 + 80], "2021-22")
    fresh.season_opened(SimpleNamespace(history=days[-1].history, name="2021-22"))
    again = fresh.forecast(days[-1])
    for name in ("probabilities", "standard_error", "explanation"):
        pd.testing.assert_frame_equal(getattr(walked[-1], name), getattr(again, name), check_exact=True)
    pd.testing.assert_frame_equal(through.fitted.abilities, fresh.fitted.abilities, check_exact=True)


def test_a_new_season_forgets_the_old_one(league):
    model = Dynamic()
    first = [each.probabilities for each in walk(model, league, "2021-22")[:3]]
    again = [each.probabilities for each in walk(model, league, "2021-22")[:3]]
    for left, right in zip(first, again, strict=True):
        pd.testing.assert_frame_equal(left, right, check_exact=True)


def test_another_history_is_not_taken_for_a_continuation(league):
    date, model = pd.Timestamp("2020-12-01"), Dynamic()
    model.forecast(day_of(league.iloc[50:90], date, ("c00", "c01")))
    other = model.forecast(day_of(league.iloc[:40], date, ("c00", "c01")))
    expected = Dynamic().forecast(day_of(league.iloc[:40], date, ("c00", "c01")))
    pd.testing.assert_frame_equal(other.probabilities, expected.probabilities, check_exact=True)


def test_newcomers_start_where_newcomers_are_expected(league):
    past = league[league["season"] == "2020-21"]
    model, date = Dynamic(newcomer_strength=-0.3, newcomer_weight=np.inf), pd.Timestamp("2021-08-15")
    model.season_opened(SimpleNamespace(history=History(past), name="2021-22"))
    model.forecast(day_of(past, date, ("c00", "new")))
    fitted = model.fitted
    assert fitted.newcomers.mean == -0.3
    assert "new" not in fitted.abilities.index  # it has not played yet
    played = league.iloc[: 380 + 10].copy()
    played.loc[played.index[380], "home"] = "new"
    model.forecast(day_of(played, date + pd.Timedelta(days=7), ("c00", "new")))
    new = model.fitted.abilities.loc["new"]
    assert -0.5 < new["attack"] < -0.1
    assert 0.1 < new["defence"] < 0.5
    assert 0.1 < new["attack_sd"] < 0.17


def test_a_club_that_comes_back_is_a_newcomer_again(league):
    second = league[league["season"] == "2021-22"].copy()
    second[["home", "away"]] = second[["home", "away"]].replace({"c00": "up"})
    past = pd.concat([league[league["season"] == "2020-21"], second])
    model = Dynamic(newcomer_strength=-0.3, newcomer_weight=np.inf)
    model.season_opened(SimpleNamespace(history=History(past), name="2022-23"))
    told = model.forecast(day_of(past, pd.Timestamp("2022-08-15"), ("c01", "c00"), ("c01", "never"))).probabilities
    np.testing.assert_array_equal(told.iloc[0], told.iloc[1])


def test_it_survives_pickling_and_copying(league):
    model, day = Dynamic(), day_of(league.iloc[:100], pd.Timestamp("2020-12-01"), ("c00", "c01"))
    expected = model.forecast(day).probabilities
    for twin in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        pd.testing.assert_frame_equal(twin.forecast(day).probabilities, expected, check_exact=True)
        assert twin.fitted.matches == 100


def test_what_it_believes_can_be_read(league):
    model = Dynamic()
    assert model.fitted is None
    told = walk(model, league, "2021-22")[-1]
    fitted = model.fitted
    assert list(fitted.abilities.columns) == ["attack", "defence", "attack_sd", "defence_sd"]
    assert list(fitted.abilities.index) == sorted(set(league["home"]))
    assert fitted.matches == 750
    assert fitted.home == pytest.approx(0.3, abs=3 * fitted.home_sd)
    home, away = (fitted.abilities.loc[club] for club in league.iloc[-10][["home", "away"]])
    lam = np.exp(fitted.level + fitted.home + home["attack"] + away["defence"])
    assert told.explanation["home_goals"].iloc[0] == pytest.approx(lam)


def test_whatever_the_parameters_there_is_a_forecast(league):
    for extreme in ({"strength_sd": 10, "style_sd": 10, "half_life_days": 1}, {"strength_sd": 0.01, "style_sd": 0.01}):
        p = pd.concat([each.probabilities for each in walk(Dynamic(**extreme), league, "2021-22")])
        assert p.notna().all(axis=None)


@pytest.mark.parametrize(("name", "value"), [("half_life_days", 0), ("rho", 0.5), ("summer_days", -1), ("style_sd", 0)])
def test_parameters_out_of_all_proportion_are_refused(name, value):
    with pytest.raises(ValueError, match="should be"):
        Dynamic(**{name: value})


def test_a_real_season_is_forecast_at_least_as_well_as_by_a_fit_anew_each_day(football_data):
    source = Catalogue().load("source", "football-data")(data=football_data, history=7)
    matches = source.season("2013-14").matches
    p = pd.concat([each.probabilities for each in walk(Dynamic(), matches, "2013-14")])[RESULT]
    loss = -np.log((p * outcomes(matches.loc[p.index])).sum(axis=1)).mean()
    assert len(p) == 380
    assert loss <= 0.9405  # dixon-coles: 0.9411
