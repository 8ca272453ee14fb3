"""Novelty: how unlike the past a model's inputs are, what the watch says of it, and what the guard takes off."""

import importlib
import itertools
import pickle
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import PrivateAttr
from scipy.spatial.distance import mahalanobis
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from doubles import Coin, Everything, Fixed, Level, small_season
from matchday import Agent, Component, Forecast, ForecastCache, MatchdayError, Rules, hookimpl, play
from matchday.encoding import encode
from matchday.errors import AgentError
from matchday.events import ActionTaken, Diagnosed, ForecastMade, SlipPlaced
from matchday_plugins.blends.average import Average
from matchday_plugins.features.builder import FeatureBuilder
from matchday_plugins.lens.novelty import Novelty
from matchday_plugins.lens.novelty.conformal import enough, multiplier, p_values
from matchday_plugins.lens.novelty.distances import Code, Mahalanobis, Middle, Nearest
from matchday_plugins.lens.novelty.novelty_guard import NoveltyGuard
from matchday_plugins.lens.novelty.novelty_watch import NoveltyWatch
from matchday_plugins.lens.novelty.points import Standard
from matchday_plugins.lens.polytope import PolytopeLens
from matchday_plugins.models.gbm import GBM
from matchday_plugins.models.logistic import Logistic
from matchday_plugins.models.mlp import MLP
from matchday_plugins.models.sklearn_estimator import SklearnEstimator
from members import of
from walking import matchdays, synthetic

FEW = {"features": ["ratings", "shots", "season"], "totals": False, "warmup_days": 60, "novelty": True, "seed": 1}
LEARNERS = {
    "gbm": lambda kind=GBM, **p: kind(trees=10, minimum_leaf=20, **FEW, **p),
    "logistic": lambda kind=Logistic, **p: kind(**FEW, **p),
    "mlp": lambda kind=MLP, **p: kind(networks=1, epochs=2, **FEW, **p),
}
MADE = pytest.mark.parametrize("make", LEARNERS.values(), ids=LEARNERS)

FAULTS = {
    "filled in": lambda x, known: np.broadcast_to(np.nanmean(known, axis=0), x.shape),
    "permuted": lambda x, known: x[:, ::-1],
    "6 sigma": lambda x, known: x + 6 * np.nanstd(known, axis=0) * (np.arange(x.shape[1]) == 2),
    "tripled": lambda x, known: 3 * x,
    "forgotten": lambda x, known: np.full_like(x, np.nan),
}


def cloud(n, seed=0, d=4):
    """Correlated inputs, some of them not known."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d)) @ rng.uniform(-1, 1, (d, d)) + 5.0
    x[rng.random(n) < 0.1, 1] = np.nan
    return x


def p_of(novelty, inputs):
    return novelty.p_values(novelty.ranks(inputs))


def networks(x):
    """Two small networks, fitted hardly at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return [MLPClassifier((5,), max_iter=5, random_state=k).fit(x, x[:, 0] > 0) for k in (0, 1)]


class Says(Component):
    """A model that says how unusual its inputs are: ``p`` of each match of a matchday, over and over."""

    p: tuple[float, ...] = (1.0,)
    cases: float = 200.0

    @hookimpl
    def forecast(self, day):
        index = day.slate.index
        told = pd.DataFrame({"novelty_p": list(itertools.islice(itertools.cycle(self.p), len(index)))}, index=index)
        told = told.assign(novelty_cases=self.cases, novelty_nearest=0.5, novelty_code=0.9)
        frame = pd.DataFrame([[0.5, 0.3, 0.2]] * len(index), index=index, columns=["home", "draw", "away"])
        return Forecast(frame, explanation=told)


def played(*components, season=None):
    agent = Agent("test", [*components, Everything(), Level(share=0.01)])
    return list(play(agent, season or small_season(matchdays=3), Rules(bankroll=1e6)))


def on_record(events, who):
    return [(each.action, each.cause) for each in of(ActionTaken, events) if each.component == who]


def shares(events):
    return [bet.share for slip in of(SlipPlaced, events) for bet in slip.bets]


# --- p-values ----------------------------------------------------------------------------------------------------


