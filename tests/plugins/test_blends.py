"""Blends with the market: what the run's record earns a model, and what is said where something is missing."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles import Coin, Everything, Fixed, Level, small_season
from matchday import Agent, Catalogue, Rules, play
from matchday.encoding import encode
from matchday.errors import AgentError
from matchday.events import ActionTaken, ForecastMade, MatchdayOpened
from matchday.markets import MATCH_RESULT
from matchday.scoring import log_loss, winners
from matchday_plugins.ascent import Slope, ascend
from matchday_plugins.blends.benter import Benter, fit_weights, pool
from matchday_plugins.blends.hedge import Hedge, learned, mixed
from matchday_plugins.blends.stacking import Stacking, stack
from matchday_plugins.conditional_logit import Choices, Prior, fit_logit
from matchday_plugins.models.market import Market
from settling import RESULT, Theatre, beliefs, draw_winners, forecast_of

BLENDS = [Benter, Stacking, Hedge]
NOTHING = [np.nan] * 3


def prices_of(blend) -> np.ndarray:
    return blend.probabilities[RESULT].to_numpy()


def taught(blend, *, seed=0, days=40, per_day=5, models=("model",)) -> tuple[Theatre, np.random.Generator]:
    """Play a season in which the model is right and the market is not."""
    theatre, rng = Theatre(blend, models=models), np.random.default_rng(seed)
    for _ in range(days):
        truth, market = beliefs(rng, per_day, noise=0.5)
        theatre.play(market, draw_winners(truth, rng), **dict.fromkeys(models, truth))
    return theatre, rng


# --- all of them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blend", BLENDS)
def test_before_any_result_the_blend_is_the_market(blend):
    rng = np.random.default_rng(1)
    model, market = beliefs(rng, 4)
    day, said = Theatre(blend()).morning(market, model=model)
    fair = Market().forecast(day).probabilities
    pd.testing.assert_frame_equal(said.probabilities, fair, check_exact=True)
    assert said.source == blend().name and said.scores is None


@pytest.mark.parametrize("blend", BLENDS)
def test_a_model_that_is_right_where_the_market_is_not_comes_to_be_heard(blend):
    theatre, rng = taught(blend(), days=60)
    truth, market = beliefs(rng, 200, noise=0.5)
    _, said = theatre.morning(market, model=truth)
    error = np.abs(prices_of(said) - truth).mean()
    assert error < 0.9 * np.abs(market - truth).mean()


@pytest.mark.parametrize("blend", BLENDS)
def test_where_nothing_is_missing_or_everything_is_the_blend_is_coherent(blend):
    theatre, rng = taught(blend(), days=5)
    model, market = beliefs(rng, 4)
    model[0], market[1] = np.nan, np.nan
    model[2], market[2] = np.nan, np.nan
    said = prices_of(theatre.morning(market, model=model)[1])
    assert said[[0, 1, 3]].sum(axis=1) == pytest.approx(1.0) and np.isnan(said[2]).all()


@pytest.mark.parametrize("blend", BLENDS)
def test_a_match_without_an_opinion_is_the_markets_and_one_without_a_price_the_models_average(blend):
    theatre, rng = taught(blend(), days=5, models=("one", "other"))
    one, market = beliefs(rng, 3)
    other, _ = beliefs(rng, 3)
    one[0], other[0], market[1:] = np.nan, np.nan, np.nan
    other[2] = np.nan
    said = prices_of(theatre.morning(market, one=one, other=other)[1])
    np.testing.assert_allclose(said, [market[0], (one[1] + other[1]) / 2, one[2]], atol=0.02)
    np.testing.assert_allclose(said[1:], [(one[1] + other[1]) / 2, one[2]], atol=1e-12)
    if blend is not Benter:  # whose β need not be 1
        np.testing.assert_allclose(said[0], market[0], atol=1e-12)


@pytest.mark.parametrize("blend", BLENDS)
def test_the_price_may_be_that_of_a_named_forecast(blend):
    theatre, rng = Theatre(blend(market="sharp"), models=("model", "sharp")), np.random.default_rng(0)
    model, market = beliefs(rng, 3)
    sharp, _ = beliefs(rng, 3)
    _, said = theatre.morning(market, model=model, sharp=sharp)
    np.testing.assert_array_equal(prices_of(said), sharp)


@pytest.mark.parametrize("blend", BLENDS)
def test_a_price_that_nobody_forecasts_is_an_error_that_names_the_remedy(blend):
    with pytest.raises(AgentError, match="market 'modle': no model has that name; did you mean 'model'"):
        Theatre(blend(market="modle")).morning([[0.5, 0.3, 0.2]], model=[[0.5, 0.3, 0.2]])


@pytest.mark.parametrize("blend", BLENDS)
def test_without_any_model_the_blend_is_the_market(blend):
    theatre = Theatre(blend(), models=())
    for _ in range(3):
        said = theatre.play([[0.5, 0.3, 0.2]], [0])
        np.testing.assert_allclose(said[RESULT], [[0.5, 0.3, 0.2]], atol=0.02)


@pytest.mark.parametrize("blend", BLENDS)
def test_forecasts_of_0_and_of_1_do_no_harm(blend):
    theatre = Theatre(blend())
    for won in (0, 1, 2, 0):
        said = theatre.play([[0.5, 0.3, 0.2]] * 2, [won, 0], model=[[1.0, 0.0, 0.0], [0.4, 0.6, 0.0]])
        assert said[RESULT].sum(axis=1).tolist() == pytest.approx([1.0, 1.0])
    assert (said[RESULT] > 0.0).all(axis=None)


@pytest.mark.parametrize("blend", BLENDS)
def test_a_price_of_0_does_no_harm(blend):
    theatre = Theatre(blend(market="sharp"), models=("model", "sharp"))
    for won in (0, 1, 2, 2):
        sharp = [[0.5, 0.5, 0.0], [0.4, 0.3, 0.3]]
        said = theatre.play([[0.5, 0.3, 0.2]] * 2, [won, 0], model=[[0.4, 0.4, 0.2]] * 2, sharp=sharp)
        assert said[RESULT].sum(axis=1).tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("blend", BLENDS)
def test_the_same_morning_asked_twice_has_the_same_blend(blend):
    theatre, rng = taught(blend(), days=3)
    model, market = beliefs(rng, 3)
    _, once = theatre.morning(market, model=model)
    again = theatre.agent.opinion(theatre.day)[1]
    pd.testing.assert_frame_equal(once.probabilities, again.probabilities, check_exact=True)
    before = len(theatre.listeners[0]._record)
    theatre.evening([0, 1, 2])
    assert len(theatre.listeners[0]._record) == before + 3


@pytest.mark.parametrize("blend", BLENDS)
def test_weights_are_forgotten_when_the_next_season_opens(blend):
    season = small_season()
    agent = Agent("a", [("coin", Coin()), ("fixed", Fixed()), blend(), Everything(), Level(share=0.001)])
    assert [encode(e) for e in play(agent, season)] == [encode(e) for e in play(agent, season)]


@pytest.mark.parametrize("blend", BLENDS)
def test_the_blend_does_not_depend_on_the_bankroll(blend):
    def said(bankroll):
        agent = Agent("a", [("coin", Coin()), blend(), Everything(), Level(share=0.01)])
        return [encode(e) for e in play(agent, small_season(), Rules(bankroll=bankroll)) if isinstance(e, ForecastMade)]

    assert said(100.0) == said(1_000_000.0)


@pytest.mark.parametrize("blend", BLENDS)
def test_a_taught_blend_survives_pickling_and_copying(blend):
    theatre, rng = taught(blend(), days=6)
    model, market = beliefs(rng, 3)
    day, said = theatre.morning(market, model=model)
    for twin in (pickle.loads(pickle.dumps(theatre.listeners[0])), copy.deepcopy(theatre.listeners[0])):
        again = twin.blend(day, [forecast_of(day, model, "model")])
        pd.testing.assert_frame_equal(again.probabilities, said.probabilities, check_exact=True)


@pytest.mark.parametrize("blend", BLENDS)
def test_weights_can_be_read_and_are_on_record_when_they_move(blend):
    component = blend()
    assert component.fitted == {}
    theatre, _ = taught(component, days=60)
    assert list(component.fitted) == ["match_result"] if blend is not Hedge else "match_result" in component.fitted
    actions = theatre.agent.drain()
    assert all(each.component == component.name and each.action.startswith("weighed match_res") for each in actions)
    assert 1 <= len(actions) < 60 and "model" in actions[-1].action and "settled matches" in actions[-1].cause


@pytest.mark.parametrize("blend", BLENDS)
def test_an_agent_within_an_agent_blends_what_its_own_models_say(blend):
    season = small_season()
    inner = Agent("inner", [("coin", Coin()), blend(), Everything(), Level()])
    outer = Agent("outer", [inner, ("fixed", Fixed()), blend(), Everything(), Level(share=0.001)])
    events = list(play(outer, season))
    sources = {e.forecast.source for e in events if isinstance(e, ForecastMade) and not e.blended}
    assert sources == {"inner", "fixed"}
    assert len(inner.components[blend().name]._record) == len(season.played)
    assert all(e.component == blend().name for e in events if isinstance(e, ActionTaken))


def test_on_a_real_season_the_blend_is_better_than_the_model_and_as_good_as_the_market(football_data):
    catalogue = Catalogue()
    season = catalogue.load("source", "football-data")(data=football_data, history=3).season("2012-13")
    listed = [catalogue.component("dixon-coles")(), Benter(), Everything(), Level(share=0.001)]
    made, fair, market = {True: [], False: []}, [], Market()
    for event in play(Agent("a", listed), season, Rules(without_bet="off")):
        if isinstance(event, MatchdayOpened):
            fair.append(market.forecast(event.day).probabilities)
        if isinstance(event, ForecastMade):
            made[event.blended].append(event.forecast.probabilities)
    won = winners(season.played)
    losses = [log_loss(pd.concat(said)[RESULT].to_numpy(), won).mean() for said in (made[True], made[False], fair)]
    blended, model, price = losses
    assert blended < model and blended < price + 0.003


# --- benter ------------------------------------------------------------------------------------------------------


def test_known_weights_are_found_within_their_standard_errors():
    rng = np.random.default_rng(5)
    true, misses = np.array([0.3, 0.15, 0.6]), []
    for _ in range(20):
        q, one = beliefs(rng, 2000)
        _, other = beliefs(rng, 2000)
        won = draw_winners(pool(np.stack([one, other]), q, true), rng)
        free = Prior(np.zeros(3), np.zeros(3), np.full(3, -np.inf))
        fit = fit_weights([one, other], q, won, prior=free)
        assert fit.converged
        misses.append((fit.weights - true) / fit.standard_error)
    misses = np.array(misses)
    assert np.abs(misses.mean(axis=0)).max() < 0.7  # 3 / sqrt(20)
    assert 0.6 < misses.std() < 1.4


def test_the_weights_are_the_mode_of_the_posterior():
    rng = np.random.default_rng(2)
    q, f = beliefs(rng, 50)
    won = draw_winners(f, rng)
    prior = Prior(np.array([0.1, 0.9]), np.array([40.0, 90.0]), np.zeros(2))

    def posterior(theta):
        away = theta - prior.mean
        return -log_loss(pool(f[None], q, theta), won).sum() - 0.5 * (prior.precision * away) @ away

    best = fit_weights([f], q, won, prior=prior).weights
    around = [posterior(best + step) for step in 1e-3 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1]])]
    assert posterior(best) > max(around)


@given(seed=st.integers(0, 2**32 - 1))
def test_no_model_is_ever_bet_against(seed):
    rng = np.random.default_rng(seed)
    q, f = beliefs(rng, 30)
    _, g = beliefs(rng, 30)
    prior = Prior(np.array([0.0, 0.0, 1.0]), np.full(3, 1.0), np.zeros(3))
    fit = fit_weights([f, g], q, draw_winners(q, rng), prior=prior)
    assert fit.converged and (fit.weights >= 0.0).all()


def test_a_model_that_is_worse_than_nothing_has_weight_0():
    rng = np.random.default_rng(3)
    q, truth = beliefs(rng, 500)
    contrary = q**2 / truth  # errs where the market does, and twice as far
    contrary /= contrary.sum(axis=1, keepdims=True)
    prior = Prior(np.array([0.0, 1.0]), np.full(2, 100.0), np.zeros(2))
    fit = fit_weights([contrary], q, draw_winners(truth, rng), prior=prior)
    assert fit.weights[0] == 0.0 and fit.weights[1] == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("blend", [Benter, Stacking])
def test_a_model_of_one_market_has_no_weight_in_the_other(blend):
    theatre = Theatre(blend(), models=("one", "both"))
    for _ in range(3):
        theatre.play([[0.5, 0.3, 0.2, 0.6, 0.4]], [0], one=[[0.4, 0.3, 0.3]], both=[[0.4, 0.3, 0.3, 0.7, 0.3]])
    fitted = theatre.listeners[0].fitted["total_goals_2_5"]
    assert list(fitted.weights.index if blend is Benter else fitted) == ["both", "price"]


def test_a_firm_prior_keeps_to_the_market_and_a_loose_one_to_the_results():
    weights = {}
    for sd in (0.001, 0.1, 10.0):
        blend = Benter(weight_sd=sd)
        taught(blend)
        weights[sd] = blend.fitted["match_result"].weights["weight"]
    assert weights[0.001]["model"] < 0.01 and weights[0.001]["price"] == pytest.approx(1.0, abs=0.01)
    assert weights[0.001]["model"] < weights[0.1]["model"] < weights[10.0]["model"]
    assert weights[10.0]["model"] == pytest.approx(1.0, abs=0.35)


def test_a_prior_weight_of_the_models_is_theirs_together_from_the_first_morning():
    rng = np.random.default_rng(4)
    one, market = beliefs(rng, 3)
    other, _ = beliefs(rng, 3)
    _, said = Theatre(Benter(weight=0.4), models=("one", "other")).morning(market, one=one, other=other)
    raw = market**0.6 * one**0.2 * other**0.2
    np.testing.assert_allclose(prices_of(said), raw / raw.sum(axis=1, keepdims=True))


def test_a_model_that_has_been_silent_so_far_adds_nothing_to_the_price_whatever_its_prior_weight():
    theatre, prices = Theatre(Benter(weight=0.5)), [[0.5, 0.3, 0.2, 0.6, 0.4]]
    for _ in range(3):
        said = theatre.play(prices, [0], model=[[0.5, 0.3, 0.2]])
        np.testing.assert_allclose(said[["over_2_5", "under_2_5"]].to_numpy(), [[0.6, 0.4]], atol=0.02)
    theatre = Theatre(Benter(weight=1.0))
    for _ in range(5):
        theatre.play([[0.5, 0.3, 0.2]], [0], model=[NOTHING])
    said = theatre.play([[0.5, 0.3, 0.2]], [0], model=[[0.2, 0.3, 0.5]])
    np.testing.assert_allclose(said[RESULT].to_numpy(), [[0.5, 0.3, 0.2]], atol=0.06)


def test_the_readable_weights_have_standard_errors_and_the_number_of_matches():
    blend = Benter()
    taught(blend, days=10, per_day=3)
    fitted = blend.fitted["match_result"]
    assert fitted.matches == 30 and list(fitted.weights.index) == ["model", "price"]
    assert (fitted.weights["standard_error"] < 0.1).all()  # never more than the prior's


# --- stacking ----------------------------------------------------------------------------------------------------


def test_the_weights_of_a_known_mixture_are_found():
    rng = np.random.default_rng(6)
    q, f = beliefs(rng, 20_000, noise=1.0)
    _, g = beliefs(rng, 20_000, noise=1.0)
    true = np.array([0.5, 0.2, 0.3])
    p = np.stack([f, g, q])
    won = draw_winners(np.einsum("m,mnk->nk", true, p), rng)
    np.testing.assert_allclose(stack(p, won), true, atol=0.04)


@given(seed=st.integers(0, 2**32 - 1), prior_cases=st.sampled_from([0.0, 20.0, 500.0]))
def test_no_other_weights_on_the_simplex_would_do_better(seed, prior_cases):
    rng = np.random.default_rng(seed)
    q, f = beliefs(rng, 25)
    g, h = beliefs(rng, 25)
    p, won = np.stack([f, g, h, q]), draw_winners(f, rng)
    w = stack(p, won, prior_cases=prior_cases)
    assert (w >= 0.0).all() and w.sum() == pytest.approx(1.0)
    t = np.eye(3)[won] + prior_cases / 25 * q
    pull = np.einsum("mnk,nk->m", p, t / np.einsum("m,mnk->nk", w, p))
    assert pull.max() <= t.sum() + 1e-3  # Kuhn and Tucker


def test_the_prior_holds_the_weights_to_the_market():
    weights = []
    for cases in (0.0, 1000.0, 1e6):
        blend = Stacking(prior_cases=cases)
        taught(blend)
        weights.append(blend.fitted["match_result"]["model"])
    assert weights == sorted(weights, reverse=True) and weights[0] > 0.9 and weights[-1] < 0.01


def test_a_winner_that_nobody_thought_possible_teaches_nothing():
    p = np.array([[[0.5, 0.5, 0.0]] * 3, [[0.6, 0.4, 0.0]] * 3])
    np.testing.assert_allclose(stack(p, np.array([2, 2, 0])), stack(p[:, :1], np.array([0])), atol=1e-6)
    assert stack(p, np.array([2, 2, 2])).tolist() == [0.0, 1.0]


# --- hedge -------------------------------------------------------------------------------------------------------


def cumulative_losses(p, won, prior, *, rate, per_day):
    """Answer the total log-loss of the mixture, and of each forecast, over days of so many matches."""
    w, total = prior, 0.0
    for start in range(0, len(won), per_day):
        day, what = p[:, start : start + per_day], won[start : start + per_day]
        total += log_loss(mixed(w, day, otherwise=day[0]), what).sum()
        w = learned(w, day, what, rate=rate)
    return total, np.array([log_loss(each, won).sum() for each in p])


@given(seed=st.integers(0, 2**32 - 1), models=st.integers(2, 6))
def test_the_regret_never_exceeds_the_logarithm_of_the_number_of_forecasts(seed, models):
    rng = np.random.default_rng(seed)
    p, won = rng.dirichlet([0.5, 0.5, 0.5], size=(models, 40)), rng.integers(0, 3, 40)
    blend, each = cumulative_losses(p, won, np.full(models, 1 / models), rate=1.0, per_day=1)
    assert blend <= each.min() + np.log(models) + 1e-9


@given(seed=st.integers(0, 2**32 - 1), per_day=st.integers(2, 10))
def test_the_regret_is_bounded_for_whole_matchdays_at_a_rate_of_one_a_day(seed, per_day):
    rng = np.random.default_rng(seed)
    p, won = rng.dirichlet([0.5, 0.5, 0.5], size=(3, 60)), rng.integers(0, 3, 60)
    prior = np.array([0.1, 0.2, 0.7])
    blend, each = cumulative_losses(p, won, prior, rate=1.0 / per_day, per_day=per_day)
    assert (blend <= each - per_day * np.log(prior) + 1e-9).all()


def test_at_a_rate_of_1_the_weights_are_bayesian_posteriors():
    rng = np.random.default_rng(8)
    p, won, prior = rng.dirichlet([1, 1, 1], size=(3, 10)), rng.integers(0, 3, 10), np.array([0.2, 0.3, 0.5])
    likelihood = np.prod(p[:, np.arange(10), won], axis=1)
    np.testing.assert_allclose(learned(prior, p, won), prior * likelihood / (prior * likelihood).sum())


def test_who_has_no_opinion_loses_and_gains_as_the_blend_does():
    w = np.array([0.5, 0.25, 0.25])
    p = np.array([[NOTHING], [[0.6, 0.2, 0.2]], [[0.2, 0.4, 0.4]]])
    after = learned(w, p, np.array([0]))
    assert after[0] == pytest.approx(0.5) and after[1] / after[2] == pytest.approx(3.0)
    np.testing.assert_allclose(mixed(w, p, otherwise=p[1]), [[0.4, 0.3, 0.3]])


def test_who_called_the_winner_impossible_is_heard_again_only_by_switching():
    impossible = np.array([[[0.5, 0.5, 0.0]], [[0.4, 0.4, 0.2]]])
    assert learned(np.array([0.9, 0.1]), impossible, np.array([2])).tolist() == [0.0, 1.0]
    for switching, back in ((0.0, False), (0.1, True)):
        hedge = Hedge(switching=switching)
        theatre = Theatre(hedge)
        theatre.play([[0.5, 0.3, 0.2]], [2], model=[[0.6, 0.4, 0.0]])
        assert (hedge.fitted["match_result"]["model"] > 0.0) == back


def test_all_wrong_of_something_teaches_nothing():
    p = np.array([[[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]], [[0.4, 0.0, 0.6], [0.5, 0.5, 0.0]]])
    w = np.array([0.3, 0.7])
    assert learned(w, p, np.array([2, 2])).tolist() == pytest.approx([0.0, 1.0])  # the second match nobody had
    assert learned(w, p, np.array([1, 1])).tolist() == w.tolist()


def test_switching_follows_a_change_of_fortune_faster():
    late = {}
    for switching in (0.0, 0.05):
        hedge, rng = Hedge(switching=switching, market_weight=0.5), np.random.default_rng(1)
        theatre = Theatre(hedge)
        for number in range(80):
            truth, other = beliefs(rng, 5, noise=0.6)
            market, model = (truth, other) if number < 50 else (other, truth)
            theatre.play(market, draw_winners(truth, rng), model=model)
        late[switching] = hedge.fitted["match_result"]["model"]
    assert late[0.05] > 0.4 > 0.1 > late[0.0]


# --- the solvers -------------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 6))
def test_the_maximum_within_the_bounds_satisfies_kuhn_and_tucker(seed, size):
    rng = np.random.default_rng(seed)
    root, peak = rng.standard_normal((size, size)), rng.standard_normal(size)
    curvature = root @ root.T + 0.1 * np.eye(size)

    def slope(w):
        return Slope(-0.5 * (w - peak) @ curvature @ (w - peak), -curvature @ (w - peak), curvature)

    summit = ascend(slope, np.ones(size), np.zeros(size))
    gradient = slope(summit.weights).gradient
    assert summit.converged and (summit.weights >= 0.0).all()
    assert (gradient <= 1e-3).all() and np.abs(gradient[summit.weights > 0.0]).max(initial=0.0) <= 1e-3


def test_a_weight_of_which_the_data_say_nothing_stays_at_its_prior():
    choices = Choices(np.zeros((5, 3, 1)), np.eye(3)[[0, 1, 2, 0, 0]], np.zeros((5, 3)))
    fit = fit_logit(choices, Prior(np.array([0.7]), np.array([4.0]), np.array([-np.inf])))
    assert fit.weights.tolist() == [0.7] and fit.standard_error == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("blend", "bad"),
    [
        (Benter, {"weight_sd": 0}),
        (Benter, {"weight": 2}),
        (Stacking, {"prior_cases": -1}),
        (Hedge, {"market_weight": 0}),
    ],
)
def test_parameters_out_of_range_are_refused(blend, bad):
    with pytest.raises(ValueError, match="should be"):
        blend(**bad)


def test_a_record_without_a_market_of_goals_leaves_that_market_to_the_models():
    theatre = Theatre(Benter())
    for _ in range(3):
        said = theatre.play([[0.5, 0.3, 0.2]], [0], model=[[0.4, 0.3, 0.3, 0.7, 0.3]])
    assert said[["over_2_5", "under_2_5"]].to_numpy().tolist() == [[0.7, 0.3]]
    assert "total_goals_2_5" not in theatre.listeners[0].fitted
    assert MATCH_RESULT.name in theatre.listeners[0].fitted