def test_a_p_value_counts_the_calibration_scores_that_are_as_large_and_the_match_itself():
    calibration = np.array([3.0, 1.0, 2.0, 2.0])
    assert p_values(np.array([0.0, 1.0, 2.0, 2.5, 4.0]), calibration).tolist() == [1.0, 1.0, 0.8, 0.4, 0.2]


@pytest.mark.parametrize("level", [0.05, 0.1, 0.5])
def test_p_values_of_exchangeable_matches_are_uniform_or_a_little_larger(level):
    p = np.concatenate([p_of(Novelty(cloud(600, seed)[:400]), cloud(600, seed)[400:]) for seed in range(60)])
    assert 0.6 * level < (p <= level).mean() < 1.2 * level
    assert p.min() >= 1 / 81
    assert p.max() <= 1.0


@given(st.floats(1e-6, 1.0), st.floats(1e-3, 0.999))
def test_what_is_left_of_a_stake_is_never_more_than_the_stake(p, p0):
    left = float(multiplier(np.array([p]), p0)[0])
    assert 0.0 < left <= 1.0
    assert left == 1.0 if p >= p0 else left == p / p0


def test_it_takes_one_over_p0_cases_to_tell():
    assert enough(100, 0.01) and not enough(99, 0.01)


# --- distances ---------------------------------------------------------------------------------------------------


def test_points_are_standardised_by_what_is_known_and_tell_what_is_not():
    standard = Standard(np.array([[1.0, 7.0, np.nan], [3.0, 7.0, np.nan], [np.nan, 7.0, np.nan]]))
    points = standard(np.array([[3.0, 8.0, 0.5], [np.nan, 7.0, np.nan]]))
    assert points.tolist() == [[1.0, 1.0, 0.5, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0, 1.0]]


@pytest.mark.parametrize("value", [0.1, 0.5, 1500.3])
def test_an_input_that_never_varied_is_as_far_off_as_its_difference_whatever_it_was(value):
    standard = Standard(np.full((3040, 1), value))
    np.testing.assert_allclose(
        standard(np.array([[value], [value + 1e-9], [value + 2.0]]))[:, 0], [0, 1e-9, 2], atol=1e-12
    )


@pytest.mark.parametrize("size", [1e160, 1e308, np.inf])
def test_a_number_beyond_all_measure_is_as_unusual_as_can_be(size):
    novelty = Novelty(cloud(200))
    ranks = novelty.ranks(np.array([[size, -size, size, size]]))
    assert all(np.isfinite(rank).all() for rank in ranks.values())
    assert novelty.p_values(ranks).tolist() == [1 / 41]


def test_mahalanobis_is_the_textbooks():
    x = np.random.default_rng(0).standard_normal((200, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.2], [0, 0, 1]])
    standard = Standard(x)
    far, points = Mahalanobis(standard, x), standard(x)[:, :3]
    inverse = np.linalg.inv(np.cov(points.T))
    expected = [mahalanobis(each, points.mean(axis=0), inverse) for each in points[:9]]
    np.testing.assert_allclose(far(x[:9]), expected)


def test_the_middle_is_where_all_that_is_known_is_ordinary():
    x = np.array([[0.0, 0.0], [2.0, 4.0], [4.0, 8.0]])  # means 2 and 4, standard deviations √(8/3) and twice as much
    middle = Middle(Standard(x), x)
    odd = np.array([[2.0, 4.0], [2.0 + np.sqrt(8 / 3), 4.0], [2.0 + np.sqrt(8 / 3), np.nan], [np.nan, np.nan]])
    np.testing.assert_allclose(middle(odd), [0.0, -np.sqrt(0.5), -1.0, -1.0])


def test_the_nearest_of_a_known_match_is_another_one():
    x = cloud(50)
    standard = Standard(x)
    nearest = Nearest(standard, x)
    points = standard(x)
    gaps = np.linalg.norm(points[:, None] - points, axis=2) + np.diag(np.full(50, np.inf))
    np.testing.assert_allclose(nearest.own, gaps.min(axis=1))
    assert nearest(x).tolist() == [0.0] * 50


def test_the_code_of_networks_side_by_side_is_as_far_as_their_bits_differ():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((60, 3))
    lenses = [PolytopeLens(each) for each in networks(x[:50])]
    codes = np.concatenate([lens.spline_codes(x) for lens in lenses], axis=1)
    bits = (codes[50:, None] != codes[:50]).sum(axis=2)
    assert Code(lenses, x[:50])(x[50:]).tolist() == bits.min(axis=1).tolist()


def test_codes_are_a_distance_of_networks_alone():
    x = cloud(60)
    known = x[~np.isnan(x).any(axis=1)]
    assert Novelty(known, networks(known)).distances == ("mahalanobis", "middle", "nearest", "code")
    assert Novelty(known, ["no network"]).distances == ("mahalanobis", "middle", "nearest")


def test_every_fifth_of_the_latest_matches_calibrates():
    assert Novelty(cloud(100)).cases == 20
    assert Novelty(cloud(100), reference=50).cases == 10
    with pytest.raises(MatchdayError, match=r"Novelty: 9 matches to compare with; rule: at least 10\."):
        Novelty(cloud(9))


def test_p_compares_the_largest_rank_with_those_of_every_fifth_match_as_numpy_alone_has_it():
    rng = np.random.default_rng(3)
    x, today = rng.standard_normal((100, 3)), 2 * rng.standard_normal((20, 3))
    fitting = x[np.arange(100) % 5 < 4]
    mean, deviation = fitting.mean(axis=0), fitting.std(axis=0)
    known, inverse = (fitting - mean) / deviation, np.linalg.inv(np.cov(((fitting - mean) / deviation).T))

    def distances(z, others):
        nearest = min(np.linalg.norm(others - z, axis=1))
        return np.array([np.sqrt(z @ inverse @ z), -np.sqrt((z**2).mean()), nearest])

    own = np.array([distances(z, np.delete(known, place, axis=0)) for place, z in enumerate(known)])

    def score(match):
        far = distances((match - mean) / deviation, known)
        beyond = np.maximum(far - own.max(axis=0), 0) / (own.max(axis=0) - np.sort(own, axis=0)[40])
        return max((own < far).mean(axis=0) + beyond)

    calibration = [score(match) for match in x[4::5]]
    assert p_of(Novelty(x), today).tolist() == [(1 + sum(c >= score(each) for c in calibration)) / 21 for each in today]


def test_what_calibrates_shapes_no_distance_and_no_rank():
    x, others = cloud(100), cloud(100)
    others[4::5] = 1e3
    sound, odd = (Novelty(each).ranks(cloud(20, 1)) for each in (x, others))
    assert all(np.array_equal(sound[name], odd[name]) for name in sound)


def test_a_match_outranks_only_those_that_are_less_far():
    known = np.repeat(cloud(40), 5, axis=0)  # of which four each are left to measure from, all at 0 from one another
    assert Novelty(known).ranks(known[::5])["nearest"].tolist() == [0.0] * 40


def test_matches_older_than_the_reference_count_for_nothing():
    x = cloud(100)
    again = np.concatenate([1e6 * cloud(30, 1), x])
    np.testing.assert_array_equal(p_of(Novelty(again, reference=100), x), p_of(Novelty(x, reference=100), x))


# --- learners ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=LEARNERS)
def fed(request):
    """A learner that was fitted to a season, and the features of the days it then forecast."""
    agent = Agent("fed", [("model", LEARNERS[request.param]()), Everything(), Level(share=0.01)])
    events = itertools.takewhile(lambda each: getattr(each, "matchday", 0) <= 12, play(agent, synthetic()))
    told = [each.forecast.explanation for each in events if isinstance(each, ForecastMade)]
    return agent.components["model"], pd.concat(told)


def test_a_learner_says_how_unlike_the_past_each_match_is(fed):
    model, told = fed
    ranks = [f"novelty_{name}" for name in model.fitted.novelty.distances]
    assert list(told.columns) == [*FeatureBuilder(FEW["features"]).columns, "novelty_p", "novelty_cases", *ranks]
    assert told["novelty_p"].between(0, 1).all() and told[ranks].isin([np.nan]).sum().sum() == 0
    assert told["novelty_cases"].iloc[-1] == model.fitted.novelty.cases == model.fitted.matches // 5
    assert ("code" in model.fitted.novelty.distances) == isinstance(model, MLP)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_the_least_p_value_there_is(fed, fault):
    model, told = fed
    fit = model.fitted
    sound = told[list(fit.features)].to_numpy()
    wrong = FAULTS[fault](sound, fit.inputs)
    assert (p_of(fit.novelty, wrong) <= 0.05).mean() > 0.95
    assert (p_of(fit.novelty, sound) <= 0.05).mean() < 0.3


@pytest.mark.parametrize(("activation", "looks"), [("relu", True), ("tanh", False)])
def test_of_a_network_of_ones_own_codes_count_where_its_units_are_rectified(activation, looks):
    model = SklearnEstimator(
        estimator="sklearn.neural_network:MLPClassifier",
        parameters={"activation": activation, "hidden_layer_sizes": [3], "max_iter": 300, "tol": 1.0},
        **{**FEW, "features": ["ratings"], "minimum_matches": 100},
    )
    told = of(ForecastMade, played(model, season=small_season(matchdays=1, history=40)))[0].forecast.explanation
    assert told["novelty_p"].between(0, 1).all()
    assert ("novelty_code" in told) == looks


def test_a_learner_that_is_not_asked_says_nothing_of_it():
    model = Logistic(**{**FEW, "novelty": False})
    agent = Agent("plain", [model, Everything(), Level()])
    events = itertools.takewhile(lambda each: getattr(each, "matchday", 0) <= 1, play(agent, synthetic()))
    told = next(each.forecast.explanation for each in events if isinstance(each, ForecastMade))
    assert not [name for name in told.columns if name.startswith("novelty")]
    assert model.fitted.novelty is None


def test_before_a_learner_has_learned_nothing_is_known():
    model = Logistic(**{**FEW, "minimum_matches": 5000})
    events = played(model, NoveltyGuard(), season=small_season(matchdays=2))
    told = of(ForecastMade, events)[0].forecast.explanation
    assert told["novelty_p"].isna().all() and (told["novelty_cases"] == 0).all()
    cause = "0 past matches to compare with; p0 = 0.05 takes 20"
    assert on_record(events, "novelty-guard") == [("takes no action", cause)]


def test_a_learner_that_has_learned_can_be_sent_to_another_process(fed):
    model, told = fed
    sent = pickle.loads(pickle.dumps(model)).fitted.novelty
    inputs = told[list(model.fitted.features)].to_numpy()
    np.testing.assert_array_equal(p_of(sent, inputs), p_of(model.fitted.novelty, inputs))


# --- the guard ---------------------------------------------------------------------------------------------------


def test_the_guard_leaves_p_over_p0_of_a_stake_and_says_why():
    bets = of(SlipPlaced, played(Says(p=(0.01, 0.05, 0.9)), NoveltyGuard()))[0].bets
    by_match = {bet.match_id: bet.share for bet in bets}
    assert list(by_match.values()) == pytest.approx([0.002, 0.01, 0.01])
    why = "novelty-guard: × 0.2 (inputs of 'says': p 0.01 of 200 past matches, most by code)"
    assert bets[0].reason.endswith(why)
    assert "novelty" not in bets[-1].reason


@settings(max_examples=20)
@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=4), st.sampled_from([0.01, 0.05, 0.5]))
def test_stakes_never_grow_and_forecasts_stay(p, p0):
    season = small_season(matchdays=1)
    plain = played(Says(p=tuple(p)), season=season)
    guarded = played(Says(p=tuple(p)), NoveltyGuard(p0=p0), season=season)
    assert all(less <= share for less, share in zip(shares(guarded), shares(plain), strict=True))
    assert [*map(encode, of(ForecastMade, plain))] == [*map(encode, of(ForecastMade, guarded))]


@pytest.mark.parametrize(("cases", "acts"), [(19.0, False), (20.0, True)])
def test_the_guard_does_nothing_while_n_is_below_one_over_p0_and_says_so_once(cases, acts):
    events = played(Says(p=(0.049,), cases=cases), NoveltyGuard())
    assert (max(shares(events)) < 0.01) == acts
    said = [] if acts else [("takes no action", "19 past matches to compare with; p0 = 0.05 takes 20")]
    assert on_record(events, "novelty-guard") == said


@pytest.mark.parametrize(("p0", "takes"), [(0.03, "34"), (1e-7, "10000000"), (1e-310, "inf")])
def test_it_says_how_many_matches_a_p0_takes_however_small_that_is(p0, takes):
    cause = f"200 past matches to compare with; p0 = {p0:g} takes {takes}"
    said = [] if takes == "34" else [("takes no action", cause)]
    assert on_record(played(Says(), NoveltyGuard(p0=p0)), "novelty-guard") == said


@pytest.mark.parametrize("reader", [NoveltyGuard, NoveltyWatch])
@pytest.mark.parametrize(
    ("model", "cause"),
    [
        (None, "no model says how unusual its inputs are; set novelty = true on a learner"),
        ("fixed", "'fixed' does not say how unusual its inputs are; set novelty = true on a learner"),
    ],
)
def test_of_a_model_that_does_not_say_it_the_record_tells_so_once(reader, model, cause):
    tested = reader(model=model)
    events = played(Fixed(), tested)
    assert on_record(events, tested.name) == [("takes no action", cause)]
    assert set(shares(events)) == {0.01}


def test_the_guard_forgets_the_last_season_and_what_it_said_of_that():
    guard = NoveltyGuard()
    assert max(shares(played(Says(p=(0.01,)), guard))) < 0.01
    for _ in range(2):
        events = played(Fixed(), guard)
        assert set(shares(events)) == {0.01}
        assert [action for action, _ in on_record(events, guard.name)] == ["takes no action"]


@pytest.mark.parametrize("reader", [NoveltyGuard, NoveltyWatch])
def test_a_model_that_is_not_there_is_refused(reader):
    with pytest.raises(AgentError, match=r"model 'sayz': no model has that name; did you mean 'says'"):
        Agent("wrong", [Says(), reader(model="sayz"), Everything(), Level()])


@pytest.mark.parametrize("reader", [NoveltyGuard, NoveltyWatch])
def test_a_learner_by_name_that_is_not_to_say_it_is_refused(reader):
    line = r"model 'logistic' does not say how unusual its inputs are; set novelty = true on it"
    with pytest.raises(AgentError, match=line):
        Agent("wrong", [Logistic(), reader(model="logistic"), Everything(), Level()])


def test_of_several_models_the_one_that_is_named_is_judged_and_else_the_first_that_speaks():
    models = [("quiet", Coin()), ("good", Says()), ("bad", Says(p=(0.01,)))]

    def least(**given_):
        return min(
            shares(played(*[(n, type(m)(**m.model_dump())) for n, m in models], Average(), NoveltyGuard(**given_)))
        )

    assert least() == 0.01
    assert least(model="bad") == pytest.approx(0.002)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"p": (0.5, 1.5)}, r"Forecast of 'says' on '.*': novelty_p is 1\.5; rule: 0 to 1, or NaN for not known"),
        ({"p": (-0.5,)}, r"novelty_p is -0\.5; rule"),
        ({"cases": float("nan")}, r"novelty_cases is nan; rule: finite, and at least 0"),
        ({"cases": float("inf")}, r"novelty_cases is inf; rule: finite, and at least 0"),
    ],
)
def test_what_is_no_p_value_is_refused_in_a_line(said, line):
    with pytest.raises(MatchdayError, match=line):
        played(Says(**said), NoveltyGuard())


def test_a_play_of_shared_forecasts_is_guarded_alike():
    model = Logistic(**{**FEW, "features": ["ratings"], "minimum_matches": 100})
    agent = Agent("guarded", [model, Everything(), Level(), NoveltyGuard(p0=0.5), NoveltyWatch(p0=0.5)])
    season, cache = small_season(matchdays=3, history=40), ForecastCache()
    first = [encode(each) for each in play(agent, season)]
    for _ in range(2):
        assert [encode(each) for each in play(cache.lend(agent, season), season)] == first
    assert any("novelty-guard: ×" in line for line in first)


def test_a_fault_that_begins_in_mid_season_is_told_that_day_and_costs_the_stakes():
    class Misfed(Logistic):
        _since: int = PrivateAttr(default=6)

        def rows(self, day):
            rows = super().rows(day)
            return rows if day.number < self._since else 3 * rows

    chain = [NoveltyGuard(), NoveltyWatch(p0=0.05), Everything(), Level(share=0.01)]
    agent = Agent("misfed", [Misfed(**{**FEW, "features": ["ratings", "shots"]}), *chain])
    events = list(itertools.takewhile(lambda each: getattr(each, "matchday", 0) <= 8, play(agent, synthetic())))
    slips = {each.matchday: shares([each]) for each in of(SlipPlaced, events)}
    assert max(slips[6] + slips[7]) < 0.004
    assert np.mean(slips[5]) > 0.008
    told = [each.matchday for each in of(ActionTaken, events) if each.action == "unusual inputs"]
    matches = {each.matchday: len(each.forecast.probabilities) for each in of(ForecastMade, events)}
    assert told.count(6) == matches[6]


# --- the watch ---------------------------------------------------------------------------------------------------


def test_the_watch_tells_an_unusual_match_on_its_day_and_raises_the_alarm_the_next_morning():
    events = played(Says(p=(0.005, 0.9)), NoveltyWatch())
    ids = of(ForecastMade, events)[0].forecast.probabilities.index
    line = "inputs of 'says': p 0.005 of 200 past matches, most by code"
    first = [each for each in of(ActionTaken, events) if each.matchday == 1]
    assert (first[0].action, first[0].cause) == ("unusual inputs", f"{ids[0]}: {line}")
    said = [each.diagnosis for each in of(Diagnosed, events) if each.matchday == 2]
    assert [each.match_id for each in said] == list(ids)
    assert [(each.measure, each.value, each.alarm, each.message) for each in said[:2]] == [
        ("novelty_p", 0.005, True, line),
        ("novelty_p", 0.9, False, ""),
    ]
    assert not [each for each in of(Diagnosed, events) if each.matchday == 1]


def test_a_p_value_of_p0_itself_is_an_alarm():
    said = [each.diagnosis.alarm for each in of(Diagnosed, played(Says(p=(0.01, 0.0101)), NoveltyWatch(p0=0.01)))]
    assert said[:2] == [True, False]


def test_the_watch_changes_neither_forecasts_nor_stakes_and_says_the_same_when_asked_again():
    watch = NoveltyWatch()
    model = Says(p=(0.005,))
    plain, watched = played(Says(p=(0.005,))), played(model, watch)
    assert shares(plain) == shares(watched)
    day = matchdays(small_season(matchdays=3))[1]
    assert watch.diagnose(day) == watch.diagnose(day) != []


# --- the measurements --------------------------------------------------------------------------------------------


@pytest.fixture
def input_faults(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "examples"))
    return importlib.import_module("input_faults")


def test_cuts_are_dealt_match_by_match_within_a_season(input_faults):
    matches = [f"m{number}" for number in range(30)]
    bets = pd.DataFrame(
        [(match, side, "1" if k < 20 else "2", k / 10) for k, match in enumerate(matches) for side in ("home", "over")],
        columns=["match_id", "selection", "season", "left"],
    ).set_index(["match_id", "selection"])
    dealt = bets.assign(left=input_faults.shuffled(bets, np.random.default_rng(0)))
    by_match = dealt.groupby("match_id")["left"]
    assert (by_match.nunique() == 1).all()
    for season, before in bets.groupby("season"):
        after = dealt[dealt["season"] == season]
        assert sorted(after["left"]) == sorted(before["left"])
        assert list(after["left"]) != list(before["left"])


def test_a_matched_level_is_the_largest_that_so_few_sound_matches_have(input_faults):
    def said(p):
        return pd.DataFrame({"novelty_p": p}), pd.DataFrame({"share": [0.1], "left": [1.0]})

    sound, wrong = np.arange(100) / 100, np.array([0.0, 0.04, 0.1, 0.2])
    sound[5:9] = 0.05  # at which there would be nine of a hundred
    _, rows, notes = input_faults.noticed([{("m", "none"): said(sound), ("m", "tripled"): said(wrong)}])
    assert [row[4] for row in rows] == ["5.0 %", "50.0 %"]
    assert notes == ["Matched: p ≤ 0.040 (`m`), which at most 5 % of the sound matches have."]
